"""What a person sees of the demo in Dagster: started, run and read in a real browser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from playwright.sync_api import Page, Route, expect, sync_playwright

from estate.lifecycle import running
from harness.dagster import keys
from harness.pilot import loading
from harness.pilot.model import Source
from harness.pilot.plan import plan
from tests.cli import DEMO
from tests.harness.dagster_ui import Ui, served
from tests.harness.night import copy_pilot

pytestmark = [pytest.mark.estate_full("chromium"), pytest.mark.long]
CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MILLISECONDS = 60_000
PILOT = loading.load(DEMO).pilot
SOURCES = PILOT.sources[:2]
"""Enough to see: of all others `test_ui.py` reads the same from the same server."""
DATASETS = [(source.name, source.contracts[0].name) for source in SOURCES]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody at a browser, and what went wrong before their eyes."""

    page: Page
    ui: Ui
    pictures: Path
    problems: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    """Addresses beyond this machine that a page asked for; it was not given them."""

    def watch(self) -> None:
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on(
            "console",
            lambda said: self.problems.append(said.text) if said.type == "error" else None,
        )

        def kept_here(route: Route) -> None:
            self.strangers.append(route.request.url)
            route.abort()

        self.page.route(lambda url: not url.startswith(self._root), kept_here)

    def opens(self, path: str) -> None:
        self.page.goto(self._root + path)

    def sees(self, text: str, *, exact: bool = True) -> None:
        expect(self.page.get_by_text(text, exact=exact).first).to_be_visible()

    def clicks(self, role: Any, name: str | re.Pattern[str]) -> None:
        """By the words on it: its name for a reader aloud has its icon's before them."""
        self.page.get_by_role(role).filter(has_text=name).first.click()

    def keeps_a_picture(self, name: str) -> None:
        """And is shown a page: with words on it, none of them ours by mistake, nothing over it."""
        self.page.wait_for_load_state("networkidle")
        self.page.screenshot(path=self.pictures / f"{name}.png")
        words = self.page.inner_text("body")
        assert len(words) > 200
        for raw in ("<Check", "<Schema", "object at 0x", "Traceback", "undefined", "[object"):
            assert raw not in words
        assert self.page.get_by_role("dialog").count() == 0

    @property
    def _root(self) -> str:
        return f"http://127.0.0.1:{self.ui.port}"


@pytest.fixture(scope="module")
def ui(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ui]:
    home = tmp_path_factory.mktemp("demo")
    with running() as estate:
        environ = {"PATH": "/usr/bin:/bin", "HOME": str(home), **estate.environ}
        pilot = copy_pilot(DEMO, home / "pilot")
        with served(pilot, cwd=home, environ=environ, out=home / "out") as started:
            yield started


@pytest.fixture(scope="module")
def somebody(ui: Ui, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Person]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS])
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.set_default_timeout(MILLISECONDS)
        expect.set_options(timeout=MILLISECONDS)
        one = Person(page=page, ui=ui, pictures=tmp_path_factory.mktemp("pictures"))
        one.watch()
        page.goto(ui.address)
        yield one
        browser.close()


@pytest.fixture
def person(somebody: Person) -> Iterator[Person]:
    """No page that they see complains, or asks for anything beyond this machine."""
    yield somebody
    told = [*somebody.problems, *somebody.strangers]
    somebody.problems.clear()
    somebody.strangers.clear()
    assert told == []


@pytest.fixture(scope="module")
def proven(somebody: Person) -> dict[tuple[str, str | None, str], Any]:
    """Started by hand as a user does it; gives the verdicts by source, dataset and claim."""
    somebody.opens("/")
    somebody.clicks("link", "Jobs")
    somebody.clicks("link", re.compile("^prove$"))
    somebody.sees("Materialize all")
    somebody.keeps_a_picture("job")
    somebody.clicks("button", "Materialize all")
    somebody.clicks("link", "Runs")
    # What is planted is found; the run waits in the queue first, and then for the vendor's quota.
    expect(somebody.page.get_by_text("Failure", exact=True)).to_be_visible(
        timeout=3 * MILLISECONDS
    )
    somebody.keeps_a_picture("runs")
    document = json.loads((somebody.ui.out / "verdicts.json").read_text())
    return {(v["source"], v["dataset"], v["claim"]): v for v in document["verdicts"]}


def named(place: tuple[str, str]) -> str:
    return ".".join(place)


def address(source: str, dataset: str) -> str:
    return "/assets/" + "/".join(keys.proven(PILOT, source, dataset).path)


CHECKED = list(
    dict.fromkeys(
        keys.check(PILOT, p).asset_key
        for p in plan(PILOT)
        if p.source in [source.name for source in SOURCES]
    )
)
"""A page for each: the way in, the readings, and what orders promised of customers."""


@pytest.mark.parametrize("asset", CHECKED, ids=lambda asset: asset.path[-1])
def test_each_check_shows_its_outcome_and_what_was_expected_and_observed(
    person: Person, proven: dict[Any, Any], asset: dg.AssetKey
) -> None:
    owed = {
        p.claim: proven[p.source, p.dataset, p.claim]
        for p in plan(PILOT)
        if keys.check(PILOT, p).asset_key == asset
    }
    person.opens("/assets/" + "/".join(asset.path) + "?view=checks")
    person.sees(f"Checks ({len(owed)})")
    for claim, verdict in owed.items():
        person.page.get_by_text(claim, exact=True).first.click()
        person.sees(f"{verdict['outcome']}: {verdict['because']}")
        for name in ("expected", "observed", "n", "method", "outcome"):
            row = person.page.get_by_role("row").filter(
                has=person.page.get_by_text(name, exact=True)
            )
            expect(row.first).to_contain_text(str(verdict[name]))
    person.keeps_a_picture(f"checks-{asset.path[-1]}")


@pytest.mark.parametrize("place", DATASETS, ids=named)
def test_a_dataset_shows_its_owners_columns_schedule_and_trends(
    person: Person, proven: dict[Any, Any], place: tuple[str, str]
) -> None:
    owner = loading.load(DEMO).settings.owners[place[0]]
    person.opens(address(*place))
    person.sees("Latest materialization")
    for name in (owner.owner, owner.deputy):
        assert name is not None
        person.sees(name)
    contract = next(c for c in pilot_source(place[0]).contracts if c.name == place[1])
    for column in contract.schema.columns:
        person.sees(column)
    person.sees("Schedules")
    person.keeps_a_picture(f"overview-{named(place)}")
    person.clicks("button", "Plots")
    for figure in ("rows", "attempts", *(["lag_seconds"] if contract.promises.event_time else [])):
        person.sees(figure)
    expect(person.page.locator("canvas").first).to_be_visible()
    person.page.locator("canvas").first.scroll_into_view_if_needed()
    person.keeps_a_picture(f"trends-{named(place)}")


def pilot_source(name: str) -> Source:
    return next(source for source in PILOT.sources if source.name == name)


def test_the_evidence_shows_its_counts_and_its_nights_and_leads_to_the_report(
    person: Person, proven: dict[Any, Any]
) -> None:
    person.opens("/assets/" + "/".join(keys.evidence(PILOT).path))
    for name in ("planned", "executed", "broken", "bundles", "calendar", "nights_bad"):
        person.sees(name)
    person.keeps_a_picture("evidence")
    with person.page.expect_popup() as opened:
        person.page.locator('a[href$="/seatrial/results/report.html"]').first.click()
    expect(opened.value.locator("h1").first).to_be_visible()
    opened.value.close()


def test_how_fresh_a_table_is_shows_at_its_source(person: Person, proven: dict[Any, Any]) -> None:
    source, dataset = DATASETS[0]
    person.opens("/assets/" + "/".join(keys.at_source(PILOT, source, dataset).path))
    person.sees("Freshness policy", exact=False)
    person.keeps_a_picture("freshness")


def test_nights_that_are_not_armed_are_shown_as_switched_off(person: Person) -> None:
    person.opens("/automation")
    person.sees("nightly")
    expect(person.page.get_by_role("checkbox").last).not_to_be_checked()
    person.keeps_a_picture("automation")


def test_the_whole_pilot_is_drawn_as_one_line(person: Person, proven: dict[Any, Any]) -> None:
    person.opens("/asset-groups")
    for source in PILOT.sources:
        person.sees(keys.name(source.name))
    person.keeps_a_picture("lineage")
