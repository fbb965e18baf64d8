"""`seatrial ui` serves a pilot on loopback, from any folder, and leaves nothing behind."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from acme_layout import Acme
from cli import SEATRIAL, seatrial

from harness.errors import ConfigurationError
from harness.ledger import opened

CHECKS = """
{ assetNodes { assetKey { path } assetChecksOrError { ... on AssetChecks { checks {
  name executionForLatestMaterialization { evaluation { success severity description } }
} } } } }
"""
LAUNCH = """
mutation { launchPipelineExecution(executionParams: { mode: "default", selector: {
  repositoryLocationName: "acme", repositoryName: "__repository__", pipelineName: "prove"
} }) { ... on LaunchRunSuccess { run { runId } } } }
"""
RESUME = """
mutation ($id: String!) { launchRunReexecution(
  reexecutionParams: { parentRunId: $id, strategy: FROM_FAILURE }
) { ... on LaunchRunSuccess { run { runId } } } }
"""
RUN = "query ($id: ID!) { runOrError(runId: $id) { ... on Run { status } } }"
SCHEDULES = """
{ schedulesOrError(repositorySelector: {
  repositoryLocationName: "acme", repositoryName: "__repository__"
}) { ... on Schedules { results { name scheduleState { status } } } } }
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ui:
    """A running UI, leader of a session of its own."""

    process: subprocess.Popen[str]
    port: int
    out: Path

    def ask(self, query: str, **variables: str) -> Any:
        answer = httpx.post(
            f"http://127.0.0.1:{self.port}/graphql",
            json={"query": query, "variables": variables},
            timeout=60,
        ).json()
        assert "errors" not in answer, answer
        return answer["data"]

    def ended(self, run: str) -> str:
        def status() -> str:
            return str(self.ask(RUN, id=run)["runOrError"]["status"])

        until(lambda: status() in ("SUCCESS", "FAILURE"))
        until(self._unlocked)  # Dagster says so before it tears the run down
        return status()

    def recorded(self, run: str) -> str | None:
        with opened(self.out / "ledger.sqlite") as ledger:
            return ledger.state(run)

    def _unlocked(self) -> bool:
        try:
            with opened(self.out / "ledger.sqlite"):
                return True
        except ConfigurationError:
            return False

    def end(self) -> None:
        """As `kill` and a service manager do it."""
        with self.process:  # waits, and closes the pipe
            self.process.send_signal(signal.SIGTERM)


@pytest.fixture(scope="module")
def ui(acme: Acme, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ui]:
    """Started from a folder that is no repository, as a shell starts a background job."""
    out, port = tmp_path_factory.mktemp("ui"), free_port()
    words = (SEATRIAL, "ui", "acme", "--port", str(port), "--out", out)
    process = subprocess.Popen(
        ["/bin/sh", "-c", 'trap "" INT; exec "$0" "$@"', *words],
        cwd=acme.elsewhere,
        env=acme.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    started = Ui(process=process, port=port, out=out)
    try:
        until(lambda: process.poll() is None and answers(port))
        yield started
    finally:
        if process.poll() is None:
            started.end()


@pytest.fixture(scope="module")
def run(ui: Ui) -> str:
    """The id of a run of everything, started in the UI and ended."""
    started = str(ui.ask(LAUNCH)["launchPipelineExecution"]["run"]["runId"])
    assert ui.ended(started) == "FAILURE"
    return started


def test_it_says_where_it_is_before_it_is_there(ui: Ui) -> None:
    assert ui.process.stdout is not None
    line = ui.process.stdout.readline()
    assert line.startswith(f"Predict who orders again: http://127.0.0.1:{ui.port} ")
    assert str(ui.out) in line


def test_it_listens_on_loopback_alone(ui: Ui) -> None:
    tables = [Path("/proc/net", name).read_text() for name in ("tcp", "tcp6")]
    rows = [line.split() for table in tables for line in table.splitlines()]
    here = {row[1].split(":")[0] for row in rows if row[1].endswith(f":{ui.port:04X}")}
    assert here == {"0100007F"}


def test_no_window_covers_the_pages_and_nothing_is_reported_home(ui: Ui) -> None:
    assert ui.ask("{ shouldShowNux }") == {"shouldShowNux": False}
    settings = yaml.safe_load((ui.out / "dagster" / "dagster.yaml").read_text())
    assert settings["telemetry"] == {"enabled": False}


def test_the_nights_are_on(ui: Ui) -> None:
    (nightly,) = ui.ask(SCHEDULES)["schedulesOrError"]["results"]
    assert nightly == {"name": "nightly", "scheduleState": {"status": "RUNNING"}}


def test_a_run_started_in_the_ui_shows_every_verdict(ui: Ui, run: str) -> None:
    verdicts = json.loads((ui.out / "verdicts.json").read_text())
    assert verdicts["run"] == run
    shown = {
        (node["assetKey"]["path"][1], check["name"], evaluation["description"]): (
            evaluation["success"],
            evaluation["severity"],
        )
        for node in ui.ask(CHECKS)["assetNodes"]
        for check in node["assetChecksOrError"].get("checks", ())
        for evaluation in [check["executionForLatestMaterialization"]["evaluation"]]
    }
    assert set(shown) == {
        (v["source"], v["claim"], f"{v['outcome']}: {v['because']}") for v in verdicts["verdicts"]
    }
    assert set(shown.values()) == {(True, "ERROR"), (False, "ERROR"), (False, "WARN")}


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


def test_a_signal_ends_all_of_it(ui: Ui) -> None:
    """The last of these tests: afterwards there is no UI."""
    assert len(session(ui.process.pid)) > 2
    ui.end()
    assert not session(ui.process.pid)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/server_info", timeout=5).is_success
    except httpx.TransportError:
        return False


def session(leader: int) -> list[int]:
    """The living processes of a session."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, of = stat.read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if int(of) == leader and state != "Z":
            found.append(int(stat.parent.name))
    return found


def until(so: Callable[[], bool], seconds: float = 100) -> None:
    started = time.monotonic()
    while not so():
        assert time.monotonic() - started < seconds, "waited too long"
        time.sleep(0.2)
