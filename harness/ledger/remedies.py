"""What to do about a ledger that fails: one sentence for each kind of failure.

Nights of evidence stand in a ledger. So only a file that is none is to be moved away, and every
other sentence says that what was recorded is kept.
"""

from __future__ import annotations

import errno
import mmap
import os
from pathlib import Path

import sqlalchemy as sa

from connectors.sql.sqlstate import NO_ADDRESS, NO_CERTIFICATE, NO_SCRAM, UNKNOWN, sqlstate

FOREIGN = "it is no ledger of ours: move it away, or name another --out"
_FULL = (
    "its disk is full, or a quota is: make room there and run again; all that was recorded is kept"
)
_HELD = (
    "another program holds it, as a viewer or a backup does: close that and run again; all that "
    "was recorded is kept"
)
_READ_ONLY = (
    "its file system is read-only: have it mounted for writing, or name another --out; all that "
    "was recorded is kept, and seatrial data reads it"
)
_NO_RIGHTS = (
    "this user may not write the file or its folder: chmod u+w both, or name another --out; all "
    "that was recorded is kept, and seatrial data reads it"
)
DAMAGED = (
    "it is damaged: leave the file as it is, and put its newest backup there, or name another "
    "--out; nothing was changed in it, and sqlite3's .recover may bring its entries back"
)
_FAILED = "its disk fails ({code}): check it, and run again; what was recorded stays there"
_NO_MEMORY = "memory is lacking: free some and run again; all that was recorded is kept"
_BY_SQLITE = {  # https://sqlite.org/rescode.html: the first that a code begins with counts
    "SQLITE_FULL": _FULL,
    "SQLITE_IOERR_WRITE": _FULL,
    "SQLITE_IOERR_SHMSIZE": _FULL,
    "SQLITE_BUSY": _HELD,
    "SQLITE_LOCKED": _HELD,
    "SQLITE_PROTOCOL": _HELD,
    "SQLITE_READONLY": _NO_RIGHTS,
    "SQLITE_CANTOPEN": _NO_RIGHTS,
    "SQLITE_PERM": _NO_RIGHTS,
    "SQLITE_CORRUPT": DAMAGED,
    "SQLITE_IOERR_CORRUPTFS": DAMAGED,
    "SQLITE_IOERR_SHORT_READ": DAMAGED,
    "SQLITE_NOTADB": FOREIGN,
    "SQLITE_IOERR_NOMEM": _NO_MEMORY,
    "SQLITE_NOMEM": _NO_MEMORY,
    "SQLITE_IOERR": _FAILED,
}
BUSY = "55P03"
_BY_POSTGRESQL = {
    BUSY: "another run is writing it: wait until it ends, or name another by --ledger",
    "25006": "the server takes no changes: name the primary, not a standby, and a user without "
    "default_transaction_read_only; all that was recorded is kept",
    "28000": "this user may not log in from here: check the server's access rules",
    "28P01": "the password was refused: correct it where the reference leads",
    "3D000": "the database does not exist: create it, or correct the URL",
    "42P01": "no ledger is there: prove first, or name another by --ledger",
    "42501": "permission denied: grant this user CONNECT, and CREATE on the schema or its tables",
    "53100": "the server's disk is full: have its owner make room and run again; all that was "
    "recorded is kept",
    "53200": "the server lacks memory: run again later; all that was recorded is kept",
    "53300": "the server has no free connection: run again later, or have its owner allow more; "
    "all that was recorded is kept",
    "57P01": "the server ended the session: run again when it is up; all that was recorded is "
    "kept",
    "57P03": "the server is not ready yet: run again later",
    NO_ADDRESS: "no host of its URL's name was found: correct the name, or let this machine know "
    "it; all that was recorded is kept",
    NO_SCRAM: "no password was sent: ask for scram-sha-256 on the server, and put the password "
    "into the URL",
    NO_CERTIFICATE: "nothing was sent: ask for TLS on the server, and name its authority as "
    "?sslrootcert=/path/ca.pem",
    "XX001": "the server found it damaged: have its owner restore a backup; nothing was changed",
    "XX002": "the server found an index of it damaged: have its owner rebuild it; nothing was "
    "changed",
}
_OURS = (b"CREATE TABLE entries", b'"environment":"')
"""What stands in the file of a ledger whose first page may be gone: its tables, its bodies."""


def remedy(error: sa.exc.DBAPIError, file: Path | None = None) -> str:
    """What is wrong with a ledger and what to do, as a clause, without the database's own words,
    which may quote the URL. `file` is the ledger's, if it is one.
    """
    code: str | None = getattr(error.orig, "sqlite_errorname", None)
    if code is None:
        return _of_postgresql(sqlstate(error))
    found = next((says for begin, says in _BY_SQLITE.items() if code.startswith(begin)), None)
    if found is None:
        return f"SQLite answered {code}: leave the file as it is, and report it"
    if found in (_NO_RIGHTS, _FAILED) and file is not None:
        found = _by_the_file_system(file.parent) or found
    if found is FOREIGN and file is not None and _was_ours(file):
        return DAMAGED
    return found.format(code=code)


def remedy_of_file(error: OSError) -> str:
    """The same for a file or folder that the ledger needs."""
    by_number = {
        errno.ENOSPC: _FULL,
        errno.EDQUOT: _FULL,
        errno.EFBIG: _FULL,
        errno.EROFS: _READ_ONLY,
        errno.EACCES: _NO_RIGHTS,
        errno.EPERM: _NO_RIGHTS,
        errno.EIO: _FAILED.format(code="EIO"),
    }
    return by_number.get(
        error.errno or 0, f"cannot be written: {error.strerror}: name another --out"
    )


def _of_postgresql(code: str) -> str:
    if code == UNKNOWN or code.startswith("08"):
        return (
            "no answer: check host and port, and that the server is up, then run again; all that "
            "was recorded is kept"
        )
    return _BY_POSTGRESQL.get(code, f"the server answered {code}: look it up in its manual")


def _by_the_file_system(folder: Path) -> str | None:
    """What keeps everybody from writing there: it says only that it may not be, or failed."""
    try:
        of = os.statvfs(folder)
    except OSError:
        return None
    if of.f_flag & os.ST_RDONLY:
        return _READ_ONLY
    no_names_left = of.f_files > 0 and of.f_favail == 0
    return _FULL if of.f_bavail == 0 or no_names_left else None


def _was_ours(file: Path) -> bool:
    """Whether the content of a file that is no database shows that it was a ledger."""
    try:
        with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, prot=mmap.PROT_READ) as held:
            return any(held.find(mark) >= 0 for mark in _OURS)
    except (OSError, ValueError):  # it is empty, or may not be read
        return False
