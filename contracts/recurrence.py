"""A cadence as a rule of RFC 5545: its days are found by dateutil, its times are multiplied here,
so that no rule is stepped through by minutes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime, time

from contracts.calendar import EVER, Rule, shown
from contracts.promises import ContractError

_AS_RULE = "write it as FREQ=MONTHLY;BYMONTHDAY=-1;BYHOUR=18 (RFC 5545, 3.3.10)"
_SINCE = datetime(2000, 1, 1)  # noqa: DTZ001 - on the promised zone's clock
_EVERY_DAY = "MO,TU,WE,TH,FR,SA,SU"
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


def recurrence_rule(text: str) -> Rule:
    """The rule that it says. Raises ContractError."""
    lines: dict[str, str] = {}
    for line in text.upper().split("\n"):
        name, colon, value = line.strip().rpartition(":")
        name = name if colon else "RRULE"
        if name in lines or name not in ("DTSTART", "RRULE", "RDATE", "EXDATE"):
            raise ContractError(
                f"cadence {shown(text)}: {shown(name)} is no line, or there twice: write "
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
                f"cadence {shown(text)} ends by its {name}: a promise has no end, leave it out"
            )
        if name in parts or not _is_part(name, value, freq):
            raise ContractError(
                f"cadence {shown(text)}: {shown(part)} is unknown, out of range or there twice: "
                f"{_AS_RULE}"
            )
        parts[name] = value
    if "FREQ" not in parts:
        raise ContractError(f"cadence {shown(text)} has no FREQ: {_AS_RULE}")
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
        f"cadence {shown(text)}: {shown(one)} is no time: write 20261228T060000, on the clock "
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
                f"cadence {shown(text)}: an INTERVAL of {freq} divides {whole}, and it has no "
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
            f"cadence {shown(text)} has BYSETPOS and several times of a day: name one time, or "
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
            f"cadence {shown(text)}: {min(unfit)} does not go with this FREQ (RFC 5545, 3.3.10): "
            "use MONTHLY or YEARLY"
        )
    if begins is None and not _stands_alone(parts):
        raise ContractError(
            f"cadence {shown(text)} does not tell from when it counts: name the days (BYDAY, "
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
        next(days(*EVER), None)
    except (ValueError, TypeError, OverflowError) as error:
        raise ContractError(f"cadence {shown(text)} is no rule ({error}): {_AS_RULE}") from None
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
