"""A file that cannot be read is told by its name, and is no matter of the log-in: whole runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from connectors.files.connector import Files, FileSet
from connectors.files.formats.parquet import Parquet
from connectors.files.stores import Store
from harness.claims import authenticated
from harness.verdict import Outcome
from tests.connectors.bucket_fixture import bucket
from tests.connectors.drop_fixture import drop
from tests.truth.situation import NUMBER, Ground, Trial, contract


@pytest.fixture(scope="module")
def ground() -> Iterator[Ground]:
    with Ground() as made:
        yield made


@pytest.fixture(scope="module", params=["sftp", "s3"])
def place(request: pytest.FixtureRequest) -> Iterator[tuple[Store, Path]]:
    if request.param == "sftp":
        with drop() as running:
            yield running.store(), running.folder.parent
    else:
        with bucket() as running_bucket:
            yield running_bucket.s3(), running_bucket.root


def trial(ground: Ground, place: tuple[Store, Path], folder: str, broken: int) -> Trial:
    """Three files, of which one is cut."""
    store, root = place
    (root / folder).mkdir()
    for number in (1, 2, 3):
        path = root / folder / f"{number}.parquet"
        pq.write_table(pa.table({"id": [number]}), path)
        if number == broken:
            path.write_bytes(path.read_bytes()[:-9])
    it = FileSet(f"{folder}/*.parquet", Parquet())
    files = Files(store=store, datasets={"it": it}, stranger_allowed=True)
    return Trial(ground=ground, connector=files, contracts=(contract("it", {"id": NUMBER}),))


@pytest.mark.parametrize("broken", [1, 2, 3])
def test_each_claim_on_the_dataset_names_it_and_the_log_in_stays_proven(
    ground: Ground,
    place: tuple[Store, Path],
    broken: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without the guard the log-in is blamed."""
    made = trial(ground, place, f"broken-{broken}", broken)
    for claim in ("complete", "conforms", "fresh", "arrives", "stable_schema"):
        verdict = made.prove(claim=claim)
        assert verdict.outcome is Outcome.ERROR, claim
        assert f"{broken}.parquet: it is cut" in verdict.because
    verdict = made.prove(claim="authenticated")
    assert verdict.outcome is Outcome.PROVEN, verdict.because
    assert "1 of them with a file that cannot be read" in verdict.because
    monkeypatch.setattr(authenticated, "_has_a_broken_file", lambda _: False)
    assert made.prove(claim="authenticated").outcome is Outcome.ERROR
