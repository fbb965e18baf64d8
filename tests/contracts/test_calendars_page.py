"""docs/calendars.md: its promises are accepted, its days are due, its refusals are told so."""

from __future__ import annotations

import re
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from contracts.calendar_text import calendar
from contracts.promises import Promises
from contracts.time_checks import time_problems
from tests.docs import REPOSITORY, snippets

PAGE = REPOSITORY / "docs" / "calendars.md"
ROWS = re.findall(r"^\| `(.+)` \| (.+) \|$", PAGE.read_text(), re.MULTILINE)
DUE = {text: days for text, days in ROWS if "=" not in text or text.startswith("FREQ=")}
REFUSED = {text: told for text, told in ROWS if text not in DUE}


def test_the_promises_shown_are_accepted() -> None:
    (python,) = snippets(PAGE, "python")
    shown: dict[str, object] = {}
    exec(compile(python, str(PAGE), "exec"), shown)
    found = [one for one in shown.values() if isinstance(one, Promises)]
    assert len(found) == 5
    assert [[*time_problems(one)] for one in found] == [[]] * 5


@pytest.mark.parametrize("cadence", DUE)
def test_the_days_shown_are_due(cadence: str) -> None:
    begins = date(2026, 11, 27)
    due = calendar(cadence, ZoneInfo("Europe/Berlin")).due(begins, begins + timedelta(days=200))
    assert ", ".join(f"{one.wall:%a %-d %b %H:%M}" for one in due[:3]) == DUE[cadence]


@pytest.mark.parametrize("promised", REFUSED)
def test_what_is_refused_is_told_as_shown(promised: str) -> None:
    given = eval(f"dict({promised})")
    assert [*time_problems(Promises(key=("id",), **given))] == [REFUSED[promised]]
