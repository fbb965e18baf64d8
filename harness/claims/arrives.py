"""`arrives`: every expected night brings a delivery that is new and of the promised size."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from contracts.promises import Promises
from harness.claims import wording
from harness.claims.came import Night, place, severity
from harness.claims.claim import DatasetClaim, Need, Todo, Who
from harness.claims.due import is_excluded
from harness.claims.groups import judge_rows, weigh
from harness.claims.judged import Judged
from harness.claims.measures import because_of, measured
from harness.claims.nights import was_seen
from harness.claims.periods import judge_periods
from harness.claims.readings import as_first_seen, judge_reading, phrase, readings, utc
from harness.claims.spans import judge_spans
from harness.claims.wording import count, method, number, percent
from harness.clock import in_zone
from harness.facts import Fact, Reading
from harness.statistics.rates import lower_bound, trials_needed
from harness.verdict import Outcome, Verdict


def prove(promises: Promises, facts: Sequence[Fact]) -> Verdict:
    """PROVEN when every expected night was good, and they are enough to bound the share of them.

    One trial a night. A bad night breaks the claim; a night that we did not read weakens it.
    """
    taken, wanted = as_first_seen(readings(facts)), promises.thresholds
    say = phrase(
        "arrives",
        expected=f"no bad night, {percent(wanted.arrivals)} proven",
        method=method(wanted.confidence, "night"),
    )
    if verdict := judge_reading(taken, say):
        return verdict
    latest = taken[-1]
    today = in_zone(utc(latest.started_at), ZoneInfo(promises.zone)).date()
    if latest.rows == 0 and promises.volume.minimum > 0 and not is_excluded(promises, today):
        said = say(Outcome.BROKEN, "The latest reading brought no rows at all.", "0 rows", 0)
        return because_of(said, "a reading without rows")
    if promises.cadence is None:
        because = "No night can be expected: promise a cadence."
        return because_of(say(Outcome.UNPROVEN, because, "not promised", 0), "no cadence promised")
    nights = judge_nights(promises, promises.cadence, taken)
    n = len(nights)
    good = sum(night.how is Night.GOOD for night in nights.values())
    observed = f"{number(good)} of {count(n, 'night')} good"
    if bad := _bad_nights(nights):
        because = f"{count(len(bad), 'bad night')} of {number(n)}: {_name_nights(bad)}."
        kinds = Counter(f"nights on which it {night.how}" for night, _ in bad)
        return measured(say(Outcome.BROKEN, because, observed, n), kinds)
    if because := _nothing_to_count(promises, taken, nights):
        return because_of(say(Outcome.UNPROVEN, because, observed, n), "nothing to count")
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
    said = say(Outcome.UNPROVEN, because, observed, n)
    return measured(said, {"nights still needed": needed - n})


def judge_nights(
    promises: Promises, cadence: timedelta | str, taken: Sequence[Reading]
) -> dict[date, Judged]:
    """How each expected day went, by its date in the promised zone."""
    if isinstance(cadence, str):
        return judge_periods(promises, cadence, taken)
    return judge_spans(promises, cadence, taken)


def _nothing_to_count(
    promises: Promises, taken: Sequence[Reading], nights: Mapping[date, Judged]
) -> str:
    """Why no share can be told, as a sentence; empty if one can be."""
    latest = taken[-1]
    undated = sum(place(promises, delivery, latest) is None for delivery in latest.deliveries)
    if undated or not (nights or latest.deliveries):
        listed = count(len(latest.deliveries), "delivery")
        return f"{number(undated)} of {listed} without a day: {_remedy(promises)}."
    if not nights:
        return "Nothing that was due since the first delivery is over yet."
    if not any(delivery.rows for reading in taken for delivery in reading.deliveries):
        return "No delivery has held a row yet."
    return ""


def _bad_nights(nights: Mapping[date, Judged]) -> list[tuple[Judged, date]]:
    """Worst kind first, newest first within a kind."""
    fine = (Night.GOOD, Night.UNSEEN)
    found = [(night, day) for day, night in nights.items() if night.how not in fine]
    return sorted(found, key=lambda each: (severity(each[0].how), -each[1].toordinal()))


def _name_nights(bad: Sequence[tuple[Judged, date]]) -> str:
    told = [f"{wording.weekday(day)} {night.how}{night.note}" for night, day in bad]
    return wording.first(told, at_most=3)


def _remedy(promises: Promises) -> str:
    if promises.named is not None:
        return f"name them as {wording.name(promises.named)}, or correct named"
    return "put the date into the file's name, or name the event_time column"


def prove_each(promises: Promises, facts: Sequence[Fact]) -> Verdict:
    """The whole as `prove` says, and the rows of each group that is promised."""
    return weigh(prove(promises, facts), lambda: judge_rows(promises, readings(facts)))


CLAIM = DatasetClaim(
    name="arrives",
    needs=(Need.READING, Need.ROWS, Need.TIMES),
    prove=prove_each,
    true_when="deliveries come on time, new, and in the promised volume",
    unproven_when="no cadence is promised; too few nights",
    if_broken=Todo(who=Who.OWNER, what="Deliver on every night what was promised."),
    if_unproven=Todo(who=Who.OWNER, what="Go on delivering on every night what was promised."),
)
