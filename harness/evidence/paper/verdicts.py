"""What was not tested, and what was: every verdict of the newest run once, worst first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from harness.evidence import page
from harness.evidence.evidence import Evidence
from harness.evidence.paper.cells import cell, paragraph, pill, rows
from harness.evidence.runs import EvidenceRun
from harness.policy.words import describe
from harness.report import failed_rules, tasks, words
from harness.report.document import Block, Bullets, Code, Row, Section, Strong, Table
from harness.report.summary import where
from harness.result import Judged


def sections(evidence: Evidence) -> Iterator[Section]:
    """Both, in this order."""
    newest = evidence.newest
    shown = {} if newest is None else dict(zip(newest.judged, _each(newest), strict=True))
    found = page.worst_first(newest.judged if newest else ())
    untested = [one for one in found if one.verdict.outcome in page.UNTESTED]
    tested = [one for one in found if one.verdict.outcome not in page.UNTESTED]
    undecided = [shown[one] for one in untested]
    yield Section("What was not tested", "untested", tuple(_untested(evidence, undecided)))
    decided = [shown[one] for one in tested]
    yield Section("What was tested", "tested", tuple(_tested(decided, tested)))


def _untested(evidence: Evidence, undecided: Sequence[Row]) -> Iterator[Block]:
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
    if unfinished := [one for one in evidence.runs if one.judges and one.because]:
        yield Table(
            caption="Runs that began and did not finish.",
            heads=("Night", "Run", "State", "Because"),
            widths=(1, 2, 1, 3),
            rows=rows(
                (one.night.isoformat(), Code(one.header.run), Strong(one.state), one.because)
                for one in unfinished
            ),
        )
    if undecided:
        yield _table("Verdicts that were planned, and that no evidence decides.", undecided)
    newest = evidence.newest
    if newest and newest.owed > len(newest.judged):
        asked = Strong(f"{len(newest.judged)} of {newest.owed}")
        yield paragraph("The newest run was asked for ", asked, " verdicts that the pilot owes.")


def _tested(decided: Sequence[Row], tested: Sequence[Judged]) -> Iterator[Block]:
    if not decided:
        yield paragraph("Nothing: no verdict of the window is decided.")
        return
    yield _table("The newest run. What stands in the way comes first.", decided)
    yield from (_failed(one) for one in tested if one.verdict.failed_rules)


def _each(run: EvidenceRun) -> Iterator[Row]:
    """A row for each verdict, in the plan's order, under the anchor that tasks name."""
    for place, (one, seq) in enumerate(zip(run.judged, run.verdict_seq, strict=True)):
        yield _verdict(one, seq, tasks.anchor(place))


def _verdict(one: Judged, seq: int | None, anchor: str) -> Row:
    verdict = one.verdict
    entry = "no entry" if seq is None else f"entry {words.count(seq)}"
    how = (f"n = {words.count(verdict.n)}", verdict.method, verdict.basis, one.evidence_class)
    because = f"{verdict.because} ({' · '.join((*how, entry))})"
    of = (Strong(one.planned.claim), " of ", Code(where(one.planned)))
    said = (because, verdict.expected, verdict.observed)
    return Row((cell(pill(verdict.outcome)), of, *map(cell, said)), anchor)


def _table(caption: str, found: Sequence[Row]) -> Table:
    return Table(
        caption=caption,
        heads=("Outcome", "Claim", "Because", "Expected", "Observed"),
        widths=(1.15, 1.5, 3, 1.7, 1.9),
        rows=tuple(found),
    )


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
