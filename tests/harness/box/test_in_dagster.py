"""Dagster's steps work in boxes as the command line does."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from harness.dagster import keys
from harness.pilot import loading
from tests.harness.box.hostile import SECRETS, hostile
from tests.harness.dagster_proven import run


@pytest.mark.attempt(4)
def test_a_child_that_dies_fails_the_checks_of_its_dataset_alone(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    """The controls are those of test_dying.py: the run's own process would end."""
    loaded = loading.load(hostile(tmp_path, "before", "segfaults", "after"))
    proven = run(loaded, instance, tmp_path / "out", SECRETS)
    passed = {
        (e.asset_key.path[-1], e.check_name): e.passed
        for e in proven.result.get_asset_check_evaluations()
    }
    for claim in ("complete", "conforms"):
        assert not passed["segfaults", claim]
        assert passed["before", claim]
        assert passed["after", claim]
    of_it = keys.proven(loaded.pilot, "it", "segfaults")
    assert "SIGSEGV" in str(proven.metadata(of_it))
