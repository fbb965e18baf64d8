"""What a command that judges prints at its end."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from harness.say import say

if TYPE_CHECKING:
    from harness.result import Result


def show(result: Result, report: Path, *, quietly: bool) -> None:
    """The table and where the report is; quietly, only what somebody must act on."""
    from rich.console import Console

    from harness.report import quiet, terminal

    if quietly:
        for line in quiet.lines(result, report):
            say(line)
        return
    terminal.print_table(result, Console())
    say(f"Open the report: {report}")
