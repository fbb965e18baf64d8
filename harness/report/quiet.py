"""What a mail of cron needs: nothing where all is well, else what is not, and where to read on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from harness.report import excused
from harness.report.summary import headline, missed_lines, where, worst_first
from harness.result import Result
from harness.verdict import GOOD


def lines(result: Result, report: Path) -> Iterator[str]:
    """The verdicts that are not good, the nights that this run has found missed, and whoever could
    not be told. Nothing else: a run with none of these has no line.
    """
    wrong = [one for one in worst_first(result) if one.outcome not in GOOD]
    new = result.newly_missed
    if not wrong and not new and not result.untold:
        return
    yield headline(result)
    for one in wrong:
        of = f"{one.outcome} {where(one.planned)} {one.planned.claim}"
        yield f"{of}: {excused.because(one)}"
    yield from missed_lines(new)
    for line in result.untold:
        yield f"not told: {line}"
    yield f"report: {report}"
