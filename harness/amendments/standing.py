"""How a pilot stands at a moment, over all its runs: the newest verdict on each claim; pure.

    entries, plan, amendments, moment ─▶ for each planned verdict: outcome, original, who signed

A verdict whose evidence is older than `validity` allows is STALE. What nobody judged is NOT_RUN.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import msgspec

from harness import tags
from harness.amendments.effect import excuse
from harness.amendments.records import Amendment
from harness.claims import stable_schema, stable_values
from harness.claims.judge import not_run
from harness.facts import EvidenceClass
from harness.ledger.body import decoded
from harness.ledger.chain import Entry
from harness.ledger.promised import place, promises_in
from harness.pilot.amendment_settings import Validity
from harness.result import Judged, Planned, RecordedVerdict, Stale
from harness.verdict import Outcome

NEVER = "no run has judged it yet"
_DRIFT = frozenset({stable_schema.CLAIM.name, stable_values.CLAIM.name})
_AGES = frozenset({Outcome.PROVEN, Outcome.BROKEN, Outcome.UNPROVEN})
"""Outcomes that rest on evidence, which grows old."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Newest:
    """The newest verdict on a claim."""

    recorded: RecordedVerdict
    contract: str | None
    """The digest of what it was held against; None where its run recorded none."""


@dataclass(slots=True, kw_only=True)
class Known:
    """What the ledger holds of one pilot in one environment."""

    newest: dict[Planned, Newest] = field(default_factory=dict)
    uncovered: tuple[Planned, ...] = ()
    """What the newest whole run also planned: datasets without a contract."""


class _Started(msgspec.Struct):
    pilot: str
    environment: str
    planned: tuple[Planned, ...] = ()
    job: str = "prove"
    promises: Mapping[str, str] = {}


def gather(
    entries: Iterable[Entry], owed: Sequence[Planned], *, pilot: str, environment: str
) -> Known:
    """Read the entries. Raises Unreadable, a ValueError, for a body that does not read."""
    entries = list(entries)
    contracts = {one.promises.digest: one.promises.contract for one in promises_in(entries)}
    known, held = Known(), dict[str, Mapping[str, str]]()
    for entry in entries:
        if entry.kind == "started":
            started = decoded(entry, _Started)
            if (started.pilot, started.environment) == (pilot, environment):
                held[entry.run] = started.promises
                if started.planned and set(owed) <= set(started.planned):
                    known.uncovered = tuple(p for p in started.planned if p not in set(owed))
        elif entry.kind == tags.VERDICT and entry.run in held:
            one = decoded(entry, RecordedVerdict)
            digest = held[entry.run].get(place(one.source, one.dataset), "")
            known.newest[one.planned] = Newest(recorded=one, contract=contracts.get(digest))
    return known


def age(claim: str, validity: Validity) -> timedelta:
    """How old the evidence of a claim may be."""
    return validity.drift if claim in _DRIFT else validity.rest


def stale(recorded: RecordedVerdict, validity: Validity, at: datetime) -> Stale | None:
    """Since when a verdict is too old to count; None while it is not."""
    since = recorded.at + age(recorded.verdict.claim, validity)
    return Stale(since=since) if recorded.verdict.outcome in _AGES and at >= since else None


def standing(
    known: Known,
    owed: Sequence[Planned],
    amendments: Sequence[Amendment],
    at: datetime,
    *,
    validity: Validity,
) -> tuple[Judged, ...]:
    """Each verdict that the pilot owes, as it stands at a moment, in the plan's order."""
    return tuple(
        _judged(planned, known.newest.get(planned), amendments, at, validity)
        for planned in (*owed, *known.uncovered)
    )


def _judged(
    planned: Planned,
    newest: Newest | None,
    amendments: Sequence[Amendment],
    at: datetime,
    validity: Validity,
) -> Judged:
    if newest is None:
        verdict = replace(not_run(planned.claim), because=NEVER)
        return Judged(planned=planned, verdict=verdict, evidence_class=EvidenceClass.SIMULATED)
    one = newest.recorded
    judged = Judged(planned=planned, verdict=one.verdict, evidence_class=one.evidence_class)
    return replace(
        judged,
        excuse=excuse(judged, amendments, at, contract=newest.contract),
        stale=stale(one, validity, at),
    )
