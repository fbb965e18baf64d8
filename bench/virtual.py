"""400 virtual nights of a feed: what a run sees on each, and which nights it should call bad."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from random import Random

from bench.feeds import DAY, HOUR, Fault, Feed, Sent, local, midnight_after, with_faults
from harness.claims import arrives, fresh
from harness.claims.came import Night
from harness.claims.nights import own_delivery
from harness.facts import Delivery, Reading
from harness.verdict import Outcome
from tests.harness.claims.made import reading

FIRST = date(2026, 1, 15)
NIGHTS = 400
_EARLIER = 100
"""Days that the source has sent before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One night: which nights are bad, and which were called so."""

    night: date
    right: frozenset[date]
    found: frozenset[date]
    arrives: Outcome
    fresh: Outcome

    @property
    def is_wrong(self) -> bool:
        """Whether a bad night was missed, a good one accused, or the verdict says otherwise."""
        return self.right != self.found or (self.arrives is Outcome.BROKEN) != bool(self.right)


def nights(feed: Feed, seed: int, *, of: int | None, n: int = NIGHTS) -> Iterator[Seen]:
    """Of each virtual night what a run finds. One delivery `of` so many is bad; None for none."""
    chance = Random(seed)
    days = [FIRST + k * DAY for k in range(-_EARLIER, n + 2)]
    sent = [one for day in days for one in feed.sends(day, chance)]
    if of is not None:
        sent = with_faults(sent, feed, chance, of=of)
    taken: list[Reading] = []
    for day in (FIRST + k * DAY for k in range(n)):
        times = feed.read_at or (time(chance.randrange(24), chance.randrange(60)),)
        moments = [local(day, at, feed.zone) for at in times]
        for now in moments:
            if feed.read_at:
                taken.append(_of_table(feed, day, now, sent))
            else:
                taken = [_of_files(feed, day, now, sent)]
        taken = [one for one in taken if one.slot > day - feed.kept * DAY]
        yield _look(feed, day, moments[-1], taken, sent)


def _look(
    feed: Feed, day: date, now: datetime, taken: Sequence[Reading], sent: Sequence[Sent]
) -> Seen:
    cadence = feed.promises.cadence
    assert cadence is not None
    judged = arrives.judge_nights(feed.promises, cadence, taken)
    fine = (Night.GOOD, Night.UNSEEN)
    return Seen(
        night=day,
        right=frozenset(_bad(feed, now, taken, sent)),
        found=frozenset(at for at, one in judged.items() if one.how not in fine),
        arrives=arrives.prove(feed.promises, taken).outcome,
        fresh=fresh.prove(feed.promises, taken).outcome,
    )


def _listed(feed: Feed, now: datetime, sent: Sequence[Sent]) -> dict[str, tuple[Sent, Sent]]:
    """By name what is there, beside the delivery before it."""
    pairs = zip([sent[0], *sent], sent, strict=False)
    return {
        one.name: (before, one)
        for before, one in pairs
        if one.fault is not Fault.MISSING and one.came <= now < one.due + feed.kept * DAY
    }


def _of_files(feed: Feed, day: date, now: datetime, sent: Sequence[Sent]) -> Reading:
    files = []
    for before, one in _listed(feed, now, sent).values():
        is_empty, content = one.fault is Fault.EMPTY, one
        if one.fault is Fault.REPEATED:
            content = before
        files.append(
            Delivery(
                name=one.name,
                day=_told_day(feed, one, content),
                available_at=one.came,
                rows=0 if is_empty else 10,
                newest_event_at=None if is_empty else content.newest,
                sha256="empty" if is_empty else f"{content.due}",
            )
        )
    return _reading(day, now, tuple(files))


def _told_day(feed: Feed, one: Sent, content: Sent) -> date:
    """As a reading records it: of the name, or of the newest event."""
    if one.name.startswith("part"):
        return content.newest.astimezone(feed.zone).date()
    return one.night


def _of_table(feed: Feed, day: date, now: datetime, sent: Sequence[Sent]) -> Reading:
    held = [one for one in sent if one.came <= now and one.fault is not Fault.MISSING][-1]
    several = len(feed.read_at) > 1
    delivery = Delivery(
        name=own_delivery("it", day, at=now if several else None),
        day=day,
        available_at=now,
        rows=10,
        newest_event_at=held.newest,
        sha256=f"{held.due}",
    )
    return _reading(day, now, (delivery,))


def _reading(day: date, now: datetime, deliveries: tuple[Delivery, ...]) -> Reading:
    events = [one.newest_event_at for one in deliveries if one.newest_event_at]
    return reading(
        dataset="it",
        slot=day,
        started_at=now.astimezone(UTC),
        deliveries=deliveries,
        newest_event_at=max(events, default=None),
        rows=sum(one.rows for one in deliveries),
    )


def _bad(
    feed: Feed, now: datetime, taken: Sequence[Reading], sent: Sequence[Sent]
) -> Iterator[date]:
    """The nights that should be called bad by now."""
    assert feed.promises.lag is not None
    until = now - feed.promises.lag
    if feed.read_at:
        first = taken[0].started_at - feed.promises.lag
        known = [one for one in sent if first < one.due <= until]
        yield from (one.night for one in known if one.fault is not Fault.NONE)
        return
    listed = _listed(feed, now, sent)
    first_day = min((one.night for _, one in listed.values()), default=date.max)
    for before, one in listed.values():
        if one.fault is Fault.EMPTY or (one.fault is Fault.REPEATED and before.name in listed):
            yield one.night
    if feed.is_counted:
        yield from _short(feed, until, listed, first_day)
        return
    for one in sent:
        if one.fault is Fault.MISSING and one.over <= until and one.night > first_day:
            yield one.night


def _short(
    feed: Feed, until: datetime, listed: dict[str, tuple[Sent, Sent]], first: date
) -> Iterator[date]:
    """The nights of an hourly source of which fewer came than hours are over."""
    came: dict[date, int] = {}
    for _, one in listed.values():
        came[one.night] = came.get(one.night, 0) + (one.fault is Fault.NONE)
    for day in (first + n * DAY for n in range(1, feed.kept + 2)):
        begins, ends = local(day, time(), feed.zone), midnight_after(day, feed.zone)
        hours = (min(until, ends) - begins) // HOUR
        if came.get(day, 0) < min(hours, 24):
            yield day
