"""`seatrial export` writes a whole signed bundle, or nothing and says why."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from harness.errors import ConfigurationError
from harness.evidence.export import Asked, export
from harness.pilot.place import Place, place
from harness.signing import key_file
from tests.cli import SEATRIAL, seatrial
from tests.harness import engagement
from tests.harness.evidence.bundles import key, statement
from tests.harness.evidence.ledgers import FIRST, nights
from tests.harness.ledger_server import REFERENCE, Database
from tests.shell import run

ENVIRON = {"ERP_URL": "unused", "ERP_PASSWORD": "unused"}


def signed(root: Path, reference: str) -> Path:
    """Acme, whose ledger is signed by the key behind `reference`."""
    yaml = engagement.PILOT_YAML + f"    signing: {{key: '{reference}'}}\n"
    return engagement.write(root, yaml=yaml)


@pytest.fixture
def here(tmp_path: Path) -> Place:
    """Acme after three nights, with a key."""
    key_file.write(tmp_path / "keys" / "acme.pem", key())
    pilot = signed(tmp_path, f"file:{tmp_path}/keys/acme.pem")
    (tmp_path / "out").mkdir()
    nights(tmp_path / "out" / "ledger.sqlite")
    return place(pilot, environment="dev", out=tmp_path / "out", start=tmp_path)


def written(folder: Path) -> dict[str, bytes]:
    return {
        str(one.relative_to(folder)): one.read_bytes()
        for one in folder.rglob("*")
        if one.is_file()
    }


def test_the_bundle_is_named_after_pilot_and_run_and_is_the_same_each_time(
    here: Place, tmp_path: Path
) -> None:
    """Also by another process, which hashes otherwise."""
    first = export(here, Asked(), ledger=None, environ=ENVIRON, now=FIRST)
    asked = ["export", here.folder, "--results", here.out, "--out", tmp_path / "again"]
    ended = seatrial(asked, cwd=tmp_path, environ={"PYTHONHASHSEED": "1"})
    assert (ended.code, ended.out) == (0, f"Evidence bundle: {tmp_path}/again\n")
    assert first == here.out / "evidence-acme-run-2"
    assert written(first) == written(tmp_path / "again")
    assert len(written(first)) > 15
    assert statement(written(first)["manifest.dsse.json"])["predicate"]["pilot"] == "acme"


def test_a_ledger_in_postgresql_gives_the_same_bytes(here: Place, database: Database) -> None:
    nights(database.place)
    environ = {**ENVIRON, **database.environ}
    asked = Asked(out=here.out / "postgresql")
    export(here, asked, ledger=REFERENCE, environ=environ, now=FIRST)
    export(here, Asked(out=here.out / "sqlite"), ledger=None, environ=ENVIRON, now=FIRST)
    assert written(here.out / "postgresql") == written(here.out / "sqlite")


def test_a_window_is_in_the_pilots_zone(here: Place) -> None:
    asked = Asked(out=here.out / "bundle", first=date(2026, 11, 21))
    folder = export(here, asked, ledger=None, environ=ENVIRON, now=FIRST)
    window = json.loads((folder / "manifest.json").read_bytes())["window"]
    assert window == {"first": "2026-11-21", "last": "2026-11-22", "zone": "Europe/Berlin"}


def test_without_a_key_there_is_no_bundle_and_the_exit_code_is_2(tmp_path: Path) -> None:
    pilot = engagement.write(tmp_path)
    nights(tmp_path / "ledger.sqlite")
    asked = ["export", pilot, "--results", tmp_path, "--out", tmp_path / "bundle"]
    ended = seatrial(asked, cwd=tmp_path)
    assert ended.code == 2
    assert "an unsigned bundle would prove nothing, so none was written" in ended.err
    assert not (tmp_path / "bundle").exists()


def _key_gone(here: Place) -> str:
    (here.out.parent / "keys" / "acme.pem").unlink()
    return "acme.pem"


def _key_readable_by_others(here: Place) -> str:
    (here.out.parent / "keys" / "acme.pem").chmod(0o644)
    return "acme.pem"


def _changed_entry(here: Place) -> str:
    with sqlite3.connect(here.out / "ledger.sqlite") as ledger:
        ledger.execute("UPDATE entries SET body = replace(body, 'PROVEN', 'BROKEN') WHERE seq = 3")
    return "entry 3 was changed"


def _no_ledger(here: Place) -> str:
    for one in here.out.glob("ledger.sqlite*"):
        one.unlink()
    return "there is no ledger"


def _name_taken(here: Place) -> str:
    (here.out / "bundle").mkdir()
    return "is there already"


@pytest.mark.parametrize(
    "spoil",
    [_key_gone, _key_readable_by_others, _changed_entry, _no_ledger, _name_taken],
    ids=lambda one: one.__name__.strip("_"),
)
def test_e04_what_cannot_be_signed_or_trusted_is_not_written(
    here: Place, spoil: Callable[[Place], str]
) -> None:
    says = spoil(here)
    with pytest.raises(ConfigurationError, match=says):
        export(here, Asked(out=here.out / "bundle"), ledger=None, environ=ENVIRON, now=FIRST)
    assert not (here.out / "bundle" / "manifest.json").exists()
    assert not [one for one in os.listdir(here.out) if one.endswith(".partial")]  # noqa: PTH208


def test_a_window_without_a_run_is_refused(here: Place) -> None:
    asked = Asked(out=here.out / "bundle", first=date(2027, 1, 1))
    with pytest.raises(ConfigurationError, match="no run of acme in dev from 2027-01-01"):
        export(here, asked, ledger=None, environ=ENVIRON, now=FIRST)
    assert not (here.out / "bundle").exists()


def test_a_full_disk_is_told_and_leaves_nothing(here: Place, tmp_path: Path) -> None:
    """A limit on the size of a file is to a program what a full disk is."""
    results = tmp_path / "month"
    results.mkdir()
    nights(results / "ledger.sqlite", 40)
    asked = [SEATRIAL, "export", here.folder, "--results", results, "--out", tmp_path / "bundle"]
    ended = run(
        ["/bin/sh", "-c", 'ulimit -f 80; exec "$@"', "sh", *asked], cwd=tmp_path, environ={}
    )
    assert ended.code == 4
    assert "could not be written: the disk is full, or a quota is: make room there" in ended.err
    assert not [one for one in tmp_path.iterdir() if "bundle" in one.name]
