"""Bad input ends in one line that says what to do, with the right exit code; nothing is lost."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from estate import crm, vendor
from estate.folder import temporary_folder
from estate.lifecycle import Running
from tests.cli import DEMO, SEATRIAL, seatrial
from tests.shell import Ended

pytestmark = pytest.mark.long

CUSTOMERS = (
    "customer_key int8 primary key, name text, address text, nation_key int4, phone text, "
    "account_balance numeric(12,2), market_segment text, updated_at timestamptz not null"
)


def prove(cwd: Path, environ: dict[str, str], *arguments: str) -> Ended:
    return seatrial(["prove", DEMO, "--out", "out", *arguments], cwd=cwd, environ=environ)


def verdicts(cwd: Path) -> dict[str, Any]:
    found = json.loads((cwd / "out" / "verdicts.json").read_text())["verdicts"]
    return {verdict["claim"]: verdict for verdict in found}


@pytest.fixture
def base() -> Iterator[Path]:
    with temporary_folder(Path(tempfile.gettempdir())) as folder:
        yield folder


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--dataset", "custmers"], "did you mean crm.customers?"),
        (["--claim", "freshh"], "did you mean fresh?"),
        (["--env", "prod"], "there are: dev"),
        (["--slot", "yesterday"], "is no date"),
        (["--scale", "2"], "No such option"),
        (["--json", "nowhere/verdicts.json"], "in a folder that exists"),
        (["--junit", "."], "name a file in a folder that exists"),
    ],
)
def test_an_unknown_name_is_refused_before_anything_is_read(
    tmp_path: Path, pilot_environ: dict[str, str], arguments: list[str], said: str
) -> None:
    ended = prove(tmp_path, pilot_environ, *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.complaint
    assert not (tmp_path / "out").exists()


def test_every_missing_variable_is_named(tmp_path: Path, pilot_environ: dict[str, str]) -> None:
    del pilot_environ["CRM_URL"]
    pilot_environ["VENDOR_CLIENT_SECRET"] = ""
    ended = prove(tmp_path, pilot_environ)
    assert ended.code == 2
    assert "CRM_URL" in ended.complaint
    assert "VENDOR_CLIENT_SECRET" in ended.complaint


def test_an_empty_environment_ends_with_every_missing_name_in_one_line(tmp_path: Path) -> None:
    named = set(re.findall(r"env:([A-Z_]+)", (DEMO / "pilot.yaml").read_text()))
    assert len(named) >= 10
    ended = subprocess.run(
        [SEATRIAL, "prove", DEMO],
        cwd=tmp_path,
        env={},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    (line,) = ended.stderr.splitlines()
    assert named == set(re.findall(r"[A-Z]+_[A-Z_]+", line))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("line", "said"),
    [("titel: x", "titel: unknown key"), ("zone: UTC", "duplicate key 'zone'")],
)
def test_a_wrong_key_in_the_settings_is_named_with_its_line(
    tmp_path: Path, pilot_environ: dict[str, str], line: str, said: str
) -> None:
    pilot = tmp_path / "acme"
    shutil.copytree(DEMO, pilot, ignore=shutil.ignore_patterns("__pycache__", "__init__.py"))
    settings = (pilot / "pilot.yaml").read_text()
    (pilot / "pilot.yaml").write_text(f"{settings}{line}\n")
    ended = seatrial(["prove", "acme"], cwd=tmp_path, environ=pilot_environ)
    assert ended.code == 2
    assert f"pilot.yaml:{len(settings.splitlines()) + 1}: {said}" in ended.complaint


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("from pathlib import Path", "from pathlib import Pahth", "ImportError: cannot import"),
        ("PILOT = Pilot(", "PILOT = Pilot((", "SyntaxError: "),
        ('name="late-deliveries",', "name=7,", "TypeError: name is a int: give a str"),
    ],
)
def test_a_wrong_pilot_py_is_told_with_its_own_line(
    tmp_path: Path, pilot_environ: dict[str, str], old: str, new: str, said: str
) -> None:
    pilot = tmp_path / "acme"
    shutil.copytree(DEMO, pilot, ignore=shutil.ignore_patterns("__pycache__", "__init__.py"))
    text = (pilot / "pilot.py").read_text()
    assert old in text
    (pilot / "pilot.py").write_text(text.replace(old, new, 1))
    ended = seatrial(["prove", "acme"], cwd=tmp_path, environ=pilot_environ)
    assert (ended.code, ended.out) == (2, "")
    place, _, complaint = ended.complaint.removeprefix("seatrial: ").partition(": ")
    file, _, line = place.rpartition(":")
    assert file == str(pilot / "pilot.py")
    assert 0 < int(line) <= len(text.splitlines()) + 1
    assert complaint.startswith(said)


def test_a_server_that_is_down_is_an_error_and_the_facts_are_kept(
    tmp_path: Path, pilot_environ: dict[str, str]
) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))  # bound, not listening: connections are refused
        port = silent.getsockname()[1]
        pilot_environ["CRM_URL"] = f"postgresql+psycopg://reader@127.0.0.1:{port}/crm"
        ended = prove(tmp_path, pilot_environ, "--dataset", "customers")
    assert ended.code == 4
    assert {v["outcome"] for v in verdicts(tmp_path).values()} == {"ERROR", "PROVEN"}
    assert verdicts(tmp_path)["owned"]["outcome"] == "PROVEN"
    assert "NOT READY" in ended.out


def test_a_wrong_password_is_an_error_and_shown_nowhere(
    tmp_path: Path, pilot_environ: dict[str, str]
) -> None:
    pilot_environ["CRM_PASSWORD"] = "canary-7f3a"
    ended = prove(tmp_path, pilot_environ, "--dataset", "customers", "--debug")
    assert ended.code == 4
    assert "28P01" in ended.out
    written = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert len(written) >= 4
    shown = (
        ended.out + ended.err + "".join(p.read_bytes().decode(errors="replace") for p in written)
    )
    assert "canary-7f3a" not in shown


def test_an_empty_table_is_broken(
    tmp_path: Path, base: Path, pilot_environ: dict[str, str]
) -> None:
    server = crm.start(base)
    try:
        with psycopg.connect(server.admin["dsn"]) as admin:
            admin.execute(f"create table customers ({CUSTOMERS})")
        ended = prove(tmp_path, {**pilot_environ, **server.environ}, "--dataset", "customers")
    finally:
        server.stop()
    assert ended.code == 1
    assert verdicts(tmp_path)["complete"]["outcome"] == "BROKEN"
    assert "PROVEN" not in {
        verdict["outcome"] for claim, verdict in verdicts(tmp_path).items()
        if claim in ("complete", "conforms", "fresh", "arrives")
    }  # fmt: skip


def test_an_expired_token_is_renewed_and_all_is_proven(
    tmp_path: Path, base: Path, estate: Running, pilot_environ: dict[str, str]
) -> None:
    """Five pages, one a second, with tokens that live two to three seconds."""
    server = vendor.start(
        base, estate.folder / "vendor.sqlite", requests=1, seconds=1, token_seconds=3
    )
    environ = {**pilot_environ, **server.environ}
    try:
        claims = ("--claim", "authenticated", "--claim", "complete")
        ended = prove(tmp_path, environ, "--dataset", "parts", *claims)
    finally:
        server.stop()
    assert ended.code == 0, ended.out
    assert "renewal" in verdicts(tmp_path)["authenticated"]["because"]


def test_a_pilot_is_asked_for_by_name_where_there_is_none(tmp_path: Path) -> None:
    ended = seatrial(["prove"], cwd=tmp_path)
    assert ended.code == 2
    assert "no pilot.yaml below" in ended.complaint


def test_a_demo_whose_servers_cannot_start_says_why(tmp_path: Path) -> None:
    """A folder with a name too long for a socket, or one that PostgreSQL's user may not enter."""
    folder = tmp_path / ("x" * 90)
    folder.mkdir()
    ended = seatrial(["demo", "--out", "out"], cwd=tmp_path, environ={"TMPDIR": str(folder)})
    assert ended.code == 2
    assert ended.complaint.startswith("seatrial: the demo's servers cannot run here: ")
    assert list(folder.iterdir()) == []
