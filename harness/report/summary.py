"""A result in a few words, the same in every form for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from harness.facts import EvidenceClass
from harness.jumps import in_words
from harness.report.words import instant
from harness.result import Judged, Planned, RecordedMiss, Result
from harness.verdict import GOOD, Outcome

PRACTICE = "Practice: these facts come from simulated sources."

WORST_FIRST = (
    Outcome.BROKEN,
    Outcome.ERROR,
    Outcome.UNPROVEN,
    Outcome.NOT_RUN,
    Outcome.STALE,
    Outcome.WAIVED,
    Outcome.PROVEN,
)


def where(planned: Planned) -> str:
    """`crm` for a claim about a source, `crm.customers` for one about a dataset."""
    return planned.source if planned.dataset is None else f"{planned.source}.{planned.dataset}"


def worst_first(result: Result) -> list[Judged]:
    """Every verdict once, worst outcome first; in the plan's order within an outcome."""
    return sorted(result.judged, key=lambda judged: WORST_FIRST.index(judged.outcome))


def counts(judged: Iterable[Judged]) -> list[tuple[Outcome, int]]:
    """Each outcome that occurs, with its number, worst first."""
    seen = Counter(one.outcome for one in judged)
    return [(outcome, seen[outcome]) for outcome in WORST_FIRST if seen[outcome]]


def practice(classes: Iterable[EvidenceClass]) -> str:
    """What every page of practice says first; empty where all systems are real."""
    return PRACTICE if EvidenceClass.SIMULATED in classes else ""


def evidence_classes(result: Result) -> list[EvidenceClass]:
    """The evidence classes of the verdicts, each once."""
    seen = {judged.evidence_class for judged in result.judged}
    return [known for known in EvidenceClass if known in seen]


def headline(result: Result) -> str:
    """READY or NOT READY, then pilot, environment and night."""
    word = "READY" if result.ready else "NOT READY"
    return f"{word}: {result.pilot} ({result.environment}), slot {result.slot.isoformat()}"


def stands(judged: Collection[Judged], name: str, at: datetime) -> str:
    """READY or NOT READY, then whose verdicts they are, how many, and when that was so."""
    ready = bool(judged) and all(one.outcome in GOOD for one in judged)
    word = "READY" if ready else "NOT READY"
    return f"{word}: {name}, {len(judged)} verdicts as they stand at {instant(at)}"


def missed_lines(misses: Iterable[RecordedMiss]) -> list[str]:
    """A line for each night that did not run."""
    return [
        f"{one.missed.schedule} {one.missed.night} {one.missed.outcome}: {one.missed.because}, "
        f"due {instant(one.missed.due_at)}"
        for one in misses
    ]


def clock_line(result: Result) -> str | None:
    """What to think of the run's times, where the clock was set; None where it was not."""
    if not result.clock_jump:
        return None
    how = in_words(result.clock_jump)
    return f"This machine's clock was {how} during the run: its times date nothing."


def plan_line(result: Result) -> str:
    """The numbers of planned and executed verdicts, and why they differ."""
    if result.planned == result.executed:
        return f"planned {result.planned} = executed {result.executed}"
    uncovered = len(result.uncovered)
    missed = result.planned - result.executed - result.omitted - uncovered
    reasons = (
        (missed, "did not run"),
        (uncovered, "not covered by a contract"),
        (result.omitted, "not asked for"),
    )
    gaps = [f"{number} {why}" for number, why in reasons if number]
    return f"planned {result.planned}, executed {result.executed}: {', '.join(gaps)}"


def reason(result: Result) -> str:
    """One sentence: why the result is ready or not."""
    if not result.judged:
        return "Nothing was planned, so nothing is proven."
    if result.omitted:
        asked = len(result.judged)
        return (
            f"This run was asked for {asked} of {result.planned} verdicts: a part is never ready."
        )
    if result.ready:
        return "Every planned verdict is PROVEN or WAIVED."
    obstacles = sum(judged.outcome not in GOOD for judged in result.judged)
    verb = "stands" if obstacles == 1 else "stand"
    return f"{obstacles} of {result.planned} planned verdicts {verb} in the way."


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The claims about one source or dataset, whatever their outcome."""

    where: str
    planned: tuple[str, ...]
    executed: int
    not_planned: tuple[str, ...]
    """Claims about other sources (or datasets) of this pilot, but not about this one; why not,
    where the pilot says it."""
    covered: bool
    """Whether there is a contract to hold against it."""


def coverage(result: Result) -> list[Coverage]:
    """Each source and dataset in the plan's order, with planned and unplanned claims."""
    places: dict[tuple[str, str | None], list[Judged]] = {}
    alike: dict[bool, dict[str, None]] = {True: {}, False: {}}
    for judged in result.judged:
        planned = judged.planned
        places.setdefault((planned.source, planned.dataset), []).append(judged)
        alike[planned.dataset is None][planned.claim] = None
    covered = []
    for (_, dataset), here in places.items():
        asked = tuple(dict.fromkeys(judged.planned.claim for judged in here))
        ran = [judged for judged in here if judged.original is not Outcome.NOT_RUN]
        covered.append(
            Coverage(
                where=where(here[0].planned),
                planned=asked,
                executed=len(ran),
                not_planned=tuple(
                    _unasked(alike[dataset is None], asked, here[0].planned, result)
                ),
                covered=here[0].planned not in result.uncovered,
            )
        )
    return covered


def _unasked(
    elsewhere: Iterable[str], asked: Sequence[str], at: Planned, result: Result
) -> Iterator[str]:
    """The claims that are asked elsewhere and not here, and those that are not planned here."""
    own = [one for one in result.not_planned if at.dataset is None and one.source == at.source]
    yield from (f"{one.claim}, not planned because {one.because}" for one in own)
    known = {*asked, *(one.claim for one in own)}
    yield from (claim for claim in elsewhere if claim not in known)
