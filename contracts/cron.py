"""A cadence as a cron expression: minute, hour, day of the month, month, day of the week."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, time
from typing import NamedTuple

from contracts.calendar import Rule, shown
from contracts.promises import ContractError

_AS_CRON = "write it as 0 6 * * 1-5: minute, hour, day of the month, month, day of the week"
_OR_RULE = "for the last day of a month, write it as FREQ=MONTHLY;BYMONTHDAY=-1;BYHOUR=18"
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


def cron_rule(text: str) -> Rule:
    """The rule that it says. Raises ContractError."""
    fields = _MACROS.get(text.lower(), text).split()
    if len(fields) != len(_FIELDS):
        raise ContractError(
            f"cadence {shown(text)} has {len(fields)} fields where cron has five: {_AS_CRON}"
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
                f"cadence {shown(text)}: {part!a} is no {field.name} from {field.low} to "
                f"{field.high}: {_AS_CRON}; {_OR_RULE}"
            )
        found.update(range(first, last + 1, by))
    return frozenset(found)


def _cron_number(text: str, names: Mapping[str, int]) -> int | None:
    if text in names:
        return names[text]
    return int(text) if re.fullmatch(r"[0-9]{1,2}", text) else None
