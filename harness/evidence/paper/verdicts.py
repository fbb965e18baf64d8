"""What was not tested, and what was: every verdict of the newest run once, worst first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from harness.evidence import page
from harness.evidence.evidence import Evidence
from harness.evidence.paper.cells import paragraph, pill, rows
from harness.evidence.runs import State
from harness.policy.words import describe
from harness.report import excused, failed_rules, words
from harness.report.document import (
    Block,
    Bullets,
    Code,
    Line,
    Link,
    Note,
    Row,
    Run,
    Section,
    Strong,
    Table,
    Words,
)
from harness.report.frame import Group, Shown
from harness.report.summary import where
from harness.result import Judged


def untested(evidence: Evidence, found: Sequence[Group], title: str) -> Section:
    """What no claim tests, what was missed, and what no evidence decides."""
    return Section(title, "untested", tuple(_missing(evidence)), _parts(found))


def tested(found: Sequence[Group], title: str) -> Section:
    """What evidence decides."""
    says = (
        "The newest run. What stands in the way comes first."
        if found
        else "Nothing: no verdict of the window is decided."
    )
    return Section(title, "tested", (paragraph(says),), _parts(found))


def _missing(evidence: Evidence) -> Iterator[Block]:
    yield Table(
        caption="No claim of this version speaks of these.",
        heads=("Not tested", "Because"),
        widths=(1, 4),
        rows=rows((Strong(what), because) for what, because in page.NEVER),
    )
    if not evidence.census.nights:
        yield paragraph(page.nights_line(evidence.census))
    yield paragraph("What was agreed before anything was read, and what became of it:")
    yield Bullets(tuple((line.strip(),) for line in describe(page.policy_state(evidence))))
    if missed := page.without_a_whole_run(evidence):
        yield Table(
            caption="Nights that were owed and have no whole run. What was read later says "
            "nothing about them.",
            heads=("Night", "Schedule", "Outcome", "Because"),
            widths=(1, 1, 1, 3),
            rows=rows(
                (one.night.isoformat(), one.schedule, pill(one.outcome), one.because)
                for one in missed
            ),
        )
    if unfinished := [one for one in evidence.runs if one.state is not State.FINISHED]:
        yield Table(
            caption="Runs that began and did not finish.",
            heads=("Night", "Run", "State", "Because"),
            widths=(1, 2, 1, 3),
            rows=rows(
                (one.night.isoformat(), Code(one.header.run), Strong(one.state), one.because)
                for one in unfinished
            ),
        )
    newest = evidence.newest
    if newest and newest.owed > len(newest.judged):
        asked = Strong(f"{len(newest.judged)} of {newest.owed}")
        yield paragraph("The newest run was asked for ", asked, " verdicts that the pilot owes.")


def _parts(found: Sequence[Group]) -> tuple[Section, ...]:
    return tuple(
        Section(
            f"{words.count(len(one.shown))} {one.outcome}",
            f"outcome-{one.outcome}",
            (_table(one), *_failed_of(one)),
        )
        for one in found
    )


def _table(group: Group) -> Table:
    return Table(
        caption="Each verdict, and the facts that it rests on by their places in the ledger.",
        heads=("Claim", "Because, and the facts that it rests on", "Expected", "Observed"),
        widths=(1.7, 4.4, 1.5, 1.6),
        rows=tuple(map(_verdict, group.shown)),
    )


def _verdict(shown: Shown) -> Row:
    judged, verdict = shown.judged, shown.judged.verdict
    of: Words = (pill(judged.outcome), " ", Strong(judged.planned.claim), " of ")
    cells: tuple[Words, ...] = (
        (*of, Code(where(judged.planned))),
        tuple(_because(shown)),
        (verdict.expected,),
        (verdict.observed,),
    )
    return Row(cells, shown.anchor)


def _because(shown: Shown) -> Iterator[Run]:
    judged, verdict = shown.judged, shown.judged.verdict
    how = (f"n = {words.count(verdict.n)}", verdict.method, verdict.basis, judged.evidence_class)
    yield verdict.because
    if beside := excused.line(judged):
        yield Line(beside)
    yield Note(" · ".join(how))
    yield from map(Note, shown.rests or ["It rests on no fact."])
    if shown.place:
        yield " · "
        yield Link("all readings", shown.place)


def _failed_of(group: Group) -> Iterator[Table]:
    return (_failed(one.judged) for one in group.shown if one.judged.verdict.failed_rules)


def _failed(judged: Judged) -> Table:
    return Table(
        caption=f"Of {where(judged.planned)}. A row's number is its place in the landed file. Its "
        "key and values are shown as far as the contract allows.",
        heads=("Rule", "Rows that fail, the first of them", "Next step"),
        widths=(1.4, 2.4, 2),
        rows=rows(
            (
                failed_rules.headline(rule),
                "; ".join(map(failed_rules.sample, rule.samples)) or "none is shown",
                rule.next_step,
            )
            for rule in judged.verdict.failed_rules
        ),
    )
