"""Groups facts as a reader looks for them: by source, then dataset, then reading.

A planned dataset has its place even if nothing was observed, and an observed one even if nothing
was planned.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from contracts.evaluation import Evaluation, Profile, Reference
from harness.claims.drifts import Finding, compare
from harness.facts import (
    Baseline,
    ContractProblem,
    Declaration,
    Fact,
    Overlap,
    Probed,
    Reading,
    Register,
)
from harness.report.rests import Known, Place
from harness.result import Judged, Result


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluatedReading:
    """One reading with the counts of its contract's rules."""

    reading: Reading
    evaluation: Evaluation | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetSection:
    """Everything about one dataset."""

    name: str
    judged: tuple[Judged, ...]
    reads: tuple[EvaluatedReading, ...]
    overlaps: tuple[Overlap, ...]
    reference: Reference | None
    """The profile that its values were compared with."""
    findings: tuple[Finding, ...]
    """The comparisons; empty if the values were not counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSection:
    """Everything about one source; `judged` has the claims about the source itself."""

    name: str
    judged: tuple[Judged, ...]
    registers: tuple[Register, ...]
    probed: tuple[Probed, ...]
    datasets: tuple[DatasetSection, ...]


def by_source(result: Result) -> list[SourceSection]:
    """Every planned or observed source, in the plan's order."""
    reads = _reads(result)
    names = [judged.planned.source for judged in result.judged]
    names += [_place(fact)[0] for fact in result.facts if not isinstance(fact, Evaluation)]
    return [
        SourceSection(
            name=name,
            judged=_judged(result, name, None),
            registers=tuple(
                f for f in result.facts if isinstance(f, Register) and f.source == name
            ),
            probed=tuple(f for f in result.facts if isinstance(f, Probed) and f.source == name),
            datasets=_datasets(result, name, [r for r in reads if r.reading.source == name]),
        )
        for name in dict.fromkeys(names)
    ]


def strays(result: Result) -> list[Evaluation]:
    """Evaluations that match no single reading; the report still shows them."""
    paired = {id(read.evaluation) for read in _reads(result)}
    return [f for f in result.facts if isinstance(f, Evaluation) and id(f) not in paired]


def places(sources: Sequence[SourceSection]) -> dict[Place, str]:
    """The id on the page of each source and dataset."""
    found: dict[Place, str] = {}
    for s, source in enumerate(sources, 1):
        found[source.name, None] = f"s{s}"
        for d, dataset in enumerate(source.datasets, 1):
            found[source.name, dataset.name] = f"s{s}d{d}"
    return found


def known(result: Result) -> Iterator[Known]:
    """Each fact with what it is about, but for evaluations of which that cannot be said."""
    for read in _reads(result):
        place = read.reading.source, read.reading.dataset
        yield _known(*place, read.reading)
        if read.evaluation is not None:
            yield _known(*place, read.evaluation)
    for fact in result.facts:
        if isinstance(fact, Profile | Reference):
            yield _known(*_place(fact), fact)
        elif not isinstance(fact, Reading | Evaluation):
            yield _known(fact.source, getattr(fact, "dataset", None), fact)


def _known(source: str, dataset: str | None, fact: Fact) -> Known:
    return Known(source=source, dataset=dataset, fact=fact, seq=None)


def _datasets(
    result: Result, source: str, reads: list[EvaluatedReading]
) -> tuple[DatasetSection, ...]:
    planned = [j.planned.dataset for j in result.judged if j.planned.source == source]
    names = [name for name in planned if name is not None]
    names += [read.reading.dataset for read in reads]
    overlaps = [f for f in result.facts if isinstance(f, Overlap) and f.source == source]
    names += [overlap.dataset for overlap in overlaps]
    sketches = [f for f in result.facts if isinstance(f, Profile | Reference)]
    names += [name for fact in sketches if (name := _place(fact)[1]) and _place(fact)[0] == source]
    return tuple(
        DatasetSection(
            name=name,
            judged=_judged(result, source, name),
            reads=tuple(read for read in reads if read.reading.dataset == name),
            overlaps=tuple(overlap for overlap in overlaps if overlap.dataset == name),
            reference=(reference := _last(Reference, result, (source, name))),
            findings=compare(reference.profile, profile)
            if reference and (profile := _last(Profile, result, (source, name)))
            else (),
        )
        for name in dict.fromkeys(names)
    )


_Placed: TypeAlias = (
    Reading
    | Declaration
    | Profile
    | Reference
    | Probed
    | Register
    | Baseline
    | Overlap
    | ContractProblem
)
_Sketch = TypeVar("_Sketch", Profile, Reference)


def _last(kind: type[_Sketch], result: Result, place: tuple[str, str]) -> _Sketch | None:
    return next(
        (f for f in reversed(result.facts) if isinstance(f, kind) and _place(f) == place), None
    )


def _place(fact: _Placed) -> tuple[str, str | None]:
    """The source of a fact, and the dataset of a profile or reference."""
    if isinstance(fact, Reference):
        return _place(fact.profile)
    if isinstance(fact, Profile):
        source, _, dataset = fact.dataset.partition(".")  # no name contains a dot
        return source, dataset
    return fact.source, None


def _judged(result: Result, source: str, dataset: str | None) -> tuple[Judged, ...]:
    place = (source, dataset)
    return tuple(j for j in result.judged if (j.planned.source, j.planned.dataset) == place)


def _reads(result: Result) -> list[EvaluatedReading]:
    # An evaluation follows its reading but does not name its source, and sources are read in
    # parallel. If readings of two sources could match, it stays a stray: we never guess.
    reads: list[EvaluatedReading] = []
    for fact in result.facts:
        if isinstance(fact, Reading):
            reads.append(EvaluatedReading(reading=fact, evaluation=None))
        elif isinstance(fact, Evaluation):
            waiting = [place for place, read in enumerate(reads) if _awaits(read, fact)]
            if len({reads[place].reading.source for place in waiting}) == 1:
                reads[waiting[-1]] = EvaluatedReading(
                    reading=reads[waiting[-1]].reading, evaluation=fact
                )
    return reads


def _awaits(read: EvaluatedReading, evaluation: Evaluation) -> bool:
    whole = read.reading.failure is None
    return whole and read.evaluation is None and read.reading.dataset == evaluation.dataset
