"""`seatrial contract lint` and `seatrial contract diff` on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from harness.say import say

_File = Annotated[Path, typer.Argument(metavar="FILE", help="Python that makes a Contract.")]


def lint(file: _File) -> None:
    """Tell all that is wrong with the contracts of a file, with its lines. Reads no source.

    Exit code 2 if one of them cannot be judged.
    """
    from harness.onboarding.contract_lint import lint as lint_file
    from harness.onboarding.contract_lint import require_good

    linted = lint_file(file)
    for line in linted.lines:
        say(line)
    require_good(linted, file)


def diff(
    before: Annotated[Path, typer.Argument(metavar="A", help="The version that is relied on.")],
    now: Annotated[Path, typer.Argument(metavar="B", help="The version to compare with it.")],
) -> None:
    """Tell what B promises less, more and other than A, and whether it breaks who relies on A.

    Exit code 1 if it does, 2 if a contract cannot be judged.
    """
    from harness.onboarding.contract_versions import compare

    told = compare(before, now)
    for line in told.lines:
        say(line)
    if told.is_breaking:
        raise typer.Exit(1)
