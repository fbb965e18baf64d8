"""Proving a pilot from end to end: plan, run, verdicts and report in one folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from harness.atomic_write import replace
from harness.clock import Clock
from harness.pilot.model import LoadedPilot
from harness.pilot.plan import plan
from harness.progress import Progress
from harness.report import html, verdicts_json
from harness.result import Result
from harness.run.reconcile import reconcile
from harness.run.run import finish, running
from harness.run.source import prove_sources


def prove(  # noqa: PLR0913 - what, where, for which night, of what, into which folder
    loaded: LoadedPilot,
    *,
    environment: str,
    slot: date,
    out: Path,
    environ: Mapping[str, str],
    clock: Clock,
    progress: Progress,
    datasets: Sequence[str] = (),
    claims: Sequence[str] = (),
    ledger: str | None = None,
) -> Result:
    """Prove what is planned and write `out/verdicts.json` and `out/report.html`."""
    planned = plan(loaded.pilot, datasets=datasets, claims=claims)
    with running(
        loaded,
        environment=environment,
        slot=slot,
        planned=planned,
        out=out,
        environ=environ,
        clock=clock,
        ledger=ledger,
    ) as run:
        prove_sources(run, progress=progress)
        reconcile(run, progress=progress)
        result = finish(run)
    publish(result, out)
    return result


def publish(result: Result, out: Path) -> None:
    """Write what people and programs read of a result."""
    verdicts_json.write(result, out / "verdicts.json")
    replace(out / "report.html", html.render(result))
