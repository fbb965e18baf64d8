"""Both reports as people open them: on a phone, in the dark, on paper, by links and read aloud."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from harness.ledger.ledger import open_ledger
from harness.report.summary import PRACTICE
from harness.verdict import Outcome
from tests.browser import pages
from tests.browser.test_dagster_in_a_browser import CHROMIUM, FLAGS
from tests.harness.evidence.bundles import bundle
from tests.harness.evidence.ledgers import night
from tests.servers import install_npm

pytestmark = pytest.mark.estate_full("chromium")
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
MOST = 8_000
"""CSS pixels of a page on a phone, before anything is unfolded."""
KINDS = ["run", "bundle"]
FOLDED = "[...document.querySelectorAll('details')]"
HIDDEN = "one => ![...one.children].slice(1).some(part => part.checkVisibility())"
AXE = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations
  .map(one => [one.id, one.nodes.map(node => node.target.join(' ')).slice(0, 3).join(', ')])"""


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("reports")
    with open_ledger(folder / "ledger.sqlite") as ledger:
        night(ledger, "20261120T020000Z-00000000", 0, end=None)
        night(ledger, "20261122T020000Z-00000001", 2, outcomes=(Outcome.BROKEN, Outcome.UNPROVEN))
    written = {
        "run": pages.page().encode(),
        "bundle": bundle(folder / "ledger.sqlite")["report.html"],
    }
    for name, page in written.items():
        (folder / f"{name}.html").write_bytes(page)
    return {name: folder / f"{name}.html" for name in written}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """axe-core as its lock says: what finds what a reader with other senses cannot use."""
    room = tmp_path_factory.mktemp("axe") / "axe"
    shutil.copytree(Path(__file__).parent / "axe", room)
    install_npm(room)
    return (room / "node_modules" / "axe-core" / "axe.min.js").read_text()


def opened(browser: Browser, report: Path, **how: object) -> Page:
    page = browser.new_page(**how)  # type: ignore[arg-type]  # what Playwright takes
    page.goto(report.as_uri())
    return page


def seen(page: Page, place: str) -> bool:
    return bool(page.evaluate(f"document.querySelector('{place}').checkVisibility()"))


@pytest.mark.estate_full("npm")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("how", [(DESK, "light"), (PHONE, "dark")], ids=["desk", "phone, dark"])
def test_axe_finds_nothing_folded_or_not(
    browser: Browser, reports: dict[str, Path], axe: str, kind: str, how: tuple[object, str]
) -> None:
    size, scheme = how
    page = opened(browser, reports[kind], viewport=size, color_scheme=scheme, bypass_csp=True)
    page.evaluate(axe)
    assert page.evaluate(AXE) == []
    page.evaluate(f"{FOLDED}.forEach(one => one.open = true)")
    assert page.evaluate(AXE) == []


@pytest.mark.estate_full("npm")
def test_guard_off_axe_finds_what_is_wrong(
    browser: Browser, reports: dict[str, Path], axe: str
) -> None:
    page = opened(browser, reports["run"], bypass_csp=True)
    page.evaluate(axe)
    page.evaluate("document.documentElement.removeAttribute('lang')")
    page.evaluate("document.querySelector('.because').style.color = '#999999'")
    assert {name for name, _ in page.evaluate(AXE)} == {"html-has-lang", "color-contrast"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_phone_shows_it_without_much_scrolling(
    browser: Browser, reports: dict[str, Path], kind: str
) -> None:
    page = opened(browser, reports[kind], viewport=PHONE)
    height = page.evaluate("document.documentElement.scrollHeight")
    assert height <= MOST
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    page.evaluate(f"{FOLDED}.forEach(one => one.open = true)")
    assert page.evaluate("document.documentElement.scrollHeight") > height


@pytest.mark.parametrize("kind", KINDS)
def test_every_link_leads_to_something_and_opens_what_is_folded(
    browser: Browser, reports: dict[str, Path], kind: str
) -> None:
    """The ancestors of what a link leads to are opened, by the browser and without a script."""
    page = opened(browser, reports[kind], viewport=DESK)
    targets = set(page.eval_on_selector_all("a", "all => all.map(one => one.hash)"))
    assert {"#words-heading", "#word-fresh", "#verdict-1"} <= targets
    assert not seen(page, "#word-fresh")
    for target in sorted(targets):
        page.goto(reports[kind].as_uri() + target)
        assert seen(page, target), target


@pytest.mark.parametrize("kind", KINDS)
def test_paper_shows_what_is_folded_and_names_the_practice_on_each_page(
    browser: Browser, reports: dict[str, Path], kind: str
) -> None:
    page = opened(browser, reports[kind], viewport=DESK, color_scheme="dark")
    assert not seen(page, "#word-fresh")
    page.emulate_media(media="print")
    assert page.evaluate(f"{FOLDED}.filter({HIDDEN}).length") == 0
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    named = page.evaluate("getComputedStyle(document.body).page")
    assert (named == "practice") is (page.locator(".practice").count() == 1) is (kind == "run")
    assert f'content: "{PRACTICE}"' in reports[kind].read_text()


def test_no_script_and_nothing_from_elsewhere(browser: Browser, reports: dict[str, Path]) -> None:
    page = browser.new_page()
    asked, told = list[str](), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: told.append(message.text))
    page.goto(reports["run"].as_uri())
    assert (asked, told) == ([page.url], [])
    assert page.locator("script").count() == 0
