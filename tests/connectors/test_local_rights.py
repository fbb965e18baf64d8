"""What this process may change of files here: the kernel says so, to root as to everybody."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.connector import Probe
from connectors.events import Answered, Event
from connectors.files.connector import Files
from connectors.files.file_set import FileSet
from connectors.files.formats.csv import Csv
from connectors.files.stores.local import Local
from connectors.local_rights import Powers, Process, probes, this_process
from connectors.rights import Way
from connectors.sql.connector import Sql

READER = 65_534
_ASK = """
import os, sys
from pathlib import Path
from connectors.files.connector import Files
from connectors.files.file_set import FileSet
from connectors.files.formats.csv import Csv
from connectors.files.stores.local import Local
from connectors.sql.connector import Sql
reader = int(sys.argv[1])
os.setgroups([]), os.setgid(reader), os.setuid(reader)
for where in map(Path, sys.argv[2:]):
    files = Files(store=Local(where), datasets={"it": FileSet("in/*.csv", Csv())})
    sql = Sql(url=f"sqlite:///{where}/shop.sqlite", password=None, tables={"it": "it"})
    for connector in (files, sql):
        for probe in connector.probe(emit=lambda _: None):
            print(where, probe.name, probe.status, probe.refused, sep="|")
"""
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can ask as somebody else")


@pytest.fixture
def there() -> Iterator[Path]:
    """Where other users can come, too."""
    with tempfile.TemporaryDirectory(prefix="st-") as name:
        Path(name).chmod(0o755)
        yield filled(Path(name))


def filled(folder: Path) -> Path:
    (folder / "in").mkdir(parents=True)
    (folder / "in" / "a.csv").write_text("n\n1\n")
    with sqlite3.connect(folder / "shop.sqlite") as connection:
        connection.execute("CREATE TABLE it (n INTEGER)")
    connection.close()
    return folder


def asked(there: Path) -> list[Probe]:
    events: list[Event] = []
    files = Files(store=Local(there), datasets={"it": FileSet("in/*.csv", Csv())})
    sql = Sql(url=f"sqlite:///{there}/shop.sqlite", password=None, tables={"it": "it"})
    assert (files.rights, sql.rights) == (Way.LOOKED_UP, Way.LOOKED_UP)
    assert not files.has_log_in
    assert not sql.has_log_in
    found = [*files.probe(emit=events.append), *sql.probe(emit=events.append)]
    told = [event.what for event in events if isinstance(event, Answered)]
    assert told[-1] == "look up the mode of shop.sqlite"
    assert "look up modes in in" in told
    return found


def allowed_to_a_reader(*folders: Path) -> list[list[str]]:
    """What a user may who has no capability, in a process of its own; all else was denied."""
    ended = subprocess.run(
        [sys.executable, "-c", _ASK, str(READER), *folders],
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [line.split("|") for line in ended.stdout.splitlines()]
    for where in folders:
        own = [line for line in lines if line[0] == str(where)]
        assert len(own) == 8
        assert {(status, refused) for _, _, status, refused in own} <= {
            ("granted", "False"),
            ("not granted", "True"),
            ("not asked", "False"),
        }
    return [[n for at, n, how, _ in lines if (at, how) == (str(f), "granted")] for f in folders]


def test_who_owns_the_files_is_denied_nothing_by_their_mode(there: Path) -> None:
    """Whoever runs this made them. Mode 0400 changes nothing: its owner can change that."""
    for path in (there / "in" / "a.csv", there / "shop.sqlite"):
        path.chmod(0o400)
    found = {probe.name: probe.status for probe in asked(there)}
    for what in ("files of it", "the folder of it", "file shop.sqlite"):
        assert found[f"write {what}"] == "not asked"


@as_root
def test_a_reader_is_denied_by_the_kernel_and_one_mode_too_wide_is_found(there: Path) -> None:
    """An owner's own bits deny its owner nothing: the kernel is asked, and who owns it."""
    names = ("none", "file", "folder", "database", "owned")
    none, file, folder, database, owned = (filled(there / name) for name in names)
    (file / "in" / "a.csv").chmod(0o666)
    (folder / "in").chmod(0o777)
    (database / "shop.sqlite").chmod(0o666)
    os.chown(owned / "in" / "a.csv", READER, READER)
    (owned / "in" / "a.csv").chmod(0o444)
    assert allowed_to_a_reader(none, file, folder, database, owned) == [
        [],
        ["write files of it"],
        ["write the folder of it"],
        ["write file shop.sqlite"],
        [],
    ]


@pytest.mark.parametrize(
    ("powers", "granted"),
    [
        (Powers(write=False, own=False, mount=False), []),
        (Powers(write=True, own=False, mount=False), ["write x"]),
        (Powers(write=True, own=True, mount=False), ["write x"]),
        (Powers(write=False, own=False, mount=True), ["mount x anew"]),
    ],
)
def test_each_power_is_a_question_of_its_own(powers: Powers, granted: list[str]) -> None:
    found = list(probes({"x": [powers]}, Process(uid=READER, capabilities=0)))
    assert [probe.name for probe in found if not probe.refused] == granted
    assert len(found) == 2


def test_the_kernel_tells_what_this_process_may() -> None:
    us = this_process()
    assert us.uid == os.geteuid()
    assert us.may(3) == (us.capabilities & 0b1000 > 0)


def test_a_folder_or_file_that_is_not_there_denies_nothing(tmp_path: Path) -> None:
    files = Files(store=Local(tmp_path / "gone"), datasets={"it": FileSet("*.csv", Csv())})
    sql = Sql(url=f"sqlite:///{tmp_path}/gone.sqlite", password=None, tables={})
    for connector in (files, sql):
        (probe,) = connector.probe(emit=lambda _: None)
        assert (probe.refused, probe.status) == (False, "no answer")
