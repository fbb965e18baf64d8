"""The start page tells each open incident: whom it was told, when, and who acknowledged."""

from __future__ import annotations

import re

import pytest

from harness.alerts.history import History, RecordedTold
from harness.alerts.incident import incidents
from harness.alerts.records import Told
from harness.dagster.web.told import last_test, open_incidents
from harness.report.start import Start, render
from tests.harness.alerts.made import FIRST, B, E, P, acknowledged, nights, told
from tests.harness.report.results import HOSTILE

HISTORY = nights(P, B, E)
[INCIDENT] = incidents(HISTORY)
HEARD = (told(INCIDENT.id, "room"), told(INCIDENT.id, "mail", failure="answered 503: try later"))


def page(history: History) -> str:
    start = Start(
        pilot="acme",
        title="Late orders",
        environment="dev",
        user="ada",
        role="operator",
        rows=(),
        problem=None,
        report=False,
        operates=True,
        incidents=open_incidents(history),
        tested=last_test(history),
    )
    return render(start)


def page_sent(channel: str, *, run: str, failure: str | None = None) -> RecordedTold:
    one = Told(message="m", channel=channel, people=("Ada",), news=(), failure=failure)
    return RecordedTold(run=run, at=FIRST, told=one)


def test_it_says_who_was_told_and_who_was_not_and_that_nobody_acknowledged() -> None:
    shown = page(HISTORY + History(told=HEARD))
    (table,) = re.findall(r'<table id="incidents".*?</table>', shown, re.DOTALL)
    words = " ".join(re.sub(r"<[^>]+>", " ", table).split())
    assert f"ERROR fresh crm.customers 2026-11-21 02:00:00 UTC, incident {INCIDENT.id}" in words
    assert "2026-11-20 02:00:00 UTC, that it is bad: Ada by room" in words
    assert "not told: Ada by mail (2026-11-20 02:00:00 UTC): answered 503: try later" in words
    assert words.endswith("by nobody yet")


def test_it_says_who_acknowledged_and_when() -> None:
    shown = page(HISTORY + History(acknowledged=(acknowledged(INCIDENT.id, night=2, by="Jonas"),)))
    assert "2026-11-22 08:00:00 UTC, by Jonas" in shown
    assert "by nobody yet" not in shown


def test_what_is_mended_is_not_shown() -> None:
    assert "No incident is open." in page(nights(P, B, P))


def test_it_says_what_came_of_the_last_test_and_of_no_older_one() -> None:
    older = page_sent("pager", run="one", failure="gone")
    newest = (page_sent("room", run="two"), page_sent("mail", run="two", failure="answered 503"))
    shown = page(History(told=(older, *newest, *HEARD)))
    assert (
        "02:00:00 UTC, room took it; 2026-11-20 02:00:00 UTC, mail did not: answered 503." in shown
    )
    assert "gone" not in shown
    assert "Alerts were never tested" in page(History(told=HEARD))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_word_of_a_channel_or_a_person_becomes_an_element(hostile: str) -> None:
    """Fault E09: the same elements stand there as with harmless words."""
    heard = (
        told(INCIDENT.id, "room", failure=hostile),
        page_sent("room", run="t", failure=hostile),
    )
    known = (acknowledged(INCIDENT.id, by=hostile),)
    harmless = HISTORY + History(
        told=(told(INCIDENT.id, "room", failure="no"), page_sent("room", run="t", failure="no")),
        acknowledged=(acknowledged(INCIDENT.id),),
    )
    shown = page(HISTORY + History(told=heard, acknowledged=known))
    assert re.findall(r"<\w+", shown) == re.findall(r"<\w+", page(harmless))
    assert not set("\x00\x07\x1b\u202e\u2066\u200b") & set(shown)
