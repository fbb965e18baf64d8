"""Where every planned verdict stands at one moment, with what people excused; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from harness.amendments.standing import gather, standing
from harness.amendments.statement import counting
from harness.ledger.chain import Entry
from harness.result import Judged, Planned
from harness.signing.register import Register
from harness.signoff.nights import Night
from harness.signoff.requirement import validity_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Standings:
    """How a pilot stands."""

    judged: tuple[Judged, ...]
    """One for each verdict that its newest whole night owed."""
    ended: frozenset[Planned]
    """What people excused until a moment that is over."""


def stand(  # noqa: PLR0913 - whose, when, and by whose word
    entries: Sequence[Entry],
    night: Night | None,
    register: Register,
    at: datetime,
    *,
    pilot: str,
    environment: str,
) -> Standings:
    """At a moment. Raises ValueError for an entry that does not read."""
    if night is None:
        return Standings(judged=(), ended=frozenset())
    amendments = counting(entries, pilot=pilot, environment=environment, register=register)
    known = gather(entries, night.planned, pilot=pilot, environment=environment)
    newest = {(one.kind, one.planned): one for one in amendments}
    return Standings(
        judged=standing(known, night.planned, amendments, at, validity=validity_of(night)),
        ended=frozenset(one.planned for one in newest.values() if one.until <= at),
    )


class _At(msgspec.Struct):
    at: datetime


def end_of(entries: Sequence[Entry]) -> datetime:
    """When the last of the entries was written."""
    return msgspec.json.decode(entries[-1].body, type=_At, strict=False).at
