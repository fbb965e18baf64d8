"""The verdicts on a terminal, in 80 columns. No text is cut, and no meaning is in colour alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from harness.report import excused, failed_rules, summary
from harness.report.summary import counts, headline, plan_line, practice, where
from harness.result import Judged, Result
from harness.say import visible
from harness.timetable import describe_all
from harness.verdict import GOOD, Outcome

COLOURS = {
    Outcome.PROVEN: "green",
    Outcome.BROKEN: "bold red",
    Outcome.UNPROVEN: "yellow",
    Outcome.ERROR: "bold magenta",
    Outcome.NOT_RUN: "yellow",
    Outcome.STALE: "yellow",
    Outcome.WAIVED: "cyan",
}
OUTCOME_WIDTH = max(len(outcome) for outcome in Outcome)
CLAIM_WIDTH = 16


def print_table(result: Result, console: Console) -> None:
    """Print every verdict under its source or dataset, in the plan's order, then sums
    and READY.
    """
    print_verdicts(result.judged, console)
    console.print(Text(plan_line(result)))
    console.print(_sums(result.judged))
    for line in result.untold:
        console.print(Text(visible(f"not told: {line}"), style="bold red"))
    if (clock := summary.clock_line(result)) is not None:
        console.print(Text(clock, style="bold red"))
    for line in summary.missed_lines(result.missed):
        console.print(Text(visible(line), style="yellow"))
    for name, says in describe_all(result.schedules, result.ended_at):
        console.print(Text(visible(f"{name} {says}")))
    _practice(result.judged, console)
    style = "bold green" if result.ready else "bold red"
    console.print(Text(visible(headline(result)), style=style))


def print_standing(judged: Sequence[Judged], without_effect: Iterable[str], head: str) -> None:
    """Print how a pilot stands: every verdict, the amendments that have no effect, and a line."""
    console = Console()
    print_verdicts(judged, console)
    for line in without_effect:
        console.print(Text(visible(line), style="yellow"))
    console.print(_sums(judged))
    _practice(judged, console)
    ready = GOOD.issuperset(one.outcome for one in judged)
    console.print(Text(visible(head), style="bold green" if ready else "bold red"))


def print_verdicts(judged: Sequence[Judged], console: Console) -> None:
    """Print every verdict under its source or dataset."""
    told = zip(judged, told_once(judged), strict=True)
    for place, here in groupby(told, key=lambda one: where(one[0].planned)):
        console.print(Text(visible(place), style="bold"))
        for one, because in here:
            console.print(Padding(_verdict(one, because), (0, 0, 0, 2)))
            if (beside := excused.line(one)) is not None:
                text = Text(visible(beside), style=COLOURS[one.outcome], overflow="fold")
                console.print(Padding(text, (0, 0, 0, 4)))
            for depth, line in failed_rules.lines(one.verdict):
                text = Text(visible(line), overflow="fold")
                console.print(Padding(text, (0, 0, 0, 4 + 2 * depth)))
        console.print()


def told_once(judged: Iterable[Judged]) -> Iterator[str]:
    """The reason of each verdict. What kept several claims from being judged is told at the first
    one; the others refer to its place.
    """
    told = dict[str, str]()
    for one in judged:
        because, place = one.verdict.because, where(one.planned)
        if one.original is Outcome.ERROR and because in told:
            of = "" if told[because] == place else f" as {told[because]}"
            yield f"for the same reason{of}"
            continue
        if one.original is Outcome.ERROR:
            told[because] = place
        yield because


def _verdict(one: Judged, because: str) -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0), expand=True)
    grid.add_column(width=OUTCOME_WIDTH, no_wrap=True)
    grid.add_column(width=CLAIM_WIDTH, overflow="fold")
    grid.add_column(ratio=1, overflow="fold")
    outcome = one.outcome
    grid.add_row(
        Text(outcome, style=COLOURS[outcome]),
        Text(visible(one.planned.claim)),
        Text(visible(because)),
    )
    return grid


def _practice(judged: Iterable[Judged], console: Console) -> None:
    if told := practice(one.evidence_class for one in judged):
        console.print(Text(told, style="yellow"))


def _sums(judged: Iterable[Judged]) -> Text:
    sums = [
        Text(f"{number} {outcome}", style=COLOURS[outcome]) for outcome, number in counts(judged)
    ]
    return Text(", ").join(sums)
