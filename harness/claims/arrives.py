"""`arrives`: every expected night brings a delivery that is new and of the promised size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from contracts.promises import Promises
from harness.claims import wording
from harness.claims.claim import DatasetClaim, Need
from harness.claims.nights import has_a_time, is_the_reading, was_seen
from harness.claims.readings import judge_reading, phrase, readings, utc
from harness.claims.wording import count, method, number, percent
from harness.facts import Delivery, Fact, Reading
from harness.statistics.rates import lower_bound, trials_needed
from harness.verdict import Outcome, Verdict

WINDOW_DAYS = 366
"""Nights longer ago say little about the next one."""
_DAY = timedelta(days=1)


class Night(StrEnum):
    """How one expected day went; worst first."""

    EMPTY = "came empty"
    STALE = "brought the content of an earlier delivery again"
    MISSING = "did not come"
    BELOW = "held fewer rows than promised"
    ABOVE = "held more rows than promised"
    NOT_NEW = "brought no newer event"
    SHORT = "brought too few deliveries"
    UNSEEN = "was not looked at"
    """We did not read that night: neither a failure of the source nor a proof of delivery."""
    GOOD = "was delivered"


def prove(promises: Promises, facts: Sequence[Fact]) -> Verdict:
    """PROVEN when every expected night was good, and they are enough to bound the share of them.

    One trial a night. A bad night breaks the claim; a night that we did not read weakens it.
    """
    taken, wanted = readings(facts), promises.thresholds
    say = phrase(
        "arrives",
        expected=f"no bad night, {percent(wanted.arrivals)} proven",
        method=method(wanted.confidence, "night"),
    )
    if verdict := judge_reading(taken, say):
        return verdict
    latest = taken[-1]
    if latest.rows == 0 and promises.volume.minimum > 0:
        return say(Outcome.BROKEN, "The latest reading brought no rows at all.", "0 rows", 0)
    if promises.cadence is None:
        because = "No night can be expected: promise a cadence."
        return say(Outcome.UNPROVEN, because, "not promised", 0)
    nights = _nights(promises, promises.cadence, taken)
    n = len(nights)
    good = sum(night is Night.GOOD for night in nights.values())
    observed = f"{number(good)} of {count(n, 'night')} good"
    if bad := _bad_nights(nights):
        because = f"{count(len(bad), 'bad night')} of {number(n)}: {_name_nights(bad)}."
        return say(Outcome.BROKEN, because, observed, n)
    undated = sum(delivery.day is None for delivery in latest.deliveries)
    if undated or not nights:
        listed = count(len(latest.deliveries), "delivery")
        because = f"{number(undated)} of {listed} without a day: "
        because += "put the date into the file's name, or name the event_time column."
        return say(Outcome.UNPROVEN, because, observed, n)
    if not any(delivery.rows for reading in taken for delivery in reading.deliveries):
        return say(Outcome.UNPROVEN, "No delivery has held a row yet.", observed, n)
    least = lower_bound(good, n, wanted.confidence)
    because = f"{observed}: at least {percent(least, beside=wanted.arrivals)} are, with "
    because += f"{percent(wanted.confidence)} confidence"
    if least >= wanted.arrivals:
        return say(Outcome.PROVEN, f"{because}.", observed, n)
    if unseen := n - good:
        because += f"; {count(unseen, 'night')} not looked at"
        if latest.night is not None and not was_seen(latest):
            because += f" ({latest.slot} was read on {latest.night})"
    needed = trials_needed(wanted.arrivals, wanted.confidence, failures=unseen)
    because += f"; {number(needed)} are needed for {percent(wanted.arrivals)}."
    return say(Outcome.UNPROVEN, because, observed, n)


def _bad_nights(nights: Mapping[date, Night]) -> list[tuple[Night, date]]:
    """Worst kind first, newest first within a kind."""
    found = [(how, day) for day, how in nights.items() if how not in (Night.GOOD, Night.UNSEEN)]
    return sorted(found, key=lambda each: (_severity(each[0]), -each[1].toordinal()))


def _name_nights(bad: Sequence[tuple[Night, date]]) -> str:
    return wording.first([f"{wording.weekday(day)} {how}" for how, day in bad], at_most=3)


def _nights(promises: Promises, cadence: timedelta, taken: Sequence[Reading]) -> dict[date, Night]:
    """How each expected night went, from the first one seen to the last one due or delivered.

    Days are counted on the promised zone's calendar, never in steps of 24 hours. A cadence of
    several days expects one delivery in each such span; one under a day, several a day.
    """
    came = list(_judge_deliveries(promises, cadence, taken))
    if not came:
        return {}
    days = [day for day, _ in came]
    last = max(*days, _last_due(promises, taken[-1]))
    first = max(min(days), date.fromordinal(max(1, last.toordinal() - WINDOW_DAYS)))
    step = max(1, cadence // _DAY)
    spans: dict[int, list[Night]] = {}
    for day, how in came:
        spans.setdefault((day - first).days // step, []).append(how)
    absent = Night.UNSEEN if _made_by_readings(taken) else Night.MISSING
    return {
        first + index * step * _DAY: _judge_night(
            spans.get(index, []), absent, max(1, _DAY // cadence)
        )
        for index in range((last - first).days // step + 1)
    }


def _judge_night(came: Sequence[Night], absent: Night, expected: int) -> Night:
    """Good when enough good deliveries came: a bad one may have been sent again."""
    if not came:
        return absent
    if came.count(Night.GOOD) >= expected:
        return Night.GOOD
    return min([how for how in came if how is not Night.GOOD] or [Night.SHORT], key=_severity)


def _severity(how: Night) -> int:
    return list(Night).index(how)


def _judge_deliveries(
    promises: Promises, cadence: timedelta, taken: Sequence[Reading]
) -> Iterator[tuple[date, Night]]:
    """Each delivery once, oldest first, compared with those before it.

    Of a file that was replaced under its name, the newest content counts.
    """
    once = {d.name: (d, r) for r in taken if not r.failure for d in r.deliveries}
    dated = [(d.day, utc(d.available_at), d, r) for d, r in once.values() if d.day is not None]
    contents: set[str] = set()
    newest = before = None
    for day, at, delivery, of in sorted(dated, key=lambda each: (*each[:2], each[2].name)):
        if not has_a_time(delivery, of):
            yield day, Night.UNSEEN
            continue
        # Sooner than this after the one before, a reading of ours cannot expect anything new.
        patience = cadence / 2 if is_the_reading(delivery, of) else timedelta()
        event = delivery.newest_event_at and utc(delivery.newest_event_at)
        how = _judge_size(promises, delivery)
        if how is Night.GOOD and delivery.rows > 0:
            if delivery.sha256 in contents:
                how = Night.STALE
            elif promises.event_time and (event is None or (newest and event <= newest)):
                how = Night.NOT_NEW
            if how is not Night.GOOD and before is not None and at - before < patience:
                how = Night.UNSEEN
        contents.add(delivery.sha256)
        newest = max(filter(None, (newest, event)), default=None)
        before = at
        yield day, how


def _judge_size(promises: Promises, delivery: Delivery) -> Night:
    low, high = promises.volume.minimum, promises.volume.maximum
    if delivery.rows < low:
        return Night.BELOW if delivery.rows > 0 else Night.EMPTY
    return Night.ABOVE if high is not None and delivery.rows > high else Night.GOOD


def _made_by_readings(taken: Sequence[Reading]) -> bool:
    """Whether the source has no files: then each delivery is one of our own readings."""
    return all(is_the_reading(d, r) for r in taken for d in r.deliveries)


def _last_due(promises: Promises, latest: Reading) -> date:
    """The last day that had ended at least the promised lag before the reading began."""
    try:
        over = utc(latest.started_at) - (promises.lag or timedelta())
        return over.astimezone(ZoneInfo(promises.zone)).date() - _DAY
    except OverflowError:  # before the first day there is
        return date.min


CLAIM = DatasetClaim(
    name="arrives",
    needs=(Need.READING, Need.ROWS, Need.TIMES),
    prove=prove,
    true_when="deliveries come on time, new, and in the promised volume",
    unproven_when="no cadence is promised; too few nights",
)
