"""What changed between two runs, on a terminal of 80 columns. No text is cut, and no meaning is in
colour alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from harness.evidence.compare import Change, Compared, Said, Side
from harness.report.summary import where
from harness.report.terminal import CLAIM_WIDTH, COLOURS, OUTCOME_WIDTH
from harness.say import visible

_ARROW = "\N{RIGHTWARDS ARROW}"
_ABSENT = "-"


def print_changes(compared: Compared, console: Console) -> None:
    """Print each change under its source or dataset, in the plan's order, then the sums and what
    both are.
    """
    for place, here in groupby(compared.changes, key=lambda one: where(one.planned)):
        console.print(Text(visible(place), style="bold"))
        for one in here:
            console.print(Padding(_change(one), (0, 0, 0, 2)))
        console.print()
    for line in told(compared):
        console.print(Text(visible(line), overflow="fold"))


def told(compared: Compared) -> Iterator[str]:
    """What changed in sum, and between which runs."""
    before, now = compared.before, compared.now
    all_of_them = len(compared.changes) + sum(compared.same.values())
    ways = ", ".join(f"{n} {way.value}" for way, n in compared.counts.items())
    same = ", ".join(f"{n} {outcome}" for outcome, n in compared.same.items())
    yield f"{len(compared.changes)} of {all_of_them} changed{': ' * bool(ways)}{ways}"
    yield f"as before: {same or 'nothing'}"
    yield from _notes(before, now)
    for one in (before, now):
        yield _headline(one)


def _notes(before: Side, now: Side) -> Iterator[str]:
    """What else differs, and may be the reason."""
    if before.environment != now.environment:
        yield f"two environments: {before.environment} and {now.environment}"
    if None not in (before.code, now.code) and before.code != now.code:
        yield f"judged by two versions: {before.code} and {now.code}"
    both = before.contracts.keys() & now.contracts.keys()
    if other := sorted(one for one in both if before.contracts[one] != now.contracts[one]):
        yield f"judged by another contract: {', '.join(other)}"
    for one in (before, now):
        if (n := len(one.verdicts)) < one.owed:
            yield f"{one.name} was asked for {n} of {one.owed} verdicts"


def _headline(side: Side) -> str:
    ready = "READY" if side.ready else "NOT READY"
    return f"{side.name}: {ready}, {side.pilot} ({side.environment}), slot {side.slot}"


def _change(one: Change) -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0), expand=True)
    grid.add_column(width=2 * OUTCOME_WIDTH + len(_ARROW) + 2, no_wrap=True)
    grid.add_column(width=CLAIM_WIDTH, overflow="fold")
    grid.add_column(ratio=1, overflow="fold")
    grid.add_row(_step(one), Text(visible(one.planned.claim)), Text(visible(_because(one))))
    return grid


def _step(one: Change) -> Text:
    """From one outcome to the other: `BROKEN → PROVEN`, `- → PROVEN`, `BROKEN` as before."""
    before, now = _outcome(one.before), _outcome(one.now)
    if one.before and one.now and one.before.outcome is one.now.outcome:
        return Text.assemble(before, " as before")
    return Text.assemble(before, f" {_ARROW} ", now)


def _outcome(said: Said | None) -> Text:
    return Text(_ABSENT) if said is None else Text(said.outcome, style=COLOURS[said.outcome])


def _because(one: Change) -> str:
    """B's reason, and what else of its evidence is another."""
    if one.now is None:
        return f"Not judged there. It was: {one.before.because}" if one.before else ""
    if one.before is None:
        return one.now.because
    kinds = (
        (str(one.before.evidence_class), str(one.now.evidence_class)),
        (str(one.before.basis), str(one.now.basis)),
    )
    others = [f"{old} before, {new} now" for old, new in kinds if old != new]
    return " ".join((*(f"Evidence: {other}." for other in others), one.now.because))
