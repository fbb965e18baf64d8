"""A file that cannot be read is told by its name, and is no matter of the log-in: whole runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from connectors.files.connector import Files
from connectors.files.file_set import FileSet
from connectors.files.formats.parquet import Parquet
from connectors.files.stores import Store
from harness.claims import authenticated, wholeness
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
def test_the_others_are_judged_and_nothing_on_the_rows_is_proven(
    ground: Ground, place: tuple[Store, Path], broken: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each verdict names the file. Without the guard the rest would pass for the whole."""
    made = trial(ground, place, f"one-{broken}", broken)
    told = f"1 of 3 files could not be read to the end: {broken}.parquet: it is cut"
    for claim, outcome in (
        ("complete", Outcome.BROKEN),
        ("conforms", Outcome.UNPROVEN),
        ("stable_schema", Outcome.UNPROVEN),
    ):
        verdict = made.prove(claim=claim)
        assert verdict.outcome is outcome, verdict.because
        assert told in verdict.because
    assert made.prove(claim="authenticated").outcome is Outcome.PROVEN
    monkeypatch.setattr(wholeness, "unreadable", lambda _: [])
    assert made.prove(claim="conforms").outcome is Outcome.PROVEN


def test_a_fault_in_the_other_files_is_found_beside_it(
    ground: Ground, place: tuple[Store, Path]
) -> None:
    made = trial(ground, place, "fault", 2)
    pq.write_table(pa.table({"id": ["three"]}), place[1] / "fault" / "3.parquet")
    verdict = made.prove(claim="conforms")
    assert verdict.outcome is Outcome.BROKEN
    assert "id: 1 of 2 rows fail" in verdict.because


def test_where_no_file_can_be_read_the_reading_fails_and_the_log_in_stays_proven(
    ground: Ground, place: tuple[Store, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the guard the log-in is blamed."""
    made = trial(ground, place, "all", 1)
    for number in (2, 3):
        (place[1] / "all" / f"{number}.parquet").write_bytes(b"PAR1")
    for claim in ("complete", "conforms", "fresh", "arrives", "stable_schema"):
        verdict = made.prove(claim=claim)
        assert verdict.outcome is Outcome.ERROR, claim
        assert "1.parquet: it is cut" in verdict.because
    verdict = made.prove(claim="authenticated")
    assert verdict.outcome is Outcome.PROVEN, verdict.because
    assert "1 of them with a file that cannot be read" in verdict.because
    monkeypatch.setattr(authenticated, "_has_a_broken_file", lambda _: False)
    assert made.prove(claim="authenticated").outcome is Outcome.ERROR
