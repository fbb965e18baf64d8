"""A run that is not ready shows so in Dagster, and one that fails says why in one sentence."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import pytest

from harness.dagster import keys
from harness.ledger.ledger import open_ledger
from harness.pilot import loading
from tests.cli import SEATRIAL
from tests.harness.dagster_proven import Proven, run
from tests.harness.engagement import PILOT_PY, write
from tests.shell import Ended
from tests.shell import run as run_command

BY_FILE = PILOT_PY.replace('at.secret("password")', "None")


@dataclass(frozen=True, slots=True, kw_only=True)
class Erp:
    """A pilot of one SQLite file, which nothing is wrong with: it only lacks evidence."""

    folder: Path
    environ: dict[str, str]


@pytest.fixture
def erp(tmp_path: Path) -> Erp:
    with sqlite3.connect(tmp_path / "erp.sqlite") as connection:
        connection.execute("create table orders (order_key bigint primary key)")
        connection.execute("insert into orders values (1), (2)")
    connection.close()
    folder = write(tmp_path, py=BY_FILE)
    (folder / "pilot.yaml").write_text(
        (folder / "pilot.yaml").read_text().replace(", password: env:ERP_PASSWORD", "")
    )
    return Erp(folder=folder, environ={"ERP_URL": f"sqlite:///{tmp_path / 'erp.sqlite'}"})


def job_execute(erp: Erp, tmp_path: Path, **environ: str) -> Ended:
    home = tmp_path / "home"
    home.mkdir()
    given = {"DAGSTER_HOME": str(home), "SEATRIAL_OUT": str(tmp_path / "out"), **environ}
    line = [SEATRIAL.with_name("dagster"), "job", "execute", "-m", "seatrial.dagster", "-j"]
    return run_command([*line, "prove"], cwd=erp.folder, environ=given)


def test_job_execute_of_a_good_run_exits_0_and_begins_one_run(erp: Erp, tmp_path: Path) -> None:
    """Dagster sets its resources up once more, to give out the results of the run that ended."""
    ended = job_execute(erp, tmp_path, **erp.environ)
    assert ended.code == 0, ended.err
    with open_ledger(tmp_path / "out" / "ledger.sqlite") as ledger:
        kinds = [entry.kind for entry in ledger.entries()]
    assert kinds.count("started") == kinds.count("finished") == 1
    assert kinds[-1] == "finished"


def test_job_execute_without_a_variable_says_so_in_one_line_and_exits_1(
    erp: Erp, tmp_path: Path
) -> None:
    ended = job_execute(erp, tmp_path)
    assert ended.code == 1
    said = ended.out + ended.err
    assert "environment variable ERP_URL is missing or empty (set it" in said
    assert "Stack Trace" not in said


def checked(proven: Proven) -> dg.AssetCheckEvaluation:
    ready = keys.ready(proven.loaded.pilot)
    [found] = [
        e for e in proven.result.get_asset_check_evaluations() if e.asset_check_key == ready
    ]
    return found


def test_a_run_that_only_lacks_evidence_succeeds_with_a_warning_and_its_reasons(
    erp: Erp, instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    proven = run(loading.load(erp.folder), instance, tmp_path / "out", erp.environ)
    assert proven.result.success
    ready = checked(proven)
    assert not ready.passed
    assert ready.severity is dg.AssetCheckSeverity.WARN
    verdicts = json.loads((tmp_path / "out" / "verdicts.json").read_text())["verdicts"]
    lacking = [v for v in verdicts if v["outcome"] != "PROVEN"]
    assert ready.description is not None
    assert f"{len(lacking)} of {len(verdicts)} planned verdicts" in ready.description
    shown = ready.metadata["in_the_way"]
    assert isinstance(shown, dg.TableMetadataValue)
    assert {(row.data["claim"], row.data["because"]) for row in shown.records} == {
        (v["claim"], v["because"]) for v in lacking
    }


def test_a_broken_run_fails_its_check_and_says_so_in_one_sentence_without_a_stack(
    proven: Proven,
) -> None:
    ready = checked(proven)
    assert not ready.passed
    assert ready.severity is dg.AssetCheckSeverity.ERROR
    [failed] = proven.result.get_step_failure_events()
    told = failed.step_failure_data.error
    assert told is not None
    assert told.message.startswith("3 of 26 claims are broken or could not be judged: ")
    assert told.message.count("\n") == 1
    assert told.stack == []
    assert told.cause is None
    [ended] = [e for e in proven.result.all_events if e.event_type_value == "PIPELINE_FAILURE"]
    assert "Traceback" not in str(ended)
    assert 'File "' not in str(ended)


def test_a_part_of_the_plan_is_never_ready(
    erp: Erp, instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    loaded = loading.load(erp.folder)
    pilot = loaded.pilot
    access = keys.proven(pilot, "erp", None)
    chosen = [access, keys.evidence(pilot), keys.verdict(pilot)]
    part = run(loaded, instance, tmp_path / "out", erp.environ, asset_selection=chosen)
    assert part.result.success
    ready = checked(part)
    assert not ready.passed
    assert "a part is never ready" in str(ready.description)
