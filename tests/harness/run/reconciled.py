"""A run of the one claim `reconciles`, proven or held open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from harness.facts import Reading
from harness.ledger.ledger import utc_now
from harness.pilot import loading
from harness.pilot.plan import plan
from harness.result import Result
from harness.run.config import RunConfig
from harness.run.lifecycle import running
from harness.run.prove import prove
from harness.run.run import Run
from harness.run.slot import slot

KEYS = 1_500
"""Customers of the estate."""


def proven(
    folder: Path,
    out: Path,
    environ: Mapping[str, str],
    *,
    datasets: Sequence[str] = (),
    claims: Sequence[str] = ("reconciles",),
) -> Result:
    loaded = loading.load(folder)
    result = prove(
        RunConfig(
            loaded=loaded,
            environment="dev",
            slot=slot(None, zone=loaded.zone, now=utc_now()),
            planned=plan(loaded.pilot, datasets=datasets, claims=claims),
            out=out,
            environ=environ,
        )
    )
    assert not (out / "landed").exists()
    assert len(result.judged) == result.executed
    return result


def read(result: Result) -> list[str]:
    return [f"{f.source}.{f.dataset}" for f in result.facts if isinstance(f, Reading)]


def opened_run(folder: Path, out: Path, environ: Mapping[str, str]) -> AbstractContextManager[Run]:
    """Of the one reconciliation of customers."""
    loaded = loading.load(folder)
    return running(
        RunConfig(
            loaded=loaded,
            environment="dev",
            slot=slot(None, zone=loaded.zone, now=utc_now()),
            planned=plan(loaded.pilot, datasets=["crm.customers"], claims=["reconciles"]),
            out=out,
            environ=environ,
        )
    )
