"""The words of verdicts: one plain sentence, readable numbers, no value from the data.

Names from a source (columns, files) are shown without control characters and cut short.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

LONGEST_NAME = 60
LONGEST_MESSAGE = 300


def number(n: int) -> str:
    """`1,500`."""
    return f"{n:,}"


def count(n: int, noun: str) -> str:
    """`1 row`, `1,500 rows`."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {plural(noun)}"


def plural(noun: str) -> str:
    """`rows`, `deliveries`, `keys`."""
    return f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2] not in "aeou" else f"{noun}s"


def percent(share: float, *, beside: float | None = None) -> str:
    """`7.1 %`, with more digits where fewer would show all, nothing or the share `beside` it."""
    shown = share
    for digits in range(1, 7):
        shown = round(share * 100, digits)
        if share in (0, 1, beside) or shown not in (0, 100, round((beside or 0) * 100, digits)):
            break
    return f"{shown:.6f}".rstrip("0").rstrip(".") + " %"


def method(confidence: float, trial: str) -> str:
    """How a share was bounded, and what one trial is."""
    told = f"Clopper\N{EN DASH}Pearson, one-sided {percent(confidence)}"
    return f"{told}, one trial a {trial}"


def duration(span: timedelta) -> str:
    """`48 h 00 m`, `12 m 05 s`, `9 s`; with a minus sign for less than nothing."""
    sign = "-" if span < timedelta() else ""
    minutes, seconds = divmod(int(abs(span.total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{sign}{hours:,} h {minutes:02} m"
    return f"{sign}{minutes} m {seconds:02} s" if minutes else f"{sign}{seconds} s"


def moment(at: datetime) -> str:
    """`2026-11-16 23:05 UTC`."""
    return f"{at:%Y-%m-%d %H:%M} {at.tzname() or 'UTC'}"


def weekday(day: date) -> str:
    """`Monday 2026-11-16`."""
    return f"{_WEEKDAYS[day.weekday()]} {day.isoformat()}"


_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def name(text: str) -> str:
    """A name from a source, on one line and safe on a terminal."""
    return _cut(_plain(text), LONGEST_NAME)


def message(text: str) -> str:
    """A failure's message on one line, without its last stop."""
    told = _plain(" ".join(text.split())).rstrip(". ")
    return _cut(told, LONGEST_MESSAGE) or "it gave no reason"


def first(things: Sequence[str], *, at_most: int) -> str:
    """`a, b and 3 more`."""
    rest = len(things) - at_most
    shown = list(things[:at_most]) + ([f"{number(rest)} more"] if rest > 0 else [])
    return listed(shown)


def listed(things: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *some, last = [*things] or ["nothing"]
    return f"{', '.join(some)} and {last}" if some else last


def _plain(text: str) -> str:
    # Controls, bidi overrides, lone surrogates, line ends: with them a name could forge a line.
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
