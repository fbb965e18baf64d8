"""Two people come to the UI by their company's log-in: one starts runs, the other looks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.oidc_login import provider, proxy
from tests.browser.test_dagster_in_a_browser import CHROMIUM, FLAGS
from tests.harness.acme_layout import lay_out
from tests.harness.dagster_ui import Ui, free_port, served, until
from tests.harness.web.conftest import PROXY, SECRET

pytestmark = [pytest.mark.estate_full("chromium", "npm", "apache2"), pytest.mark.long]

TAGS = """
{ runsOrError { ... on Runs { results { tags { key value } } } } }
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """The UI behind the proxy, and a browser."""

    ui: Ui
    origin: str
    browser: Browser

    def logs_in(self, name: str) -> Page:
        """As a person does it; they are then where they wanted to go."""
        page = self.browser.new_context(viewport={"width": 1300, "height": 900}).new_page()
        page.set_default_timeout(60_000)
        page.goto(f"{self.origin}/seatrial")
        page.fill("input[name=login]", name)
        page.fill("input[name=password]", "any")
        page.click("button[type=submit]")
        page.click("button[type=submit]")  # they consent
        page.wait_for_url(f"{self.origin}/seatrial")
        return page


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    folder = tmp_path_factory.mktemp("company")
    acme, out = lay_out(folder), folder / "out"
    at, login = free_port(), free_port()
    origin = f"http://127.0.0.1:{at}"
    settings = PROXY.replace("https://seatrial.acme.example", origin).replace(
        "127.0.0.2", "127.0.0.1"
    )
    with (acme.folder / "pilot.yaml").open("a") as file:
        file.write(settings)
    environ = {**acme.environ, "ACME_PROXY": SECRET}
    with (
        served("acme", cwd=acme.elsewhere, environ=environ, out=out) as ui,
        provider(folder, port=login, redirect=f"{origin}/oidc/callback"),
        proxy(folder, port=at, ui=ui.port, login=login, secret=SECRET),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS])
        yield Company(ui=ui, origin=origin, browser=browser)
        browser.close()


def test_who_is_not_logged_in_is_sent_to_the_log_in(company: Company) -> None:
    answer = httpx.get(f"{company.origin}/seatrial")
    assert answer.status_code == 302
    assert "/auth?" in answer.headers["Location"]


def test_an_operator_starts_a_run_in_her_own_name(company: Company) -> None:
    page = company.logs_in("ada@acme.example")
    expect(page.get_by_text("ada@acme.example, operator")).to_be_visible()
    page.get_by_role("link", name="Start a run").click()
    page.get_by_role("button").filter(has_text="Materialize all").first.click()
    until(lambda: "seatrial/user" in str(company.ui.ask(TAGS)))
    (run,) = company.ui.ask(TAGS)["runsOrError"]["results"]
    tags = {tag["key"]: tag["value"] for tag in run["tags"]}
    assert tags["seatrial/user"] == "ada@acme.example"
    assert tags["seatrial/role"] == "operator"


@pytest.mark.attempt(1)
def test_a_reader_is_known_and_starts_nothing(company: Company) -> None:
    page = company.logs_in("bo@acme.example")
    expect(page.get_by_text("bo@acme.example, reader")).to_be_visible()
    expect(page.get_by_role("link", name="Start a run")).to_have_count(0)
    page.goto(f"{company.origin}/locations/acme/jobs/prove")
    button = page.get_by_role("button").filter(has_text="Materialize all").first
    expect(button).to_be_disabled(timeout=60_000)
    answer = page.evaluate(
        """async () => (await fetch('/graphql', {
          method: 'POST', headers: {'Content-Type': 'application/json'},
          body: JSON.stringify({query: 'mutation { setNuxSeen }'})
        })).status"""
    )
    assert answer == 403


@pytest.mark.attempt(1)
def test_nobody_names_themselves_past_the_proxy(company: Company) -> None:
    """What a browser sends under the proxy's names is overwritten."""
    page = company.browser.new_context(
        extra_http_headers={"X-Forwarded-User": "ada@acme.example"}
    ).new_page()
    page.goto(f"{company.origin}/seatrial")
    assert "ada@acme.example, operator" not in page.content()
    page.context.close()
    bo = company.logs_in("bo@acme.example")
    bo.set_extra_http_headers({"X-Forwarded-User": "ada@acme.example"})
    bo.reload()
    expect(bo.get_by_text("bo@acme.example, reader")).to_be_visible()
