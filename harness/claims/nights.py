"""Which night a reading is of: one rule, for what is recorded, for history and for proofs.

The night of a scheduled run is that of its tick, the night of a run by hand that of its start, as
a date in the pilot's zone.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from harness.claims.readings import SKEW, utc
from harness.clock import in_zone
from harness.facts import Delivery, Reading

LATE = timedelta(hours=12)
"""A run that starts later than this after it was due is nearer to another night."""
_DAY = timedelta(days=1)


def date_in(zone: ZoneInfo, at: datetime) -> date:
    """The date on the zone's calendar."""
    return in_zone(utc(at), zone).date()


def counted_from(began_at: datetime, *, due_at: datetime) -> datetime:
    """The moment whose date is a run's night: when it was due, or if it came too late for that,
    when it began.
    """
    return due_at if -SKEW <= _elapsed(due_at, began_at) <= LATE else began_at


def night_of(read_at: datetime, *, since: datetime, zone: ZoneInfo) -> date:
    """The night that a reading has seen: that of its run, which is counted from `since`, even if
    midnight is passed, until the next night is due.
    """
    return date_in(zone, since if _elapsed(since, read_at) < _DAY else read_at)


def _elapsed(since: datetime, until: datetime) -> timedelta:
    return utc(until) - utc(since)


def was_seen(reading: Reading) -> bool:
    """Whether it was read on the night that it is recorded for. `--slot` alone makes no night:
    what is read today says nothing of yesterday.
    """
    return reading.night == reading.slot


def is_the_reading(delivery: Delivery, reading: Reading) -> bool:
    """Whether the delivery is the reading itself, as of a source without files."""
    dataset, slot = reading.dataset, reading.slot
    if not delivery.name.startswith(f"{dataset}@"):
        return False
    own = own_delivery(dataset, slot), own_delivery(dataset, slot, at=reading.started_at)
    return delivery.name in own


def has_a_time(delivery: Delivery, reading: Reading) -> bool:
    """Whether the delivery tells of its day: a file carries a time of its own, a reading has that
    of the night it was made on.
    """
    if not is_the_reading(delivery, reading):
        return True
    return was_seen(reading) and delivery.day == reading.slot


def own_delivery(dataset: str, slot: date, *, at: datetime | None = None) -> str:
    """The name of a reading of a source without files as a delivery: of its night, or of its own
    time where several are promised a day.
    """
    return f"{dataset}@{slot}" if at is None else f"{dataset}@{utc(at).isoformat()}"
