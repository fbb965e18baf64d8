"""What a person is about to sign, in plain words: how it came out, what was not tested, who
excused what; pure. The same lines stand on the page that is signed by hand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from harness.claims.wording import count
from harness.evidence import covered
from harness.evidence.evidence import Evidence
from harness.evidence.page import NEVER, nights_line, practice, without_a_whole_run
from harness.policy.state import state
from harness.policy.words import describe
from harness.report import summary
from harness.result import Judged
from harness.signoff.nights import Night
from harness.verdict import GOOD


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One question of a person who signs, with its answer."""

    heading: str
    lines: tuple[str, ...]


def sections(evidence: Evidence, night: Night | None, judged: tuple[Judged, ...]) -> list[Section]:
    """In the order in which people ask."""
    return [
        Section(heading="What this is", lines=tuple(_what(evidence, night))),
        Section(heading="How it came out", lines=tuple(_outcomes(night, judged))),
        Section(heading="What people excused", lines=tuple(_excused(judged))),
        Section(heading="What was not tested", lines=tuple(_not_tested(evidence))),
        Section(heading="What was agreed before", lines=tuple(_agreed(evidence))),
    ]


def _what(evidence: Evidence, night: Night | None) -> Iterator[str]:
    yield f"{evidence.title}: pilot {evidence.pilot}, environment {evidence.environment}"
    window = evidence.window
    yield f"nights {window.first} to {window.last}, counted in {evidence.zone}"
    if night is not None:
        classes = night.signed.classes
        yield f"newest run {night.run}; its evidence is from {' and '.join(classes)} systems"
    if practised := practice(evidence):
        yield practised


def _outcomes(night: Night | None, judged: tuple[Judged, ...]) -> Iterator[str]:
    if night is None or not judged:
        yield "nothing was proven"
        return
    if night.lacking:
        yield night.lacking
    counted = Counter(one.outcome for one in judged)
    told = ", ".join(f"{counted[one]} {one}" for one in summary.WORST_FIRST if counted[one])
    bad = [one for one in judged if one.outcome not in GOOD]
    ready = "READY" if not bad and not night.lacking else "NOT READY"
    yield f"{ready}: of {count(len(judged), 'verdict')}, {told}"
    for one in bad:
        said = one.verdict.because
        yield f"{one.outcome}: {one.planned.claim} of {summary.where(one.planned)}: {said}"


def _excused(judged: tuple[Judged, ...]) -> Iterator[str]:
    excused = [one for one in judged if one.excuse is not None]
    if not excused:
        yield "nothing"
    for one in excused:
        assert one.excuse is not None
        by = one.excuse
        yield (
            f"{one.planned.claim} of {summary.where(one.planned)} is {one.original}; {by.by} as "
            f"{by.role} signed a {by.kind} until {by.until:%Y-%m-%d}: {by.reason}"
        )


def _not_tested(evidence: Evidence) -> Iterator[str]:
    for what, because in NEVER:
        yield f"{what}: {because}"
    yield covered.sentence(covered.rows(evidence))
    missed = without_a_whole_run(evidence)
    if not evidence.census.nights:
        yield nights_line(evidence.census)
    elif missed:
        yield f"{count(len(missed), 'night')} that were owed have no whole run"


def _agreed(evidence: Evidence) -> Iterator[str]:
    yield from describe(
        state(evidence.own, pilot=evidence.pilot, environment=evidence.environment)
    )
