"""A promised cadence as text: a cron expression or an RFC 5545 rule.

    0 6 * * 1-5                               minute hour day month weekday
    FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;BYHOUR=18
    DTSTART:20260105T060000                   from when an INTERVAL counts
    RRULE:FREQ=WEEKLY;INTERVAL=2
    EXDATE:20261224T060000                    one that does not come
    RDATE:20261228T060000                     one that comes beside the rule

Days are found by dateutil, times are multiplied here: no rule is stepped through by minutes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime, time
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from contracts.calendar import Calendar, Rule
from contracts.promises import ContractError

MOST_A_DAY = 288
"""One delivery each five minutes."""
_AS_CRON = "write it as 0 6 * * 1-5: minute, hour, day of the month, month, day of the week"
_AS_RULE = "write it as FREQ=MONTHLY;BYMONTHDAY=-1;BYHOUR=18 (RFC 5545, 3.3.10)"
_SINCE = datetime(2000, 1, 1)  # noqa: DTZ001 - on the promised zone's clock
_ALL = (_SINCE.date(), date(2400, 1, 1))
"""After 400 years each date is of the same weekday again."""
_EVERY_DAY = "MO,TU,WE,TH,FR,SA,SU"
_MACROS = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


class _Field(NamedTuple):
    name: str
    low: int
    high: int
    names: Mapping[str, int] = {}


_FIELDS = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day of the month", 1, 31),
    _Field("month", 1, 12, {name: n for n, name in enumerate(_MONTHS, start=1)}),
    _Field("day of the week", 0, 7, {name: n for n, name in enumerate(_WEEKDAYS)}),
)
_PARTS: Mapping[str, tuple[int, int]] = {
    "INTERVAL": (1, 1000),
    "BYMINUTE": (0, 59),
    "BYHOUR": (0, 23),
    "BYMONTHDAY": (1, 31),
    "BYYEARDAY": (1, 366),
    "BYWEEKNO": (1, 53),
    "BYMONTH": (1, 12),
    "BYSETPOS": (1, 366),
}
_SIGNED = frozenset(("BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS"))
_WEEKDAY = "(?:MO|TU|WE|TH|FR|SA|SU)"
_NTH = {"MONTHLY": "(?:[+-]?[1-5])?", "YEARLY": "(?:[+-]?(?:[1-9]|[1-4][0-9]|5[0-3]))?"}
"""How BYDAY may number a weekday; dateutil fails on more than there are."""
_WALL = re.compile(r"\d{8}(?:T\d{6})?")


@lru_cache
def calendar(text: str, zone: ZoneInfo, excluded: tuple[date, ...] = ()) -> Calendar:
    """The calendar of a promised text. Raises ContractError."""
    return Calendar(rule=rule(text), zone=zone, excluded=frozenset(excluded))


@lru_cache
def rule(text: str) -> Rule:
    """The rule that a text says. Raises ContractError, one line with what to write."""
    plain = text.strip()
    found = _rfc(plain) if "FREQ=" in plain.upper() else _cron(plain)
    if len(found.times) > MOST_A_DAY:
        raise ContractError(
            f"cadence {_shown(text)} is due {len(found.times)} times a day, and at most "
            f"{MOST_A_DAY} are judged: let several make one delivery"
        )
    if next(iter(found.days(*_ALL)), None) is None:
        raise ContractError(
            f"cadence {_shown(text)} never comes due, for no such day exists: correct the days"
        )
    return found


def _shown(text: str) -> str:
    return ascii(text if len(text) <= 80 else f"{text[:79]}…")  # noqa: PLR2004 - a line has room for as much


def _cron(text: str) -> Rule:
    fields = _MACROS.get(text.lower(), text).split()
    if len(fields) != len(_FIELDS):
        raise ContractError(
            f"cadence {_shown(text)} has {len(fields)} fields where cron has five: {_AS_CRON}"
        )
    minutes, hours, month_days, months, weekdays = (
        _cron_field(written, field, text) for written, field in zip(fields, _FIELDS, strict=True)
    )
    # As every cron does: where both are restricted, either will do.
    either = not (fields[2].startswith("*") or fields[4].startswith("*"))

    def days(first: date, last: date) -> Iterator[date]:
        for ordinal in range(first.toordinal(), last.toordinal() + 1):
            day = date.fromordinal(ordinal)
            if day.month not in months:
                continue
            by_date, by_name = day.day in month_days, not weekdays.isdisjoint(_said_as(day))
            if (by_date or by_name) if either else (by_date and by_name):
                yield day

    return Rule(
        days=days,
        times=tuple(time(hour, minute) for hour in sorted(hours) for minute in sorted(minutes)),
        is_hourly=fields[1].startswith("*"),
    )


def _said_as(day: date) -> tuple[int, ...]:
    """Its weekday in cron, where 0 and 7 are Sunday."""
    return (0, 7) if day.isoweekday() == 7 else (day.isoweekday(),)  # noqa: PLR2004 - Sunday


def _cron_field(written: str, field: _Field, text: str) -> frozenset[int]:
    found: set[int] = set()
    for part in written.lower().split(","):
        span, slash, step = part.partition("/")
        begin, dash, end = span.partition("-")
        first = field.low if span == "*" else _cron_number(begin, field.names)
        to_the_end = span == "*" or (slash and not dash)
        last = field.high if to_the_end else _cron_number(end if dash else begin, field.names)
        by = _cron_number(step, {}) if slash else 1
        if first is None or last is None or not by or not field.low <= first <= last <= field.high:
            raise ContractError(
                f"cadence {_shown(text)}: {part!a} is no {field.name} from {field.low} to "
                f"{field.high}: {_AS_CRON}; for the last day of a month, {_AS_RULE}"
            )
        found.update(range(first, last + 1, by))
    return frozenset(found)


def _cron_number(text: str, names: Mapping[str, int]) -> int | None:
    if text in names:
        return names[text]
    return int(text) if re.fullmatch(r"[0-9]{1,2}", text) else None


def _rfc(text: str) -> Rule:
    lines: dict[str, str] = {}
    for line in text.upper().split("\n"):
        name, colon, value = line.strip().rpartition(":")
        name = name if colon else "RRULE"
        if name in lines or name not in ("DTSTART", "RRULE", "RDATE", "EXDATE"):
            raise ContractError(
                f"cadence {_shown(text)}: {_shown(name)} is no line, or there twice: write "
                "DTSTART, RRULE, RDATE and EXDATE, each once, on the clock of the promised zone"
            )
        lines[name] = value
    parts = _parts(lines.get("RRULE", ""), text)
    begins = _walls(lines["DTSTART"], text)[0] if "DTSTART" in lines else None
    times, rest = _times(parts, begins or _SINCE, text)
    return Rule(
        days=_days(rest, begins, text),
        times=times,
        is_hourly=parts["FREQ"] in ("HOURLY", "MINUTELY"),
        also=tuple(_walls(lines["RDATE"], text)) if "RDATE" in lines else (),
        never=frozenset(_walls(lines["EXDATE"], text)) if "EXDATE" in lines else frozenset(),
    )


def _parts(line: str, text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    freq = (re.findall(r"FREQ=([A-Z]+)", line) or [""])[0]
    for part in line.split(";"):
        name, _, value = part.partition("=")
        if name in ("UNTIL", "COUNT"):
            raise ContractError(
                f"cadence {_shown(text)} ends by its {name}: a promise has no end, leave it out"
            )
        if name in parts or not _is_part(name, value, freq):
            raise ContractError(
                f"cadence {_shown(text)}: {_shown(part)} is unknown, out of range or there twice: "
                f"{_AS_RULE}"
            )
        parts[name] = value
    if "FREQ" not in parts:
        raise ContractError(f"cadence {_shown(text)} has no FREQ: {_AS_RULE}")
    return parts


def _is_part(name: str, value: str, freq: str) -> bool:
    if name == "FREQ":
        return value in ("MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY")
    if name == "WKST":
        return re.fullmatch(_WEEKDAY, value) is not None
    if name == "BYDAY":
        one = _NTH.get(freq, "") + _WEEKDAY
        return re.fullmatch(f"{one}(?:,{one})*", value) is not None
    if name not in _PARTS or (name == "INTERVAL" and "," in value):
        return False
    low, high = _PARTS[name]
    sign = "[+-]?" if name in _SIGNED else ""
    return all(
        re.fullmatch(rf"{sign}[0-9]{{1,4}}", one) is not None and low <= abs(int(one)) <= high
        for one in value.split(",")
    )


def _walls(value: str, text: str) -> list[datetime]:
    return [_wall(one, text) for one in value.split(",")]


def _wall(one: str, text: str) -> datetime:
    if _WALL.fullmatch(one):
        with suppress(ValueError):
            return datetime.fromisoformat(one)
    raise ContractError(
        f"cadence {_shown(text)}: {_shown(one)} is no time: write 20261228T060000, on the clock "
        "of the promised zone"
    )


def _times(
    parts: Mapping[str, str], begins: datetime, text: str
) -> tuple[tuple[time, ...], dict[str, str]]:
    """The times of a day, and the rule of the days alone."""
    freq, interval = parts["FREQ"], int(parts.get("INTERVAL", "1"))
    hours, minutes = _numbers(parts, "BYHOUR"), _numbers(parts, "BYMINUTE")
    rest = {name: v for name, v in parts.items() if name not in ("BYHOUR", "BYMINUTE")}
    if freq in ("HOURLY", "MINUTELY"):
        whole, begin = (24, begins.hour) if freq == "HOURLY" else (60, begins.minute)
        if whole % interval or "BYSETPOS" in parts:
            raise ContractError(
                f"cadence {_shown(text)}: an INTERVAL of {freq} divides {whole}, and it has no "
                "BYSETPOS: name the times with BYHOUR and BYMINUTE"
            )
        every = set(range(begin % interval, whole, interval))
        if freq == "HOURLY":
            hours = every & set(hours or every)
        else:
            hours, minutes = hours or set(range(24)), every & set(minutes or every)
        rest = {name: v for name, v in rest.items() if name != "INTERVAL"} | {"FREQ": "DAILY"}
    times = [time(h, m) for h in hours or {begins.hour} for m in minutes or {begins.minute}]
    if len(times) > 1 and "BYSETPOS" in parts:
        raise ContractError(
            f"cadence {_shown(text)} has BYSETPOS and several times of a day: name one time, or "
            "the days without BYSETPOS"
        )
    return tuple(sorted(times)), rest


def _numbers(parts: Mapping[str, str], name: str) -> set[int]:
    return {int(one) for one in parts[name].split(",")} if name in parts else set()


def _days(
    parts: Mapping[str, str], begins: datetime | None, text: str
) -> Callable[[date, date], Iterator[date]]:
    from dateutil.rrule import rrulestr  # type: ignore[import-untyped] # it tells no types

    if unfit := _ONLY_WITH[parts["FREQ"]] & parts.keys():
        raise ContractError(
            f"cadence {_shown(text)}: {min(unfit)} does not go with this FREQ (RFC 5545, 3.3.10): "
            "use MONTHLY or YEARLY"
        )
    if begins is None and not _stands_alone(parts):
        raise ContractError(
            f"cadence {_shown(text)} does not tell from when it counts: name the days (BYDAY, "
            "BYMONTHDAY), or put DTSTART:20260105T060000 on a line above RRULE:"
        )
    if parts["FREQ"] == "DAILY" and parts.get("INTERVAL", "1") == "1":
        # The same days; dateutil steps through months thirty times as fast, where no day is one.
        parts = {"BYDAY": _EVERY_DAY, **parts, "FREQ": "MONTHLY"}
    line = ";".join(f"{name}={value}" for name, value in parts.items())

    def days(first: date, last: date) -> Iterator[date]:
        # Without a beginning, from one that holds each week, month and year of these days whole.
        start = begins or datetime(max(1, first.year - 1), 1, 1)  # noqa: DTZ001 - no zone yet
        for moment in rrulestr(line, dtstart=start.replace(hour=0, minute=0, second=0)):
            if (day := moment.date()) > last:
                return
            if day >= first:
                yield day

    try:
        next(days(*_ALL), None)
    except (ValueError, TypeError, OverflowError) as error:
        raise ContractError(f"cadence {_shown(text)} is no rule ({error}): {_AS_RULE}") from None
    return days


_OF_YEARS = frozenset(("BYYEARDAY", "BYWEEKNO"))
_ONLY_WITH: Mapping[str, frozenset[str]] = {
    "DAILY": _OF_YEARS | {"BYSETPOS"},
    "WEEKLY": _OF_YEARS | {"BYMONTHDAY"},
    "MONTHLY": _OF_YEARS,
    "YEARLY": frozenset(),
}


def _stands_alone(parts: Mapping[str, str]) -> bool:
    """Whether the days are the same from whatever day the rule begins."""
    names_days = parts["FREQ"] == "DAILY" or {"BYDAY", "BYMONTHDAY", "BYYEARDAY"} & parts.keys()
    return parts.get("INTERVAL", "1") == "1" and bool(names_days)
