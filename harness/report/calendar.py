"""Good and bad nights, in weeks: what a month came to at a look."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WEEKS = 5
_DAY = timedelta(days=1)


class Night(StrEnum):
    """What a night came to, in words: no colour and no sign alone says it."""

    READY = "ready"
    """All that is planned is proven, or somebody signed for it."""
    LACKING = "unproven"
    """Nothing was found wrong, and evidence is still missing."""
    BAD = "bad"
    """Something is broken, could not be judged, or the run was cut off."""
    MISSED = "missed"
    """Its run did not begin."""


SIGNS: Mapping[Night, str] = {
    Night.READY: "✓",
    Night.LACKING: "?",
    Night.BAD: "✕",
    Night.MISSED: "○",
}


def first_shown(last: date) -> date:
    """The Monday that a calendar up to `last` begins with."""
    return last - timedelta(days=last.weekday()) - timedelta(weeks=WEEKS - 1)


def markdown(nights: Mapping[date, Night], last: date) -> str:
    """A table in Markdown, one row a week, up to the week of `last`. It has no text from data."""
    start = first_shown(last)
    rows = [
        [f"{monday:%d %b %Y}", *(_cell(monday + day * _DAY, nights) for day in range(7))]
        for monday in (start + timedelta(weeks=week) for week in range(WEEKS))
    ]
    lines = [["Week of", *DAYS], ["---"] * 8, *rows]
    said = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return f"{said}\n\n{' · '.join(f'{SIGNS[one]} {one}' for one in Night)} · empty: no run"


def _cell(day: date, nights: Mapping[date, Night]) -> str:
    night = nights.get(day)
    return f"{day.day}" if night is None else f"{day.day} {SIGNS[night]} {night}"
