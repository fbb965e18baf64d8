"""What a person sees of a run that found something broken: one sentence, and no stack trace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.harness.acme_layout import lay_out
from tests.harness.dagster_ui import Ui, served

pytestmark = pytest.mark.estate_full("chromium")
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
MILLISECONDS = 60_000
SENTENCE = "3 of 26 claims are broken or could not be judged: web-shop.orders conforms BROKEN"
TRACES = ("Traceback", "Stack Trace", 'File "', "execute_plan.py", "dagster._core")


@pytest.fixture(scope="module")
def ui(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ui]:
    acme = lay_out(tmp_path_factory.mktemp("acme"))
    out = acme.elsewhere / "out"
    with served(acme.folder, cwd=acme.elsewhere, environ=acme.environ, out=out) as started:
        yield started


@pytest.fixture(scope="module")
def run(ui: Ui) -> str:
    run = ui.launch("acme")
    assert ui.ended(run) == "FAILURE"
    return run


@pytest.fixture(scope="module")
def page(ui: Ui) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.set_default_timeout(MILLISECONDS)
        expect.set_options(timeout=MILLISECONDS)
        page.goto(ui.address)
        yield page
        browser.close()


def test_the_run_says_in_one_sentence_what_is_broken(
    page: Page, ui: Ui, run: str, tmp_path: Path
) -> None:
    page.goto(f"http://127.0.0.1:{ui.port}/runs/{run}")
    for event in ("STEP_FAILURE", "RUN_FAILURE"):
        expect(page.get_by_text(event).first).to_be_visible()
    expect(page.get_by_text(SENTENCE)).to_have_count(2)
    page.screenshot(path=tmp_path / "run.png")
    words = page.inner_text("body")
    assert not [trace for trace in TRACES if trace in words], words


def test_the_verdict_shows_that_it_is_not_ready_and_what_is_in_the_way(
    page: Page, ui: Ui, run: str, tmp_path: Path
) -> None:
    path = "/assets/acme/verdict?view=checks&checkDetail=ready"
    page.goto(f"http://127.0.0.1:{ui.port}{path}")
    expect(page.get_by_text("24 of 26 planned verdicts stand in the way").first).to_be_visible()
    for name in ("planned", "broken", "in_the_way"):
        expect(page.get_by_text(name, exact=True).first).to_be_visible()
    page.screenshot(path=tmp_path / "ready.png")
