"""Rows kept for comparing are those that were read, and are removed."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from estate.lifecycle import Running
from harness.run.lifecycle import finish
from harness.run.reconcile import reconcile
from harness.run.sources import prove_sources
from harness.verdict import Outcome
from tests.harness.run.reconciled import opened_run
from tests.harness.run.reconciling import overlapping


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return overlapping(tmp_path_factory.mktemp("pilot"))


def test_rows_that_were_changed_after_they_were_read_are_not_counted(
    estate: Running, folder: Path, tmp_path: Path
) -> None:
    """They are the same rows here, and whole: only the digest tells."""
    with opened_run(folder, tmp_path, estate.environ) as open_run:
        prove_sources(open_run)
        landed = open_run.landing_path("crm", "customers")
        pq.write_table(pq.read_table(landed), landed)
        [judged] = reconcile(open_run)
        finish(open_run)
    assert judged.verdict.outcome is Outcome.ERROR


def test_rows_kept_for_comparing_are_gone_when_the_run_is_interrupted(
    estate: Running, folder: Path, tmp_path: Path
) -> None:
    def interrupted() -> None:
        with opened_run(folder, tmp_path, estate.environ) as open_run:
            prove_sources(open_run)
            assert open_run.landing_path("crm", "customers").exists()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not (tmp_path / "landed").exists()
