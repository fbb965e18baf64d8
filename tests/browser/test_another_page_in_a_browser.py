"""What a page elsewhere can do to a running UI in the browser of its operator: nothing.

The page is on another port of this machine, so for the browser it is of the same site, and the
cookie is sent with what it asks. Our own page does the same, as the control of each attempt.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.test_dagster_in_a_browser import CHROMIUM, FLAGS
from tests.harness.acme_layout import lay_out
from tests.harness.dagster_ui import Ui, served

pytestmark = [pytest.mark.estate_full("chromium"), pytest.mark.long, pytest.mark.attempt(1)]

RUNS = "{ runsOrError { ... on Runs { results { runId } } } }"
CHANGES = "mutation { setNuxSeen }"
"""What a page tries, in place of starting a run."""
FETCH = """async ([root, kind, address, body]) => {
  try {
    const mode = kind === 'application/json' ? 'cors' : 'no-cors';
    const headers = {'Content-Type': kind};
    const options = {method: 'POST', mode, credentials: 'include', headers, body};
    return (await fetch(root + address, options)).status;
  } catch (error) { return 'refused'; }
}"""
SOCKET = """([root]) => new Promise(ended => {
  const socket = new WebSocket(root.replace('http', 'ws') + '/graphql', 'graphql-ws');
  socket.onopen = () => ended('open');
  socket.onerror = () => ended('refused');
})"""
FRAME = """([root]) => new Promise(ended => {
  const frame = document.createElement('iframe');
  frame.onload = () => ended('loaded');
  frame.src = root + '/seatrial';
  document.body.append(frame);
})"""
DESCRIBED = "**To pay** ![p](http://evil.example/p.png) [a](http://evil.example) www.evil.example"
"""What a catalogue may say of a column, and a draft take over."""
FORM = """([root, kind, address]) => {
  const form = document.createElement('form');
  Object.assign(form, {method: 'POST', enctype: kind, action: root + address});
  document.body.append(form);
  form.submit();
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The operator's browser, and what the UI answered it."""

    browser: Browser
    page: Page
    ui: Ui
    elsewhere: str
    answers: list[tuple[str, int]]

    def on_another_page(self) -> None:
        self.page.goto(self.elsewhere)
        self.answers.clear()

    def on_our_page(self) -> None:
        self.page.goto(self.ui.root + "/runs")
        self.answers.clear()

    def statuses(self) -> set[int]:
        return {status for _, status in self.answers}


class _Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>elsewhere</title><body>elsewhere")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def another_page() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    acme = lay_out(tmp_path_factory.mktemp("acme"))
    contract = acme.folder / "contracts" / "orders.py"
    text = contract.read_text()
    assert "To pay, in euros" in text
    contract.write_text(text.replace("To pay, in euros", DESCRIBED))
    out: Path = tmp_path_factory.mktemp("ui")
    with (
        another_page() as elsewhere,
        served("acme", cwd=acme.elsewhere, environ=acme.environ, out=out) as ui,
        sync_playwright() as playwright,
    ):
        rebinding = "--host-resolver-rules=MAP evil.example 127.0.0.1"
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, rebinding])
        page = browser.new_page()
        page.goto(ui.address)
        answers: list[tuple[str, int]] = []
        page.on("response", lambda r: answers.append((r.url, r.status)))
        yield Told(browser=browser, page=page, ui=ui, elsewhere=elsewhere, answers=answers)
        browser.close()


@pytest.fixture(autouse=True)
def _nothing_was_started(told: Told) -> Iterator[None]:
    yield
    assert told.ui.ask(RUNS) == {"runsOrError": {"results": []}}


def test_it_fetches_nothing(told: Told) -> None:
    body = f'{{"query": "{CHANGES}"}}'
    asked = [told.ui.root, "application/json", "/graphql", body]
    told.on_another_page()
    assert told.page.evaluate(FETCH, asked) == "refused"
    told.on_our_page()
    assert told.page.evaluate(FETCH, asked) == 200


def test_it_sends_nothing_that_needs_no_leave(told: Told) -> None:
    """A simple request (Fetch 4.6): sent without asking, though its answer is not shown."""
    asked = [told.ui.root, "text/plain", f"/graphql?query={CHANGES}", ""]
    told.on_another_page()
    assert told.page.evaluate(FETCH, asked) == "refused"
    told.on_our_page()
    assert told.page.evaluate(FETCH, asked) == 415  # as Dagster would run it


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded"])
def test_it_submits_no_form(told: Told, kind: str) -> None:
    told.on_another_page()
    with told.page.expect_navigation():
        told.page.evaluate(FORM, [told.ui.root, kind, f"/graphql?query={CHANGES}"])
    assert told.statuses() == {403}


def test_it_opens_no_socket(told: Told) -> None:
    told.on_another_page()
    assert told.page.evaluate(SOCKET, [told.ui.root]) == "refused"
    told.on_our_page()
    assert told.page.evaluate(SOCKET, [told.ui.root]) == "open"


def test_it_shows_us_in_no_frame(told: Told) -> None:
    told.on_another_page()
    told.page.evaluate(FRAME, [told.ui.root])
    (frame,) = told.page.frames[1:]
    assert "Predict who orders again" not in frame.content()
    told.page.goto(told.ui.root + "/seatrial")
    assert "Predict who orders again" in told.page.content()


def test_a_link_in_it_opens_a_page_and_changes_nothing(told: Told) -> None:
    """Dagster shows its playground for such an address, and runs nothing by itself."""
    told.on_another_page()
    root = told.ui.root
    told.page.set_content(f"<a id=changes href='{root}/graphql?query={CHANGES}'>a</a>")
    asked: list[str] = []
    told.page.on("request", lambda request: asked.append(request.post_data or ""))
    with told.page.expect_navigation():
        told.page.click("#changes")
    told.page.wait_for_load_state("networkidle")
    assert any("IntrospectionQuery" in sent for sent in asked)
    assert not any("setNuxSeen" in sent for sent in asked)
    told.on_another_page()
    told.page.set_content(f"<a href='{root}/seatrial'>a</a>")
    with told.page.expect_navigation():
        told.page.click("a")
    assert "NOT READY" in told.page.inner_text("body")


def test_words_of_a_source_are_shown_and_fetch_nothing(told: Told) -> None:
    """Dagster takes them for Markdown; the picture would be fetched from there."""
    fetched: list[str] = []
    told.page.on("request", lambda request: fetched.append(request.url))
    told.page.goto(told.ui.root + "/assets/acme/web-shop/orders")
    told.page.get_by_text("**To pay** ![p](http").first.wait_for(timeout=60_000)
    assert told.page.locator("[href*=evil], [src*=evil]").count() == 0
    assert not [url for url in fetched if "evil" in url]


def test_a_name_that_leads_here_shows_nothing(told: Told) -> None:
    """DNS rebinding, with a browser that is made to believe it."""
    page = told.browser.new_page()
    answer = page.goto(told.ui.address.replace("127.0.0.1", "evil.example"))
    assert answer is not None
    assert answer.status == 421
    assert "no host of ours" in page.inner_text("body")
    page.close()
