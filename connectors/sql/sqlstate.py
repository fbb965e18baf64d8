"""Our error for each SQLSTATE: fix the credentials, come back later, or read again at once."""

from __future__ import annotations

from sqlalchemy.exc import DataError, DBAPIError

from connectors.errors import AccessDenied, SourceChanged, SourceError, SourceUnavailable

SUCCESS = "00000"
UNKNOWN = "no SQLSTATE"
UNREADABLE = "no value of ours"
REFUSED_LOGINS = ("28P01", "28000")
NO_SCRAM = "no SCRAM"
NO_CERTIFICATE = "no proven certificate"
NO_ADDRESS = "no address"

_ACCESS = {
    "28P01": "the password was refused: correct the user in url of Sql(…), or password",
    "28000": "this user may not log in from here: correct the user in url of Sql(…), or ask for "
    "it in the server's access rules",
    "42501": "permission denied: ask for SELECT on it",
    NO_SCRAM: "the password was not sent: ask for scram-sha-256 and hand the password over",
    NO_CERTIFICATE: "nothing was sent: ask for TLS, and name its authority as ?sslrootcert=/file",
}
_LATER = {
    NO_ADDRESS: "its name was not looked up in time: read again later",
    "25P03": "the transaction was idle for too long: read again, and land faster",
    "40001": "the snapshot could not be kept: read again",
    "40P01": "two sessions waited for each other's locks: read again later",
    "53100": "the server's disk is full: tell its owner, and read again later",
    "53200": "the server lacks memory: read again later",
    "53300": "the server has no free connection: read again later",
    "55P03": "a lock was not given in time: read again when the change there is done",
    "57014": "the statement was cancelled or took too long: read again later",
    "57P01": "the server or its owner ended the session: read again later",
    "57P02": "the server crashed: read again later",
    "57P03": "the server is not ready yet: read again later",
}
_CHANGED = {
    "22021": "text that is not UTF-8: correct the data or the database's encoding",
    "3D000": "the database does not exist: correct url of Sql(…)",
    "3F000": "the schema does not exist: correct the table's name",
    UNREADABLE: "the driver has no value for one of its values: correct that, or promise text",
    "42P01": "the table does not exist: correct its name or the contract",
    "42703": "a column went away while reading: read again",
    "SQLITE_CORRUPT": "the file is damaged: have it written again",
    "SQLITE_NOTADB": "the file is no database of SQLite: correct its path, or how it is read",
    "SQLITE_READONLY_DIRECTORY": "its folder may not be written, which a write-ahead log needs: "
    "have it copied after PRAGMA journal_mode = DELETE",
    "XX001": "the server found the table damaged: tell its owner",
    "XX002": "the server found an index damaged: tell its owner",
}
_CONNECTION = ("08", "53", "57", "58")
"""Classes of failures on the server's side."""
_PASSING = ("08", "40001", "40P01", "53300", "57P01", "57P02", "57P03", UNKNOWN)
"""Begins of the codes after which a new snapshot may succeed at once. Not those of our own limits
(25P03, 55P03, 57014): the same statement would load the server as long again.
"""
_CANCELLED = "57014"
_CONFLICT = "RecoveryConflict"
"""In the name of the function in which a standby ends a statement that its replay conflicts with.
A time-out and a person's cancel have the same code and come from another.
"""


class SnapshotLost(SourceUnavailable):
    """The server ended the session or its snapshot: a new one may be read at once."""


_LOGIN_WORDS = {  # a refused log-in has words and no code: libpq does not pass it on
    "password authentication failed": "28P01",
    "no password supplied": "28P01",
    "authentication failed": "28000",  # by peer, certificate, GSSAPI, RADIUS …
    "no pg_hba.conf entry": "28000",
    "requires a valid client certificate": "28000",
    "is not permitted to log in": "28000",
    "permission denied": "42501",
    "too many": "53300",
    "connection slots": "53300",
    "the database system is": "57P03",  # starting up, shutting down, in recovery mode
    "not currently accepting": "57P03",
    'role "': "28000",
    'database "': "3D000",
}
_BY_DRIVER = {  # words of the driver, libpq and SQLite, never translated: no server answered
    "failed to resolve host": NO_ADDRESS,
    "authentication method requirement": NO_SCRAM,
    "certificate": NO_CERTIFICATE,
    "SSL was required": NO_CERTIFICATE,
    "Could not decode to UTF-8": "22021",
    "database is locked": "55P03",
    "unable to open database file": "3D000",
}


def sqlstate(error: DBAPIError) -> str:
    """The code of a failed statement or log-in."""
    if code := getattr(error.orig, "sqlstate", None):
        return str(code)
    if isinstance(error, DataError):  # the server answered, and the driver raised
        return UNREADABLE
    words = str(error.orig)
    by_server = "FATAL" in words or "fe_sendauth" in words
    known = _LOGIN_WORDS if by_server else _BY_DRIVER
    by_sqlite = getattr(error.orig, "sqlite_errorname", UNKNOWN)
    return next((code for text, code in known.items() if text in words), by_sqlite)


def statement_failure(what: str, error: DBAPIError) -> SourceError:
    """The error for a statement that failed."""
    code = sqlstate(error)
    if code == _CANCELLED and _CONFLICT in (_function(error) or ""):
        said = f"{what}: {code}, the standby's replay ended it: read again"
        return SnapshotLost(said, answered=True)
    return source_error(what, code)


def _function(error: DBAPIError) -> str | None:
    """The server's function that raised it, whose name no language changes."""
    diagnosis = getattr(error.orig, "diag", None)
    return getattr(diagnosis, "source_function", None)


def source_error(what: str, code: str, *, also: str = "") -> SourceError:
    """The error for a code, without the server's own words, which may quote the data. `also` is
    what else to check where nobody answered.
    """
    if code in _ACCESS:
        return AccessDenied(f"{what}: {code}, {_ACCESS[code]}")
    if code in _CHANGED:
        return SourceChanged(f"{what}: {code}, {_CHANGED[code]}")
    unavailable = SnapshotLost if code.startswith(_PASSING) else SourceUnavailable
    if code in _LATER:
        return unavailable(f"{what}: {code}, {_LATER[code]}", answered=True)
    if code == UNKNOWN or code.startswith(_CONNECTION):
        return unavailable(f"{what}: no answer ({code}); check that the server is up{also}")
    return SourceChanged(f"{what}: answered {code}; look it up in the database's manual")
