"""`seatrial ui --storage REF --ledger REF`: Dagster's records and ours in PostgreSQL.

Two Dagster processes, each with a DAGSTER_HOME of its own, share both.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from connectors.secrets import Secret
from harness.dagster import storage as dagster_storage
from harness.ledger.chain import breaks
from harness.ledger.ledger import open_ledger
from tests.cli import seatrial
from tests.harness.acme_layout import Acme
from tests.harness.dagster_ui import Ui, free_port, served, session
from tests.harness.ledger_server import PASSWORD, REFERENCE, Database, LedgerServer

pytestmark = pytest.mark.long

STORAGE = "env:DAGSTER_RECORDS"
RUNS = "{ runsOrError { ... on Runs { results { runId status } } } }"
INSTANCE = "{ instance { info } }"
DAGSTER = Path(sys.executable).parent / "dagster"
JOB = (DAGSTER, "job", "execute", "-m", "harness.definitions", "-j", "prove")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """Two databases that all Dagster processes share."""

    ledger: Database
    storage: Database

    @property
    def environ(self) -> dict[str, str]:
        driver = self.storage.url.replace("postgresql://", "postgresql+psycopg://")
        return {"DAGSTER_RECORDS": driver, **self.ledger.environ}

    def states(self) -> list[str]:
        with open_ledger(self.ledger.place) as ledger:
            assert list(breaks(ledger.entries())) == []
        return [state for (state,) in self.ledger.ask("select state from runs order by number")]


@pytest.fixture(scope="module")
def shared(postgresql: LedgerServer) -> Shared:
    return Shared(ledger=postgresql.database(), storage=postgresql.database())


def words(folder: Path | str) -> Sequence[str | Path]:
    return (folder, "--storage", STORAGE, "--ledger", REFERENCE)


@pytest.fixture(scope="module")
def ui(acme: Acme, shared: Shared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ui]:
    environ = {**acme.environ, **shared.environ}
    out = tmp_path_factory.mktemp("ui")
    place = shared.ledger.place
    with served(*words("acme"), cwd=acme.elsewhere, environ=environ, out=out, ledger=place) as one:
        yield one


@pytest.fixture(scope="module")
def run(ui: Ui) -> str:
    """The id of a run that has ended."""
    started = ui.launch("acme")
    assert ui.ended(started) == "FAILURE"  # acme is broken, and judged to be so
    return started


def test_a_run_is_on_the_ledger_and_in_the_storage_and_no_file_holds_either(
    ui: Ui, shared: Shared, run: str
) -> None:
    assert shared.states() == ["FINISHED"]
    assert shared.storage.ask("select run_id, status from runs") == [(run, "FAILURE")]
    assert not list(ui.out.rglob("*.sqlite")) + list(ui.out.rglob("*.db"))


def test_the_start_page_reads_the_ledger_there(ui: Ui, run: str) -> None:
    shown = ui.client.get("/seatrial").text
    assert run in shown
    assert "2 of 26 claims are proven or waived." in shown


def test_the_urls_are_shown_nowhere(ui: Ui, run: str) -> None:
    """On disk, in the process list, in what is said, on the page about the instance."""
    told = str(ui.ask(INSTANCE))
    assert "local_artifact_storage" in told
    settings = (ui.out / "dagster" / "dagster.yaml").read_text()
    assert "postgres_url: {env: SEATRIAL_STORAGE_URL}" in settings
    lists = [Path(f"/proc/{pid}/cmdline").read_text() for pid in session(ui.process.pid)]
    assert len(lists) > 2
    files = [p.read_bytes().decode(errors="replace") for p in ui.out.rglob("*") if p.is_file()]
    assert len(files) > 3
    assert PASSWORD not in told + "".join(lists) + "".join(files)


def test_a_second_one_on_the_same_storage_is_refused_in_one_line(
    ui: Ui, acme: Acme, shared: Shared, tmp_path: Path
) -> None:
    """Two schedulers would start every night twice."""
    ended = seatrial(
        ["ui", *words("acme"), "--out", tmp_path, "--port", str(free_port())],
        cwd=acme.elsewhere,
        environ={**acme.environ, **shared.environ},
    )
    assert ended.code == 2
    assert ended.complaint == (
        f"seatrial: storage {STORAGE}: another seatrial ui serves it: open that one, "
        "or end it first"
    )


def test_a_signal_ends_all_of_it_and_lets_go_of_the_storage(ui: Ui, run: str) -> None:
    before = ui.ask(RUNS)
    assert run in str(before)
    assert len(session(ui.process.pid)) > 2
    ui.end()
    assert not session(ui.process.pid)
    ui.start_again()
    assert ui.ask(RUNS) == before


def test_two_dagster_processes_run_a_pilot_into_one_chain(
    acme: Acme, postgresql: LedgerServer, tmp_path: Path
) -> None:
    """A UI and a job of another home, which is refused while somebody else writes the ledger."""
    shared = Shared(ledger=postgresql.database(), storage=postgresql.database())
    base = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), **acme.environ, **shared.environ}
    first, second = tmp_path / "first", tmp_path / "second"
    place = shared.ledger.place
    with served(*words("acme"), cwd=acme.elsewhere, environ=base, out=first, ledger=place) as ui:
        home = tmp_path / "home"
        home.mkdir()
        (home / "dagster.yaml").write_bytes((first / "dagster" / "dagster.yaml").read_bytes())
        environ = {
            **base,
            "DAGSTER_HOME": str(home),
            "SEATRIAL_PILOT": str(acme.folder),
            "SEATRIAL_OUT": str(second),
            dagster_storage.VARIABLE: dagster_storage.url(
                Secret(STORAGE, shared.storage.url), "public"
            ),
        }

        def job() -> subprocess.CompletedProcess[str]:
            return subprocess.run(JOB, cwd=tmp_path, env=environ, capture_output=True, text=True)

        begun = ui.launch("acme")
        assert ui.ended(begun) == "FAILURE"
        with open_ledger(place):
            refused = job()
        assert f"ledger {REFERENCE}: another run is writing it" in refused.stderr
        again = job()
        assert again.returncode == 1, again.stderr
        shown = {run["runId"]: run["status"] for run in ui.ask(RUNS)["runsOrError"]["results"]}
    assert shared.states() == ["FINISHED", "FINISHED"]
    documents = [json.loads((out / "verdicts.json").read_text()) for out in (first, second)]
    for document in documents:
        assert document["planned"] == document["executed"] == 26
        assert "NOT_RUN" not in {v["outcome"] for v in document["verdicts"]}
    assert documents[0]["run"] == begun
    assert {begun, documents[1]["run"]} < set(shown)
    assert len(shown) == 3
    assert set(shown.values()) == {"FAILURE"}
    assert PASSWORD not in refused.stderr + again.stderr + refused.stdout + again.stdout
