"""The start page of a running UI, where a check was reported by hand over a run's verdict."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from harness.say import visible
from tests.harness.acme_layout import Acme
from tests.harness.dagster_ui import Ui, served

pytestmark = pytest.mark.long
EVIDENCE = """
query ($key: [String!]!) { assetOrError(assetKey: {path: $key}) { ... on Asset {
  assetMaterializations(limit: 1) { metadataEntries { label
    ... on UrlMetadataEntry { url } ... on MarkdownMetadataEntry { mdStr }
    ... on IntMetadataEntry { intValue } } } } } }
"""
BY_HAND = {"check_name": "complete", "passed": True}


@pytest.fixture(scope="module")
def ui(acme: Acme, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ui]:
    out = tmp_path_factory.mktemp("ui")
    with served("acme", cwd=acme.elsewhere, environ=acme.environ, out=out) as started:
        before = started.client.get("/seatrial").text
        assert "No run has judged" in before or "there is no ledger" in before
        assert ">NOT READY<" in before
        started.ended(started.launch("acme"))
        yield started


def test_the_printed_address_leads_to_it_without_its_token(ui: Ui) -> None:
    landed = ui.client.get(ui.address)
    assert landed.status_code == 303
    assert landed.headers["Location"] == "/seatrial"
    deeper = ui.client.get(ui.address.replace("/?", "/runs?view=queued&"))
    assert deeper.headers["Location"] == "/runs?view=queued"
    elsewhere = ui.client.get(ui.address.replace("/?", "//evil.example/?"))
    assert elsewhere.headers["Location"] == "/evil.example/"


def test_it_shows_every_verdict_of_the_ledger(ui: Ui) -> None:
    verdicts = json.loads((ui.out / "verdicts.json").read_text())["verdicts"]
    shown = ui.client.get("/seatrial").text
    _, _, table = shown.partition('<table id="verdicts"')
    assert table.count('<tr role="row"') == len(verdicts) + 1  # the heading
    for verdict in verdicts:
        assert visible(verdict["because"]).replace("'", "&#39;") in shown
    good = sum(v["outcome"] == "PROVEN" for v in verdicts)
    assert f"{good} of {len(verdicts)} claims are proven or waived." in shown


def test_it_shows_the_open_incidents_of_the_ledger(ui: Ui) -> None:
    """Acme's environment tells nobody, and nobody acknowledged."""
    verdicts = json.loads((ui.out / "verdicts.json").read_text())["verdicts"]
    bad = [verdict for verdict in verdicts if verdict["outcome"] in ("BROKEN", "ERROR")]
    assert len(bad) >= 2
    shown = ui.client.get("/seatrial").text
    (table,) = re.findall(r'<table id="incidents".*?</table>', shown, re.DOTALL)
    assert table.count('<tr role="row"') == len(bad) + 1  # the heading
    for told in ("outlet.orders", "web-shop.orders", "conforms", ">nobody<", "by nobody yet"):
        assert told in table
    assert "Alerts were never tested" in shown


def test_where_dagster_shows_green_what_nobody_proved_it_says_so(ui: Ui) -> None:
    """First nothing differs: this is its own control."""
    outlet, page = "/report_asset_check/acme/outlet/orders", "/seatrial"
    before = ui.client.get(page).text
    assert "reported by hand" not in before
    assert ui.client.post(outlet, json=BY_HAND).status_code == 200
    after = ui.client.get(page).text
    assert "Dagster says otherwise in 1 of" in after
    (row,) = re.findall(r'<tr role="row" class="misleads">.*?</tr>', after, re.DOTALL)
    for told in ("UNPROVEN", "complete", "outlet.orders", "SUCCEEDED was reported by hand"):
        assert told in row


def test_the_report_of_the_last_run_is_a_page_of_it(ui: Ui) -> None:
    report = ui.client.get("/seatrial/results/report.html")
    assert report.content == Path(ui.out, "report.html").read_bytes()
    policy = report.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "default-src 'none'" in policy
    assert report.headers["X-Content-Type-Options"] == "nosniff"


def test_what_else_stands_in_the_results_has_no_address(ui: Ui) -> None:
    """And nobody without a token sees any of it."""
    for path in ("ledger.sqlite", "ui.log", "..%2fui.log", "%2e%2e/x", "dagster/dagster.yaml"):
        assert ui.client.get(f"/seatrial/results/{path}").status_code == 404
    with httpx.Client(base_url=ui.root) as nobody:
        assert nobody.get("/seatrial/results/report.html").status_code == 401


def test_a_bundle_in_the_results_is_shown_and_linked(ui: Ui) -> None:
    bundle = ui.out / "evidence-1"
    bundle.mkdir()
    for name in ("manifest.json", "report.html", "verify.pyz"):
        (bundle / name).write_text(name)
    assert 'href="/seatrial/results/evidence-1/report.html"' in ui.client.get("/seatrial").text
    shown = ui.client.get("/seatrial/results/evidence-1/manifest.json")
    assert (shown.text, shown.headers["Content-Type"]) == (
        "manifest.json",
        "text/plain; charset=utf-8",
    )
    saved = ui.client.get("/seatrial/results/evidence-1/verify.pyz")
    assert saved.headers["Content-Disposition"] == 'attachment; filename="verify.pyz"'


def test_the_evidence_in_dagster_links_report_and_bundles_and_shows_its_nights(ui: Ui) -> None:
    [made] = ui.ask(EVIDENCE, key=["acme", "evidence"])["assetOrError"]["assetMaterializations"]
    shown = {one["label"]: one for one in made["metadataEntries"]}
    assert shown["report"]["url"] == "/seatrial/results/report.html"
    assert shown["bundles"]["url"] == "/seatrial#bundles-heading"
    assert "bad" in shown["calendar"]["mdStr"]
    assert shown["nights_bad"]["intValue"] == 1


def test_the_cookie_is_for_our_own_page_alone(ui: Ui) -> None:
    """No script reads it, and no page of another site has it sent."""
    cookie = ui.client.get(ui.address).headers["Set-Cookie"].lower()
    assert {"httponly", "samesite=strict"} <= {part.strip() for part in cookie.split(";")}
