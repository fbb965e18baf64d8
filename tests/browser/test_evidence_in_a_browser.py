"""A bundle's page as people open it: from the folder, on a desk, on a phone and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from harness.ledger.ledger import open_ledger
from harness.verdict import Outcome
from tests.browser.test_dagster_in_a_browser import CHROMIUM, FLAGS
from tests.harness.evidence.bundles import bundle
from tests.harness.evidence.ledgers import night

pytestmark = pytest.mark.estate_full("chromium")
DESK, PHONE = (1280, 900), (390, 844)
PAPER = 1045
"""CSS pixels that an A4 sheet shows between the page's margins."""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three nights: one was missed, and one run was killed."""
    folder = tmp_path_factory.mktemp("evidence")
    with open_ledger(folder / "ledger.sqlite") as ledger:
        night(ledger, "20261120T020000Z-00000000", 0, end=None)
        night(ledger, "20261122T020000Z-00000001", 2, outcomes=(Outcome.BROKEN, Outcome.STALE))
    (folder / "report.html").write_bytes(bundle(folder / "ledger.sqlite")["report.html"])
    return folder / "report.html"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield opened
        opened.close()


def top(page: Page, place: str) -> float:
    box = page.locator(place).bounding_box()
    assert box is not None, place
    return box["y"]


@pytest.mark.parametrize(("width", "height"), [DESK, PHONE], ids=["desk", "phone"])
def test_it_says_what_was_not_tested_first_and_fits(
    browser: Browser, report: Path, width: int, height: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": height})
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(report.as_uri())
    places = ["#ready", "#untested-heading", "#missed", "#unfinished", "#undecided", "#decided"]
    tops = [top(page, place) for place in (*places, "#runs", "#measured")]
    assert tops == sorted(tops)
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0
    assert asked == [page.url]
    assert complaints == []


def test_page_one_on_paper_says_what_no_claim_speaks_of(browser: Browser, report: Path) -> None:
    page = browser.new_page(viewport={"width": 690, "height": PAPER})
    page.emulate_media(media="print")
    page.goto(report.as_uri())
    assert top(page, "#never") < min(PAPER, top(page, "#decided"))
