"""Each code of SQLite, and each error of the system, has the sentence of its kind."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from harness.ledger.remedies import remedy, remedy_of_file

AWAY = "move it away"


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("SQLITE_FULL", "its disk is full"),
        ("SQLITE_BUSY_SNAPSHOT", "another program holds it"),
        ("SQLITE_READONLY_DIRECTORY", "this user may not write"),
        ("SQLITE_CANTOPEN", "this user may not write"),
        ("SQLITE_CORRUPT_INDEX", "it is damaged"),
        ("SQLITE_IOERR_FSYNC", "its disk fails (SQLITE_IOERR_FSYNC)"),
        ("SQLITE_IOERR_NOMEM", "memory is lacking"),
        ("SQLITE_MISMATCH", "SQLite answered SQLITE_MISMATCH"),
    ],
)
def test_the_rest_of_sqlites_codes_are_of_a_kind(code: str, says: str) -> None:
    failure = sqlite3.OperationalError("its own words")
    failure.sqlite_errorname = code
    said = remedy(sa.exc.DBAPIError("SELECT", {}, failure))
    assert says in said
    assert AWAY not in said
    assert "its own words" not in said


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ({"f_flag": os.ST_RDONLY}, "its file system is read-only"),
        ({"f_bavail": 0}, "its disk is full"),
        ({"f_favail": 0}, "its disk is full"),
        ({"f_favail": 0, "f_files": 0}, "this user may not write"),
        ({}, "this user may not write"),
    ],
)
def test_what_cannot_be_opened_is_told_by_its_file_system(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, state: dict[str, int], says: str
) -> None:
    """SQLite only says that it cannot; some file systems count no names."""
    sound = {"f_flag": 0, "f_bavail": 9, "f_favail": 9, "f_files": 99}
    monkeypatch.setattr(os, "statvfs", lambda _: SimpleNamespace(**sound | state))
    failure = sqlite3.OperationalError("")
    failure.sqlite_errorname = "SQLITE_CANTOPEN"
    said = remedy(sa.exc.DBAPIError("SELECT", {}, failure), tmp_path / "ledger.sqlite")
    assert says in said


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (errno.ENOSPC, "its disk is full"),
        (errno.EDQUOT, "its disk is full"),
        (errno.EROFS, "its file system is read-only: have it mounted for writing"),
        (errno.EACCES, "this user may not write"),
        (errno.EIO, "its disk fails (EIO)"),
        (errno.ENAMETOOLONG, "File name too long: name another --out"),
    ],
)
def test_so_are_those_of_the_system(number: int, says: str) -> None:
    said = remedy_of_file(OSError(number, os.strerror(number)))
    assert says in said
    assert AWAY not in said
