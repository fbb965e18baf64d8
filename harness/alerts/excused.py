"""Verdicts as incidents are decided by them: what somebody signed for is WAIVED while that holds.

So an incident ends when its verdict is excused, and another begins when the excuse is over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

import msgspec

from harness import tags
from harness.amendments.effect import excuse
from harness.amendments.statement import counting
from harness.ledger.body import decoded
from harness.ledger.ledger import Ledger
from harness.ledger.promised import place, promises_in
from harness.result import Judged, RecordedVerdict
from harness.signing.register import Register
from harness.verdict import Outcome


class _Started(msgspec.Struct):
    promises: Mapping[str, str] = {}


def as_they_counted(  # noqa: PLR0913 - what, of whom, by whose word and when
    verdicts: Iterable[RecordedVerdict],
    ledger: Ledger,
    *,
    pilot: str,
    environment: str,
    register: Register | None,
    at: datetime | None = None,
) -> tuple[RecordedVerdict, ...]:
    """Each verdict with the outcome that counts at a moment; without one, that it was recorded."""
    recorded = ledger.entries(kind=tags.AMENDMENT)
    amendments = counting(recorded, pilot=pilot, environment=environment, register=register)
    if not amendments:
        return tuple(verdicts)
    promises = promises_in(ledger.entries(kind=tags.PROMISES))
    contracts = {one.promises.digest: one.promises.contract for one in promises}
    held = {
        entry.run: decoded(entry, _Started).promises for entry in ledger.entries(kind="started")
    }

    def counted(one: RecordedVerdict) -> RecordedVerdict:
        digest = held.get(one.run, {}).get(place(one.source, one.dataset), "")
        judged = Judged(
            planned=one.planned, verdict=one.verdict, evidence_class=one.evidence_class
        )
        if excuse(judged, amendments, at or one.at, contract=contracts.get(digest)) is None:
            return one
        return replace(one, verdict=replace(one.verdict, outcome=Outcome.WAIVED))

    return tuple(map(counted, verdicts))
