"""The facts of one virtual night, as a run would have recorded them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from connectors.events import Declared, Witness, WitnessKind
from contracts.evaluation import Evaluation, Missing, RuleCount
from contracts.rules import Kind
from harness.claims.due import comes_several_times_a_day
from harness.claims.nights import own_delivery
from harness.facts import Delivery, Failure, Reading
from harness.simulate.dues import DAY
from harness.simulate.feed import Sent
from harness.simulate.subject import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """All that there is to be seen, and how it is looked at."""

    subject: Subject
    sent: Sequence[Sent]
    """By the time at which it is available."""
    declared: Declared
    failure: Failure | None = None
    lacks: str | None = None
    """A column that does not come any more."""
    at: Sequence[datetime] = field(default=())
    """When each delivery is available."""


def reading(seen: Seen, slot: date, now: datetime) -> Reading | None:
    """What the night's run reads; None where nothing was ever sent."""
    subject = seen.subject
    gone = bisect_right(seen.at, now - subject.history * DAY) if subject.is_files else 0
    there = seen.sent[gone : bisect_right(seen.at, now)]
    if not there:
        return None
    failed = seen.failure is not None
    if subject.is_files:
        deliveries = [_file(one, subject) for one in there]
    else:
        deliveries = [_table(there[-1], subject, slot, now)]
    rows = 0 if failed else sum(one.rows for one in deliveries)
    events = [one.newest_event_at for one in deliveries if one.newest_event_at is not None]
    kind = WitnessKind.SENDERS_WORD if subject.is_files else WitnessKind.SNAPSHOT_COUNT
    return Reading(
        source=subject.source,
        dataset=subject.dataset,
        slot=slot,
        night=slot,
        started_at=now,
        seconds=1.0,
        rows=rows,
        bytes=100 * rows,
        columns=subject.columns,
        rescued=0,
        newest_event_at=None if failed else max(events, default=None),
        oldest_event_at=None if failed else min(events, default=None),
        sha256=None if failed else f"{slot}",
        witness=None if failed else Witness(kind=kind, declared=rows, unit="rows", detail="all"),
        deliveries=() if failed else tuple(deliveries),
        attempts=1,
        retries=0,
        waited_seconds=0.0,
        authentications=1,
        renewals=0,
        renewals_between_pages=0,
        refusals=(),
        throttled=0,
        latency=None,
        failure=seen.failure,
        declared=seen.declared,
    )


def evaluation(seen: Seen, of: Reading) -> Evaluation:
    """Every rule held on every row, but for a column that did not come."""
    promises, columns = seen.subject.promises, seen.subject.columns
    rules = [
        RuleCount(
            rule=Kind.REQUIRED,
            column=column,
            checked=of.rows,
            failed=of.rows if column == seen.lacks else 0,
        )
        for column in columns
    ]
    lacks_one = seen.lacks in promises.missing
    return Evaluation(
        dataset=seen.subject.dataset,
        rows=of.rows,
        rules=tuple(rules),
        missing=tuple(
            Missing(column=column, rows=of.rows, missing=0)
            for column in promises.missing
            if column != seen.lacks
        ),
        missing_jointly=None if lacks_one else 0,
        engine="simulated",
        seconds=0.0,
    )


def _file(one: Sent, subject: Subject) -> Delivery:
    has_event = subject.promises.event_time is not None and one.rows > 0
    return Delivery(
        name=one.name,
        day=one.day,
        available_at=one.available,
        rows=one.rows,
        newest_event_at=one.newest if has_event else None,
        sha256=one.content,
    )


def _table(one: Sent, subject: Subject, slot: date, now: datetime) -> Delivery:
    has_event = subject.promises.event_time is not None and one.rows > 0
    several = comes_several_times_a_day(subject.promises)
    return Delivery(
        name=own_delivery(subject.dataset, slot, at=now if several else None),
        day=slot,
        available_at=now,
        rows=one.rows,
        newest_event_at=one.newest if has_event else None,
        sha256=one.content,
    )
