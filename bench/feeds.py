"""Ten sources on a virtual calendar, each with what is promised of it and what really happened.

What is right for a night is worked out here in plain Python, without the product's calendar.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from random import Random
from zoneinfo import ZoneInfo

from contracts.promises import Promises

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
BERLIN, NEW_YORK, KATHMANDU, TOKYO = (
    ZoneInfo(name)
    for name in ("Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Asia/Tokyo")
)
MADE_AT = "t_%Y%m%dT%H%M%S%z.csv"
_CLOSED = ((1, 1), (1, 6), (4, 6), (5, 1), (5, 25), (10, 3), (12, 24), (12, 25), (12, 31))
HOLIDAYS = tuple(date(year, *day) for year in (2025, 2026, 2027) for day in _CLOSED)


class Fault(StrEnum):
    """What may go wrong with a delivery."""

    NONE = "none"
    MISSING = "missing"
    EMPTY = "empty"
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One delivery, as its source means it."""

    night: date
    """That it counts for."""
    due: datetime
    over: datetime
    """When it is to be there, but for the promised lag."""
    came: datetime
    newest: datetime
    name: str
    fault: Fault = Fault.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A source and its promises."""

    name: str
    promises: Promises
    sends: Callable[[date, Random], Iterator[Sent]]
    """What it sends of one day of its zone."""
    faults: Sequence[Fault] = (Fault.MISSING, Fault.EMPTY, Fault.REPEATED)
    kept: int = 300
    """Days until a file is removed."""
    read_at: Sequence[time] = ()
    """The times of our readings, of a table; a file drop is looked at once a day, at any time."""
    is_counted: bool = False
    """Whether only the number of a day's deliveries is known."""

    @property
    def zone(self) -> ZoneInfo:
        """The promised one."""
        return ZoneInfo(self.promises.zone)


def local(day: date, at: time, zone: ZoneInfo) -> datetime:
    """That moment in UTC."""
    return datetime.combine(day, at, zone).astimezone(UTC)


def midnight_after(day: date, zone: ZoneInfo) -> datetime:
    """The end of a day in UTC."""
    return local(day + DAY, time(), zone)


def with_faults(sent: Sequence[Sent], feed: Feed, chance: Random, *, of: int) -> list[Sent]:
    """One of so many goes wrong, of few deliveries more often; never two of one night or of
    neighbouring ones.
    """
    found, last = list(sent), 0
    of = min(of, max(3, len(sent) // 8))
    for n, one in enumerate(sent):
        is_near = n - last < 3 or one.night == sent[last].night  # noqa: PLR2004 - one to repeat
        if is_near or chance.randrange(of):
            continue
        if len({_clock(one, feed), _clock(sent[n - 1], feed)}) == 1 or _has_25_hours(one, feed):
            continue
        found[n], last = replace(one, fault=chance.choice(feed.faults)), n
    return found


def _clock(one: Sent, feed: Feed) -> datetime:
    return one.due.astimezone(feed.zone).replace(tzinfo=None)


def _has_25_hours(one: Sent, feed: Feed) -> bool:
    """Of such a day an hourly source's names tell only 24, so one that lacks is not seen."""
    return midnight_after(one.night, feed.zone) - local(one.night, time(), feed.zone) > DAY


def _daily(
    prefix: str, zone: ZoneInfo, at: time, within: timedelta, is_due: Callable[[date], bool]
) -> Callable[[date, Random], Iterator[Sent]]:
    """One delivery on some days, named after them."""

    def sends(day: date, chance: Random) -> Iterator[Sent]:
        if is_due(day):
            due = local(day, at, zone)
            yield Sent(
                night=day,
                due=due,
                over=midnight_after(day, zone),
                came=due + chance.random() * within,
                newest=due - chance.random() * 3 * HOUR - MINUTE,
                name=f"{prefix}_{day:%Y%m%d}.csv",
            )

    return sends


def _hourly(zone: ZoneInfo, name: Callable[[datetime], str]) -> Callable[..., Iterator[Sent]]:
    """The events of each hour, up to 80 minutes after it."""

    def sends(day: date, chance: Random) -> Iterator[Sent]:
        at = local(day, time(), zone)
        while at < midnight_after(day, zone):
            yield Sent(
                night=day,
                due=at,
                over=at + HOUR,
                came=at + HOUR + chance.random() * 80 * MINUTE,
                newest=at + HOUR - chance.random() * 30 * MINUTE - MINUTE,
                name=name(at),
            )
            at += HOUR

    return sends


def _at_times(
    zone: ZoneInfo, at: Sequence[time], within: timedelta, is_due: Callable[[date], bool]
) -> Callable[..., Iterator[Sent]]:
    """Some deliveries a day, named by when they were made, in UTC."""

    def sends(day: date, chance: Random) -> Iterator[Sent]:
        due = [local(day, one, zone) for one in at] if is_due(day) else []
        for one, over in zip(due, [*due[1:], midnight_after(day, zone)], strict=False):
            made = one + chance.random() * 5 * MINUTE
            yield Sent(
                night=day,
                due=one,
                over=over,
                came=made + chance.random() * within,
                newest=one - chance.random() * 2 * HOUR - MINUTE,
                name=f"t_{made:%Y%m%dT%H%M%S}Z.csv",
            )

    return sends


def _is_workday(day: date) -> bool:
    return day.isoweekday() <= 5  # noqa: PLR2004 - Friday


def _ends_a_month(day: date) -> bool:
    """The last of its month from Monday to Friday."""
    rest = (day + n * DAY for n in range(1, 8))
    later = any(one.month == day.month and _is_workday(one) for one in rest)
    return _is_workday(day) and not later


def _is_shifted_monday(day: date) -> bool:
    """Mondays, and the Tuesday after one that is a holiday."""
    if day.isoweekday() == 2:  # noqa: PLR2004 - Tuesday
        return day - DAY in HOLIDAYS
    return day.isoweekday() == 1 and day not in HOLIDAYS


def _shifted() -> str:
    mondays = [day for day in HOLIDAYS if day.isoweekday() == 1]
    lines = ["FREQ=WEEKLY;BYDAY=MO;BYHOUR=6"]
    lines += ["EXDATE:" + ",".join(f"{day:%Y%m%d}T060000" for day in mondays)]
    lines += ["RDATE:" + ",".join(f"{day + DAY:%Y%m%d}T060000" for day in mondays)]
    return "\n".join(lines)


def _promise(cadence: str | timedelta, zone: ZoneInfo, lag: timedelta) -> Promises:
    return Promises(key=("id",), event_time="at", cadence=cadence, zone=zone.key, lag=lag)


FEEDS = (
    Feed(
        name="workdays",
        promises=_promise("0 18 * * 1-5", BERLIN, 6 * HOUR),
        sends=_daily("w", BERLIN, time(18), 359 * MINUTE, _is_workday),
    ),
    Feed(
        name="hourly, by name",
        promises=replace(_promise("@hourly", BERLIN, 2 * HOUR), named="h_%Y%m%d%H.csv"),
        sends=_hourly(BERLIN, lambda at: f"h_{at.astimezone(BERLIN):%Y%m%d%H}.csv"),
        kept=6,
    ),
    Feed(
        name="hourly, by event",
        promises=_promise("FREQ=HOURLY", NEW_YORK, 2 * HOUR),
        sends=_hourly(NEW_YORK, lambda at: f"part-{at.timestamp():.0f}.parquet"),
        faults=(Fault.MISSING,),
        kept=6,
    ),
    Feed(
        name="every hour, by day",
        promises=_promise(HOUR, BERLIN, 2 * HOUR),
        sends=_hourly(BERLIN, lambda at: f"{at.astimezone(BERLIN):%Y-%m-%d}/{at.timestamp():.0f}"),
        kept=6,
        is_counted=True,
    ),
    Feed(
        name="weekly, with a shift",
        promises=replace(_promise(_shifted(), BERLIN, DAY), named="week_%Y%m%d.csv"),
        sends=_daily("week", BERLIN, time(6), 20 * HOUR, _is_shifted_monday),
    ),
    Feed(
        name="month ends",
        promises=_promise(
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;BYHOUR=18", KATHMANDU, 2 * DAY
        ),
        sends=_daily("close", KATHMANDU, time(18), 40 * HOUR, _ends_a_month),
        kept=350,
    ),
    Feed(
        name="daily, with holidays",
        promises=replace(_promise(DAY, BERLIN, 12 * HOUR), excluded=HOLIDAYS),
        sends=_daily("d", BERLIN, time(23), 8 * HOUR, lambda day: day not in HOLIDAYS),
    ),
    Feed(
        name="twice each workday",
        promises=replace(_promise("0 6,18 * * 1-5", TOKYO, 4 * HOUR), named=MADE_AT),
        sends=_at_times(TOKYO, (time(6), time(18)), 3 * HOUR, _is_workday),
        kept=60,
    ),
    Feed(
        name="a table, four times a day",
        promises=_promise("0 */6 * * *", BERLIN, 30 * MINUTE),
        sends=_at_times(
            BERLIN, (time(), time(6), time(12), time(18)), 20 * MINUTE, lambda _: True
        ),
        faults=(Fault.MISSING,),
        kept=6,
        read_at=(time(0, 35), time(6, 35), time(12, 35), time(18, 35)),
    ),
    Feed(
        name="a table, on workdays",
        promises=_promise("0 22 * * 1-5", BERLIN, 2 * HOUR),
        sends=_at_times(BERLIN, (time(22),), 100 * MINUTE, _is_workday),
        faults=(Fault.MISSING,),
        kept=120,
        read_at=(time(3),),
    ),
)
