"""Proving a pilot from end to end: run, verdicts and report in one folder."""

from __future__ import annotations

from pathlib import Path

from harness.atomic_write import replace
from harness.progress import Progress, silent
from harness.report import html, verdicts_json
from harness.result import Result
from harness.run.boxed import boxed
from harness.run.config import RunConfig
from harness.run.lifecycle import finish, running
from harness.run.reconcile import reconcile
from harness.run.sources import prove_sources
from harness.run.workplace import Workplace
from harness.say import complain
from harness.signals import held


def prove(
    config: RunConfig, *, progress: Progress = silent, workplace: Workplace = boxed
) -> Result:
    """Prove what is planned and write `verdicts.json` and `report.html`."""
    with running(config, progress=progress, workplace=workplace) as run:
        prove_sources(run)
        reconcile(run)
        with held():  # finished, and with its report; or interrupted, and with none
            result = finish(run)
            publish(result, config.published)
    if missed := run.teller.beat(result):
        complain(missed)
    return result


def publish(result: Result, to: tuple[Path, Path]) -> None:
    """Write what programs and people read of a result."""
    verdicts, report = to
    verdicts_json.write(result, verdicts)
    replace(report, html.render(result))
