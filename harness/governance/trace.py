"""One decision, followed to the data that it was made of; pure.

decision ─▶ fields of the model ─▶ columns of contracts ─▶ data set ─▶ reading, by its SHA-256

Every break on the way is named. Which decision is followed is chance, and anybody can repeat it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from harness.facts import Reading
from harness.governance.decision_log import Decision
from harness.governance.known import Known
from harness.governance.lineage import Graph


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One reading in the ledger."""

    run: str
    slot: date
    seq: int
    """Its entry's place in the ledger."""
    at: datetime
    """When it was over."""
    sha256: str
    contract: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """One data set that the decision was made of."""

    dataset: str
    columns: tuple[str, ...]
    given: str
    """The SHA-256 that the decision names."""
    read: Read | None
    """The reading whose data are those; None if the ledger has none."""
    newest: Read | None
    """The newest reading of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """One decision with all that it rests on."""

    decision: Decision
    of: int
    """Decisions in the log."""
    model: str
    fields: tuple[tuple[str, tuple[str, ...]], ...]
    """Each field of the model, with its columns."""
    data: tuple[Followed, ...]
    gaps: tuple[str, ...]
    """Where it cannot be followed, one sentence each; empty if it can from end to end."""


def chosen(seed: int, among: int) -> int:
    """The place of the decision that a seed chooses, from 0 on: SHA-256 of `SEED:NUMBER`, as a
    whole number, by its remainder. `among` is at least 1.
    """
    return int.from_bytes(sha256(f"{seed}:{among}".encode()).digest()) % among


def trace(known: Known, graph: Graph, decision: Decision, *, of: int) -> Trace:
    """Follow a decision that keeps the format of the log."""
    graph = graph.given
    data = tuple(_followed(known, graph, decision, *where) for where in graph.datasets)
    return Trace(
        decision=decision,
        of=of,
        model=graph.model,
        fields=tuple(
            (field.name, tuple(one.name for one in field.origins)) for field in graph.fields
        ),
        data=data,
        gaps=(*_gaps_of_columns(graph), *_gaps(decision, data)),
    )


def _followed(
    known: Known, graph: Graph, decision: Decision, source: str, dataset: str
) -> Followed:
    given = decision.record["data"][f"{source}.{dataset}"]
    reads = list(_reads(known, source, dataset))
    return Followed(
        dataset=f"{source}.{dataset}",
        columns=tuple(
            one.column for one in graph.origins if (one.source, one.dataset) == (source, dataset)
        ),
        given=given,
        read=next((one for one in reversed(reads) if one.sha256 == given), None),
        newest=reads[-1] if reads else None,
    )


def _reads(known: Known, source: str, dataset: str) -> Iterator[Read]:
    for run in known.evidence.runs if known.evidence else ():
        for entry in run.facts:
            fact = entry.fact
            if not isinstance(fact, Reading) or (fact.source, fact.dataset) != (source, dataset):
                continue
            if fact.sha256 is not None and fact.failure is None:
                yield Read(
                    run=run.header.run,
                    slot=fact.slot,
                    seq=entry.seq,
                    at=entry.at,
                    sha256=fact.sha256,
                    contract=entry.origin.contract,
                )


def _gaps_of_columns(graph: Graph) -> Iterator[str]:
    for one in graph.origins:
        if one.wrong:
            yield f"{one.name}: {one.wrong}"
        elif not one.read:
            yield f"{one.name} is not in the newest reading"


def _gaps(decision: Decision, data: Sequence[Followed]) -> Iterator[str]:
    decided = datetime.fromisoformat(decision.record["time"])
    for one in data:
        if one.read is None:
            yield f"{one.dataset}: the record has no reading of the data that the decision names"
            continue
        if one.read.contract != decision.record["contracts"][one.dataset]:
            yield f"{one.dataset}: those data were held against another contract than it names"
        if decided < one.read.at:
            yield f"{one.dataset}: those data were read after the decision"
