"""`fresh`: what happened at the source can be read within the promised lag."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from statistics import median_low

from contracts.promises import Promises
from harness.claims.claim import DatasetClaim, Need, Todo, Who
from harness.claims.due import due_after, is_excluded, waited
from harness.claims.groups import judge_ages, weigh
from harness.claims.measures import because_of, hours, measured, share
from harness.claims.nights import has_a_time
from harness.claims.readings import SKEW, as_first_seen, judge_reading, phrase, readings, span, utc
from harness.claims.wording import (
    count,
    duration,
    first,
    listed,
    method,
    moment,
    name,
    number,
    percent,
)
from harness.facts import Delivery, Fact, Reading
from harness.statistics.rates import lower_bound, trials_needed, upper_bound
from harness.verdict import Outcome, Verdict

_DAY = timedelta(days=1)
NAMED = 3
"""Deliveries named in one sentence, of each kind."""


def prove(promises: Promises, facts: Sequence[Fact]) -> Verdict:
    """PROVEN when enough deliveries came within the lag and the newest data are not too old now.

    One trial a delivery, for a delay of one row delays its whole delivery. A delivery without
    rows is not in time. A delivery's lag is that of its newest event: no row of it had less.
    """
    taken = as_first_seen(readings(facts))
    wanted, lag = promises.thresholds, promises.lag
    within = "within a promised lag" if lag is None else f"within {duration(lag)}"
    if lag is not None and isinstance(promises.cadence, str):
        within += " of when they are due"
    say = phrase(
        "fresh",
        expected=f"{percent(wanted.on_time)} {within}",
        method=method(wanted.confidence, "delivery"),
    )
    if verdict := judge_reading(taken, say):
        return verdict
    if lag is None or promises.event_time is None:
        because = "There is nothing to measure: promise a lag and name the event_time column."
        return because_of(say(Outcome.UNPROVEN, because, "not promised", 0), "no lag promised")
    latest = taken[-1]
    trials = _trials(promises, taken)
    n = len(trials)
    if (ahead := _ahead(latest, trials)) is not None:
        because = f"Events lie up to {duration(ahead)} after the time at which they were read: "
        because += "a wrong clock or zone."
        said = say(Outcome.BROKEN, because, f"{duration(ahead)} ahead", n)
        return measured(said, {"hours ahead of the clock": hours(ahead)})
    lags = [known for one in trials if (known := _waited(promises, one, latest)) is not None]
    if not lags or latest.newest_event_at is None:
        because = f"{count(latest.rows, 'row')} came and none tells when it happened: "
        because += "the lag is unknown."
        return because_of(say(Outcome.UNPROVEN, because, "lag unknown", 0), "lag unknown")
    on_time = sum(known <= lag for known in lags)
    typical = duration(median_low(lags))
    observed = f"{number(on_time)} of {number(n)} in time, median {typical}"
    age = utc(latest.started_at) - utc(latest.newest_event_at)
    aged = f"newest event ({moment(utc(latest.newest_event_at))}) is {duration(age)} old"
    if upper_bound(on_time, n, wanted.confidence) < wanted.on_time:
        because = f"{_not_in_time(promises, trials, latest)}: "
        because += f"the median lag is {typical}, and the {aged}."
        found = {
            "share of deliveries not in time": share(n - on_time, n),
            "hours of the median lag": hours(median_low(lags)),
        }
        return measured(say(Outcome.BROKEN, because, observed, n), found)
    if because := _too_old(promises, latest, lag, aged):
        said = say(Outcome.BROKEN, because, f"{duration(age)} old", n)
        return measured(said, {"hours since the newest event": hours(age)})
    least = lower_bound(on_time, n, wanted.confidence)
    because = f"{number(on_time)} of {count(n, 'delivery')} on time, median lag {typical}"
    if least >= wanted.on_time:
        because += f": at least {percent(least, beside=wanted.on_time)} are, with "
        because += f"{percent(wanted.confidence)} confidence."
        return say(Outcome.PROVEN, because, observed, n)
    said = say(Outcome.UNPROVEN, f"{because}; {_needed(promises, n - on_time)}.", observed, n)
    needed = trials_needed(wanted.on_time, wanted.confidence, failures=n - on_time)
    return measured(said, {"deliveries still needed": needed - n})


def _too_old(promises: Promises, latest: Reading, lag: timedelta, aged: str) -> str:
    """Why the newest event should not be the newest any more; empty if it may be."""
    if latest.newest_event_at is None:
        return ""
    event, now, cadence = utc(latest.newest_event_at), utc(latest.started_at), promises.cadence
    if isinstance(cadence, str):
        # It came with the delivery that was due next; the one after that brings newer ones.
        newer = due_after(promises, due_after(promises, event))
        due = f"newer ones were due at {moment(newer)}, and may take {duration(lag)}"
        return f"The {aged}; {due}." if now - newer > lag else ""
    oldest = lag + (cadence or timedelta())
    may = f"by the promised lag and cadence it may be {duration(oldest)}"
    return f"The {aged}; {may}." if waited(promises, event, now) > oldest else ""


def _not_in_time(promises: Promises, trials: Sequence[Delivery], latest: Reading) -> str:
    """How many deliveries came late, how many empty and how many do not tell, each newest first by
    name, but for what all of them did.
    """
    late, empty, untold = list[str](), list[str](), list[str]()
    lag = promises.lag or timedelta()
    for one in sorted(trials, key=lambda one: (utc(one.available_at), one.name), reverse=True):
        known = _waited(promises, one, latest)
        if known is None:
            (untold if one.rows > 0 else empty).append(name(one.name))
        elif known > lag:
            late.append(name(one.name))
    parts = list[str]()
    for names, how in (
        (late, f"came later than the {duration(lag)} promised"),
        (empty, "came empty"),
        (untold, "came without a time of an event"),
    ):
        if names:
            of = "" if parts else f" of {count(len(trials), 'delivery')}"
            which = f" ({first(names, at_most=NAMED)})" if len(names) < len(trials) else ""
            parts.append(f"{number(len(names))}{of} {how}{which}")
    return listed(parts)


def _needed(promises: Promises, failures: int) -> str:
    wanted = promises.thresholds
    needed = trials_needed(wanted.on_time, wanted.confidence, failures=failures)
    without = f"with no more than {failures} late" if failures else "without a failure"
    return f"{number(needed)} {without} are needed for {percent(wanted.on_time)}"


def _trials(promises: Promises, taken: Sequence[Reading]) -> list[Delivery]:
    """All deliveries of the latest reading and the newest of each earlier one, each once: the
    same name with the same content is one delivery, however often it is listed. Empty ones are
    none where that is allowed, and on days on which nothing is due.
    """
    *earlier, latest = taken
    timely = [
        [delivery for delivery in reading.deliveries if has_a_time(delivery, reading)]
        for reading in earlier
        if reading.failure is None
    ]
    newest = [
        max(some, key=lambda delivery: utc(delivery.available_at)) for some in timely if some
    ]
    trials = list({(d.name, d.sha256): d for d in (*newest, *latest.deliveries)}.values())
    if isinstance(promises.cadence, timedelta) and promises.cadence > _DAY:
        trials = list(_without_repeats(trials, latest.dataset))
    if promises.volume.minimum == 0:
        return [one for one in trials if one.rows > 0]
    return [
        one
        for one in trials
        if one.rows > 0 or one.day is None or not is_excluded(promises, one.day)
    ]


def _without_repeats(deliveries: Iterable[Delivery], dataset: str) -> Iterator[Delivery]:
    """Of readings that show the same newest event the first: where nothing new is due for days,
    the others are no deliveries.
    """
    seen = set[datetime]()
    for one in deliveries:
        if one.newest_event_at is not None and one.name.startswith(f"{dataset}@"):
            event = utc(one.newest_event_at)
            if event in seen:
                continue
            seen.add(event)
        yield one


def _waited(promises: Promises, delivery: Delivery, of: Reading) -> timedelta | None:
    """How long its newest event waited; None without rows or without event times. A reading of
    ours shows by a calendar what it should until the next delivery is due.
    """
    if delivery.rows <= 0 or delivery.newest_event_at is None:
        return None
    event, at = utc(delivery.newest_event_at), utc(delivery.available_at)
    if isinstance(promises.cadence, str) and delivery.name.startswith(f"{of.dataset}@"):
        event = due_after(promises, event)
    return waited(promises, event, at)


def _lag(delivery: Delivery) -> timedelta | None:
    """From the newest event to its availability; None without rows or without event times."""
    if delivery.rows <= 0 or delivery.newest_event_at is None:
        return None
    return utc(delivery.available_at) - utc(delivery.newest_event_at)


def _ahead(latest: Reading, trials: Sequence[Delivery]) -> timedelta | None:
    """How far events lie in the future, if that is more than clocks may differ."""
    found = [-known for delivery in trials if (known := _lag(delivery)) is not None]
    if latest.newest_event_at is not None:
        found.append(utc(latest.newest_event_at) - utc(latest.started_at))
    # Rows may be added to a source without files while we read it.
    furthest = max(found, default=timedelta())
    return furthest if furthest > SKEW + span(latest.seconds) else None


def prove_each(promises: Promises, facts: Sequence[Fact]) -> Verdict:
    """The whole as `prove` says, and the newest event of each group that is promised."""
    taken, lag = readings(facts), promises.lag or timedelta()

    def is_too_old(event: datetime) -> bool:
        return bool(_too_old(promises, replace(taken[-1], newest_event_at=event), lag, ""))

    return weigh(prove(promises, facts), lambda: judge_ages(promises, taken, is_too_old))


CLAIM = DatasetClaim(
    name="fresh",
    needs=(Need.READING, Need.ROWS, Need.TIMES),
    prove=prove_each,
    true_when="events are available within the promised lag",
    unproven_when="no lag is promised; too few deliveries",
    if_broken=Todo(who=Who.OWNER, what="Deliver within the promised time."),
    if_unproven=Todo(who=Who.OWNER, what="Go on delivering within the promised time."),
)
