"""`seatrial governance` on the command line, and how it ends."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.cli.main import app
from harness.errors import ConfigurationError
from harness.governance.known import Known
from harness.governance.words import WIDTH
from tests.harness.acme_layout import Acme
from tests.harness.governance.made import forget_acme, lines, sample
from tests.shell import Ended

CANARY = "canary-4b1d"


Command = Callable[..., Ended]


@pytest.fixture
def run(governed: Acme, results: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    """A command in this process: loading its libraries anew takes seconds."""

    def command(name: str, *arguments: object, at: Path = results) -> Ended:
        forget_acme()
        asked = [name, *arguments, governed.folder, "--results", at]
        try:
            code = app(["governance", *map(str, asked)], standalone_mode=False)
        except ConfigurationError as error:
            return Ended(code=2, out=capsys.readouterr().out, err=str(error))
        said = capsys.readouterr()
        return Ended(code=code or 0, out=said.out, err=said.err)

    return command


@pytest.fixture
def log(known: Known, tmp_path: Path) -> Path:
    file = tmp_path / "decisions.jsonl"
    file.write_bytes(b"".join(lines(sample(known))))
    return file


def test_the_list_fits_a_terminal_and_ends_with_3_while_anything_is_missing(
    run: Command, tmp_path: Path
) -> None:
    ended = run("show", "--out", tmp_path / "made")
    assert ended.code == 3, ended.err
    listed = ended.out.splitlines()
    assert max(len(one) for one in listed if str(tmp_path.parent) not in one) <= WIDTH
    assert "✕ missing who stands in for them" in listed
    assert "            to fill it: the owner of outlet" in listed
    found = json.loads((tmp_path / "made" / "governance.json").read_text())
    assert (found["format"], found["is_complete"]) == (1, False)
    assert {one["by"] for one in found["items"]} == {"facts", "people", "default", "missing"}
    assert {one.name for one in (tmp_path / "made").iterdir()} == {
        "governance.json",
        "lineage.svg",
        "lineage.openlineage.jsonl",
    }


def test_it_needs_no_ledger(run: Command, tmp_path: Path) -> None:
    ended = run("show", at=tmp_path / "nowhere")
    assert ended.code == 3
    assert not (tmp_path / "nowhere").exists()


def test_a_ledger_that_somebody_changed_is_no_evidence(
    run: Command, results: Path, tmp_path: Path
) -> None:
    shutil.copytree(results, tmp_path / "changed")
    connection = sqlite3.connect(tmp_path / "changed" / "ledger.sqlite")
    for (name,) in connection.execute("select name from sqlite_master where type = 'trigger'"):
        connection.execute(f'drop trigger "{name}"')
    connection.execute("update entries set body = replace(body, 'acme', 'acmf') where seq = 3")
    connection.commit()
    connection.close()
    ended = run("show", at=tmp_path / "changed")
    assert (ended.code, ended.out) == (2, "")
    assert "ledger" in ended.err


def test_good_decisions_end_with_0(run: Command, log: Path) -> None:
    ended = run("log", log)
    assert (ended.code, ended.out) == (
        0,
        f"{log}: 5 decisions keep the format, in an unbroken sequence\n",
    )


def test_a_bad_one_ends_with_1_and_no_value_of_it(run: Command, log: Path) -> None:
    log.write_text(log.read_text().replace('"says": "not_again"', f'"says": "{CANARY}"'))
    ended = run("log", log)
    assert ended.code == 1
    assert "line 2, field says: is none of the outcomes: again, not_again" in ended.err
    assert CANARY not in ended.out + ended.err


@pytest.mark.parametrize("command", ["log", "trace"])
def test_a_log_without_a_decision_shows_nothing(
    run: Command, tmp_path: Path, command: str
) -> None:
    (tmp_path / "none.jsonl").write_text("")
    ended = run(command, tmp_path / "none.jsonl")
    assert ended.code == 3
    assert "nothing is shown by none" in ended.err


def test_a_log_that_is_not_there_is_named(run: Command, tmp_path: Path) -> None:
    ended = run("log", tmp_path / "no.jsonl")
    assert ended.code == 2
    assert "no.jsonl: No such file or directory: name a file of decisions" in ended.err


def test_a_trace_shows_the_seed_that_chooses_it_again(run: Command, log: Path) -> None:
    first = run("trace", log)
    assert first.code == 0, first.out + first.err
    seed = first.out.splitlines()[0].split()[1].rstrip(":")
    assert run("trace", log, "--seed", seed).out == first.out


def test_a_letter_and_a_closing_report_are_ours_alone(
    run: Command, log: Path, tmp_path: Path
) -> None:
    page = tmp_path / "letter.html"
    assert run("letter", log, "--decision", "d-2", "--out", page).code == 0
    assert page.stat().st_mode & 0o777 == 0o600
    unknown = run("letter", log, "--decision", CANARY, "--out", page)
    assert unknown.code == 2
    assert "it has no decision of that id" in unknown.err
    report = tmp_path / "closing.html"
    ended = run("closing", "--by", "Ada", "--why", "It is over.", "--out", report)
    assert ended.code == 0, ended.err
    assert "It is over." in report.read_text()
