"""A report says that it is old, once, and shows the time of the latest run that wrote none."""

from __future__ import annotations

from datetime import UTC, datetime

from harness.report import html, old
from tests.harness.report.sample import as_found

NIGHT = datetime(2026, 11, 28, 3, 30, tzinfo=UTC)
NEXT = datetime(2026, 11, 29, 3, 30, tzinfo=UTC)


def test_a_new_report_is_not_old() -> None:
    assert not old.is_old(html.render(as_found()))


def test_an_old_report_says_since_when_above_all_else_and_in_its_title() -> None:
    page = old.mark_old(html.render(as_found()), at=NIGHT)
    assert old.is_old(page)
    told = "This report is old: a later run, of 2026-11-28 03:30:00 UTC, has written no report."
    assert page.index("<body>") < page.index(told) < page.index("<header>")
    assert "<title>OLD: NOT READY" in page


def test_it_says_so_once_and_of_the_latest_run() -> None:
    page = old.mark_old(html.render(as_found()), at=NIGHT)
    again = old.mark_old(page, at=NEXT)
    assert again == old.mark_old(html.render(as_found()), at=NEXT)
    assert len(again) == len(page)
