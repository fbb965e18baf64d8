"""What a command that judges prints at its end."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from harness.say import say

if TYPE_CHECKING:
    from harness.result import Result


def end(
    result: Result, report: Path, *, json: Path | None, junit: Path | None, quietly: bool
) -> NoReturn:
    """Print the outcome, write it where else it was asked for, and end with its exit code."""
    from harness import verdict
    from harness.atomic_write import BY_UMASK, replace
    from harness.report import junit as junit_report
    from harness.report import verdicts_json

    _show(result, report, quietly=quietly)
    if json is not None:
        verdicts_json.write(result, json, mode=BY_UMASK)
    if junit is not None:
        replace(junit, junit_report.render(result), mode=BY_UMASK)
    raise typer.Exit(verdict.exit_code([j.outcome for j in result.judged]))


def _show(result: Result, report: Path, *, quietly: bool) -> None:
    """The table and where the report is; quietly, only what somebody must act on."""
    from rich.console import Console

    from harness.report import quiet, terminal

    if quietly:
        for line in quiet.lines(result, report):
            say(line)
        return
    terminal.print_table(result, Console())
    say(f"Open the report: {report}")
