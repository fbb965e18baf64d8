"""`seatrial ui` serves a pilot on loopback, from any folder, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import pwd
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from harness.dagster import plain
from tests.cli import seatrial
from tests.harness.acme_layout import Acme
from tests.harness.dagster_ui import Ui, served

pytestmark = pytest.mark.long

CHECKS = """
{ assetNodes { assetKey { path } assetChecksOrError { ... on AssetChecks { checks {
  name description executionForLatestMaterialization { evaluation {
    success severity description
    metadataEntries {
      label ... on TextMetadataEntry { text } ... on IntMetadataEntry { intValue }
    }
  } }
} } } } }
"""
ASSETS = """
{ assetNodes {
  assetKey { path } groupName
  owners { ... on UserAssetOwner { email } ... on TeamAssetOwner { team } }
  internalFreshnessPolicy { ... on TimeWindowFreshnessPolicy { failWindowSeconds } }
  assetMaterializations(limit: 1) {
    metadataEntries { label ... on IntMetadataEntry { intValue } }
  }
} }
"""
RELOAD = """
mutation { reloadRepositoryLocation(repositoryLocationName: "acme") {
  ... on WorkspaceLocationEntry { locationOrLoadError {
    ... on PythonError { errorChain { error { message } } }
  } }
} }
"""
RESUME = """
mutation ($id: String!) { launchRunReexecution(
  reexecutionParams: { parentRunId: $id, strategy: FROM_FAILURE }
) { ... on LaunchRunSuccess { run { runId } } } }
"""
SCHEDULES = """
{ schedulesOrError(repositorySelector: {
  repositoryLocationName: "acme", repositoryName: "__repository__"
}) { ... on Schedules { results { name scheduleState { status } } } } }
"""
TAGS = "query ($id: ID!) { runOrError(runId: $id) { ... on Run { tags { key value } } } }"


NO_CLAIMS = (["acme", "verdict"], ["acme", "gate"])
"""Their one check each is no claim."""


@pytest.fixture(scope="module")
def ui(acme: Acme, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ui]:
    """Started from a folder that is no repository."""
    out = tmp_path_factory.mktemp("ui")
    with served("acme", cwd=acme.elsewhere, environ=acme.environ, out=out) as started:
        yield started


@pytest.fixture(scope="module")
def run(ui: Ui) -> str:
    """The id of a run of everything, started in the UI and ended."""
    started = ui.launch("acme")
    assert ui.ended(started) == "FAILURE"
    return started


def test_it_says_where_it_is_before_it_is_there(ui: Ui) -> None:
    to_work, to_look = ui.said
    assert to_work.startswith(f"Predict who orders again: {ui.root}/?token=")
    assert str(ui.out) in to_work
    assert to_look.startswith(f"to look only: {ui.root}/?token=")


def test_it_listens_on_loopback_alone(ui: Ui) -> None:
    tables = [Path("/proc/net", name).read_text() for name in ("tcp", "tcp6")]
    rows = [line.split() for table in tables for line in table.splitlines()]
    here = {row[1].split(":")[0] for row in rows if row[1].endswith(f":{ui.port:04X}")}
    assert here == {"0100007F"}


def test_no_window_covers_the_pages_and_nothing_is_reported_home(ui: Ui) -> None:
    assert ui.ask("{ shouldShowNux }") == {"shouldShowNux": False}
    settings = yaml.safe_load((ui.out / "dagster" / "dagster.yaml").read_text())
    assert settings["telemetry"] == {"enabled": False}


def test_one_run_at_a_time_writes_the_ledger(ui: Ui) -> None:
    queue = ui.ask("{ instance { runQueueConfig { maxConcurrentRuns } } }")
    assert queue == {"instance": {"runQueueConfig": {"maxConcurrentRuns": 1}}}


def test_the_nights_that_are_armed_are_on(ui: Ui) -> None:
    found = ui.ask(SCHEDULES)["schedulesOrError"]["results"]
    on = {one["name"]: one["scheduleState"]["status"] for one in found}
    assert on == {"nightly": "RUNNING", "drift": "STOPPED"}


def test_a_run_started_in_the_ui_shows_every_verdict(ui: Ui, run: str) -> None:
    verdicts = json.loads((ui.out / "verdicts.json").read_text())
    assert verdicts["run"] == run
    shown = {
        (node["assetKey"]["path"][1], node["assetKey"]["path"][2], check["name"]): check
        for node in ui.ask(CHECKS)["assetNodes"]
        if node["assetKey"]["path"] not in NO_CLAIMS
        for check in node["assetChecksOrError"].get("checks", ())
    }
    assert len(shown) == len(verdicts["verdicts"])
    ended = set()
    for verdict in verdicts["verdicts"]:
        source, claim = verdict["source"], verdict["claim"]
        check = shown[source, verdict["dataset"] or f"{source}.access", claim]
        assert check["description"].startswith("True when ")
        evaluation = check["executionForLatestMaterialization"]["evaluation"]
        told = f"{verdict['outcome']}: {verdict['because']}"
        assert evaluation["description"] == plain.markdown(told)
        said = {
            e["label"]: e.get("text", e.get("intValue")) for e in evaluation["metadataEntries"]
        }
        for name in ("outcome", "expected", "observed", "n", "method", "because"):
            assert said[name] == verdict[name]
        ended.add((evaluation["success"], evaluation["severity"]))
    assert ended == {(True, "ERROR"), (False, "ERROR"), (False, "WARN")}


def test_a_run_says_who_started_it(ui: Ui, run: str) -> None:
    tags = {t["key"]: t["value"] for t in ui.ask(TAGS, id=run)["runOrError"]["tags"]}
    assert tags["seatrial/user"] == pwd.getpwuid(os.getuid()).pw_name
    assert tags["seatrial/role"] == "operator"


def test_the_assets_show_owners_trends_and_how_old_the_evidence_may_be(ui: Ui, run: str) -> None:
    assets = {"/".join(node["assetKey"]["path"]): node for node in ui.ask(ASSETS)["assetNodes"]}
    orders = assets["acme/web-shop/orders"]
    assert orders["groupName"] == "web_shop"
    assert orders["owners"] == [
        {"email": "ada@acme.example"},
        {"team": "Jonas Lind, shop operations"},
    ]
    (made,) = orders["assetMaterializations"]
    numbers = {e["label"]: e.get("intValue") for e in made["metadataEntries"]}
    assert numbers["rows"] == 200
    assert 0 < numbers["lag_seconds"] < 24 * 3600
    aged = {key: node["internalFreshnessPolicy"] for key, node in assets.items()}
    at_source = [aged.pop(key) for key in assets if key.endswith(".source")]
    assert at_source == [{"failWindowSeconds": 26 * 3600}] * len(at_source) != []
    assert set(aged.values()) == {None}  # a reading that failed is made, too


def test_a_pilot_that_does_not_import_is_shown_with_the_users_own_line(
    ui: Ui, acme: Acme, run: str
) -> None:
    file = acme.folder / "contracts" / "refunds.py"
    right = file.read_text()
    line = right[: right.index("CONTRACT = ")].count("\n") + 1
    try:
        file.write_text(right.replace("promises=", "promisses=", 1))
        chain = ui.ask(RELOAD)["reloadRepositoryLocation"]["locationOrLoadError"]["errorChain"]
        told = [link["error"]["message"] for link in chain]
        (ours,) = [one for one in told if "ConfigurationError" in one]
        assert f"{file}:{line}: Contract takes no promisses: did you mean promises?" in ours
    finally:
        file.write_text(right)
    mended = ui.ask(RELOAD)["reloadRepositoryLocation"]["locationOrLoadError"]
    assert "errorChain" not in mended


def test_a_run_resumed_at_its_verdict_proves_nothing(ui: Ui, run: str) -> None:
    """Dagster can start again at the step that failed: it has then read no source."""
    before = (ui.out / "verdicts.json").read_bytes()
    resumed = ui.ask(RESUME, id=run)["launchRunReexecution"]["run"]["runId"]
    assert ui.ended(resumed) == "FAILURE"
    assert (ui.out / "verdicts.json").read_bytes() == before
    assert ui.recorded(run) == "FINISHED"
    assert ui.recorded(resumed) == "INTERRUPTED"


def test_a_taken_port_is_one_line_and_exit_code_2(ui: Ui, acme: Acme, tmp_path: Path) -> None:
    ended = seatrial(["ui", "acme", "--port", str(ui.port), "--out", tmp_path], cwd=acme.elsewhere)
    assert ended.code == 2
    assert ended.complaint == (
        f"seatrial: port {ui.port} on 127.0.0.1 is taken: give another --port"
    )


def test_an_unknown_environment_is_one_line_and_exit_code_2(acme: Acme) -> None:
    ended = seatrial(["ui", "acme", "--env", "prod"], cwd=acme.elsewhere)
    assert ended.code == 2
    assert ended.complaint == "seatrial: unknown environment 'prod': there are: dev"
