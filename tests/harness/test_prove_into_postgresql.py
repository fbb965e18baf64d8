"""`--ledger` and SEATRIAL_LEDGER: a run's facts go to PostgreSQL, from the command line and from
Dagster, one run at a time; its URL is shown nowhere.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import pytest

from harness.ledger.chain import breaks
from harness.ledger.ledger import open_ledger
from harness.pilot import place
from harness.pilot.model import LoadedPilot
from tests.cli import SEATRIAL, seatrial
from tests.harness.acme_layout import Acme
from tests.harness.dagster_proven import run
from tests.harness.engagement import write
from tests.harness.ledger_server import PASSWORD, REFERENCE, Database
from tests.harness.test_dagster_run import WAITING

DAGSTER = Path(sys.executable).parent / "dagster"
UNTIL_TOLD = """
        while Path(self.endpoint).exists():
            time.sleep(0.05)
        raise SourceUnavailable("it is down: come again later")
"""
IMPORTS = """
import time
from connectors.errors import SourceUnavailable
"""
ONE_CLAIM = ("--dataset", "web-shop.refunds", "--claim", "conforms")


def states(database: Database) -> list[str]:
    with open_ledger(database.place) as ledger:
        assert list(breaks(ledger.entries())) == []
    return [state for (state,) in database.ask("select state from runs order by number")]


@contextmanager
def begun(
    folder: Path, database: Database, *command: str | Path
) -> Iterator[subprocess.Popen[str]]:
    """A run of a pilot in `folder` that waits for its source until `folder/reached` is gone."""
    told = WAITING.replace("time.sleep(300)", UNTIL_TOLD.strip())
    write(folder, py=told.replace("import time", IMPORTS, 1))
    reached = folder / "reached"
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "DAGSTER_HOME": str(folder)}
        | {"ERP_URL": str(reached), "ERP_PASSWORD": "none", **database.environ},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        while not reached.exists():
            assert process.poll() is None
            time.sleep(0.05)
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()


def test_a_run_leaves_its_facts_in_the_database_and_no_secret_anywhere(
    acme: Acme, database: Database, tmp_path: Path
) -> None:
    environ = {**acme.sources, **database.environ}
    arguments = ["prove", "acme", "--out", tmp_path, *ONE_CLAIM, "--ledger", REFERENCE]
    ended = seatrial(arguments, cwd=acme.elsewhere, environ=environ)
    assert ended.code == 0, ended.err
    assert states(database) == ["FINISHED"]
    assert not (tmp_path / "ledger.sqlite").exists()
    files = [path.read_text() for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) >= 3
    assert PASSWORD not in ended.out + ended.err + "".join(files)


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        (
            f"postgresql://writer:{PASSWORD}@h/d",
            "vault:mount/path#field, never the URL itself",
        ),
        (f"host=h password={PASSWORD}", "vault:mount/path#field, never the URL itself"),
        ("", "vault:mount/path#field, never the URL itself"),
        ("env:NOT_THERE", "environment variable NOT_THERE is missing or empty"),
        ("file:gone", "secret file gone cannot be read"),
        ("file:open", "has mode 0644: chmod 600 it"),
        ("file:closed", "ledger file:closed: it leads to no URL of PostgreSQL"),
    ],
)
def test_a_reference_that_leads_nowhere_is_one_line_before_anything_is_read(
    acme: Acme, tmp_path: Path, reference: str, said: str
) -> None:
    for name, mode in (("open", 0o644), ("closed", 0o600)):
        (tmp_path / name).write_text(PASSWORD)
        (tmp_path / name).chmod(mode)
    arguments = ["prove", acme.folder, *ONE_CLAIM, "--ledger", reference]
    ended = seatrial(arguments, cwd=tmp_path, environ=acme.sources)
    assert ended.code == 2
    assert said in ended.complaint
    assert PASSWORD not in ended.complaint


def test_a_ledger_that_is_lost_ends_the_run_in_one_line(
    acme: Acme, database: Database, tmp_path: Path
) -> None:
    """The next run finds the chain whole and marks it."""
    prove = (SEATRIAL, "prove", "--ledger", REFERENCE, "--claim", "complete")
    with begun(tmp_path, database, *prove) as process:
        database.cut()
        (tmp_path / "reached").unlink()
        _, said = process.communicate(timeout=60)
    assert process.returncode == 4
    warning, complaint = [line for line in said.splitlines() if not line.startswith("  ")]
    assert warning.startswith(
        f"ledger {REFERENCE}: its user owns checkpoints, cursors, entries, nights, runs and could"
    )
    assert complaint.startswith(
        f"seatrial: ledger {REFERENCE}: the server ended the session: run again"
    )
    assert states(database) == ["RUNNING"]
    assert not any((tmp_path / "out").rglob("verdicts.json"))
    arguments = ["prove", acme.folder, "--ledger", REFERENCE, *ONE_CLAIM]
    environ = {**acme.sources, **database.environ}
    assert seatrial(arguments, cwd=tmp_path, environ=environ).code == 0
    assert states(database) == ["INTERRUPTED", "FINISHED"]


def test_of_two_dagster_processes_one_writes_and_the_other_is_told(
    acme: Acme,
    loaded: LoadedPilot,
    instance: dg.DagsterInstance,
    database: Database,
    tmp_path: Path,
) -> None:
    """And a kill of the first leaves the ledger whole and free for the second."""
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    environ = {**acme.sources, **database.environ}
    job = (DAGSTER, "job", "execute", "-m", "harness.definitions", "-j", "prove")
    with begun(first, database, *job):
        refused = run(loaded, instance, second, environ, ledger=REFERENCE)
        assert not refused.result.success
        assert f"ledger {REFERENCE}: another run is writing it" in refused.failures()
    proven = run(loaded, instance, second, environ, ledger=REFERENCE)
    assert proven.document["run"] == proven.result.run_id
    assert states(database) == ["INTERRUPTED", "FINISHED"]
    assert not (second / "ledger.sqlite").exists()


def test_two_ledgers_do_not_make_one_folder_for_two_runs(
    acme: Acme, database: Database, tmp_path: Path
) -> None:
    """Each run removes what it finds landed: it must be nobody else's."""
    environ = {**acme.sources, **database.environ}
    out = ["--out", str(tmp_path / "out")]
    with begun(tmp_path, database, SEATRIAL, "prove", *out):
        arguments = ["prove", acme.folder, *out, "--ledger", REFERENCE]
        ended = seatrial(arguments, cwd=tmp_path, environ=environ)
    assert ended.code == 2
    told = f"another run is writing {tmp_path / 'out'}: wait until it ends (run "
    assert told in ended.complaint
    assert " of acme (dev), night 20" in ended.complaint


def test_the_variable_holds_the_url_or_leads_to_it() -> None:
    """What goes on to other parts is a reference: it may be shown."""
    assert place.ledger({}) is None
    assert place.ledger({"SEATRIAL_LEDGER": ""}) is None
    assert place.ledger({"SEATRIAL_LEDGER": f"postgresql://u:{PASSWORD}@h/d"}) == REFERENCE
    assert place.ledger({"SEATRIAL_LEDGER": "file:/run/ledger"}) == "file:/run/ledger"
