"""What SSH and SFTP answer, in our words."""

from __future__ import annotations

import asyncssh

from connectors.errors import AccessDenied, SourceChanged, SourceError, SourceUnavailable

OK = "OK"
DENIED = "PermissionDenied"
"""The server refused a key or a password."""


def status_of(error: BaseException | None) -> str:
    """The name of a failure, as SSH and SFTP call it: persisted, so no class is asked for it.
    What comes without an answer is told in messages alone, by Python's name.
    """
    if (named := _STATUSES.get(type(error))) is not None:
        return named
    return f"SFTP {error.code}" if isinstance(error, asyncssh.SFTPError) else type(error).__name__


_STATUSES: dict[type, str] = {
    asyncssh.HostKeyNotVerifiable: "HostKeyNotVerifiable",
    asyncssh.PermissionDenied: DENIED,
    # draft-ietf-secsh-filexfer-02, 7: all that version 3 knows
    asyncssh.SFTPEOFError: "EOFError",
    asyncssh.SFTPNoSuchFile: "NoSuchFile",
    asyncssh.SFTPPermissionDenied: DENIED,
    asyncssh.SFTPFailure: "Failure",
    asyncssh.SFTPBadMessage: "BadMessage",
    asyncssh.SFTPNoConnection: "NoConnection",
    asyncssh.SFTPConnectionLost: "ConnectionLost",
    asyncssh.SFTPOpUnsupported: "OpUnsupported",
}


_OFFER = (
    "have it offer curve25519-sha256, a key of the pinned kind that signs with rsa-sha2-256 if it "
    "is RSA, aes128-gcm or aes128-ctr, and hmac-sha2-256, nothing with SHA-1"
)
_FAILURES: tuple[tuple[type[Exception], type[SourceError], str], ...] = (
    (
        asyncssh.KeyExchangeFailed,
        AccessDenied,
        f"the server offers only what we refuse, nothing of ours was sent: {_OFFER}",
    ),
    (
        asyncssh.ConnectionLost,
        SourceUnavailable,
        f"the server ended the connection: try later; if it refuses our algorithms, {_OFFER}",
    ),
    (
        asyncssh.HostKeyNotVerifiable,
        AccessDenied,
        "the server's key is not the pinned one, nothing of ours was sent: ask its owner",
    ),
    (
        asyncssh.PermissionDenied,
        AccessDenied,
        "our key or password was refused: check it and the user, one try was made",
    ),
    (
        asyncssh.SFTPPermissionDenied,
        AccessDenied,
        "permission denied: ask for the right to read it",
    ),
    (
        asyncssh.SFTPNoSuchFile,
        SourceChanged,
        "there is no such file or folder: correct its name",
    ),
    (
        asyncssh.SFTPConnectionLost,
        SourceUnavailable,
        "the connection was lost: read again",
    ),
    (
        asyncssh.SFTPError,
        SourceChanged,
        "the server could not do it: read again",
    ),
)
"""The first that is meant tells."""


def source_error(what: str, error: Exception) -> SourceError:
    """What the failure of `what` asks of the reader."""
    for meant, kind, says in _FAILURES:
        if isinstance(error, meant):
            return kind(f"{what}: {says}")
    return SourceUnavailable(f"{what}: no answer ({status_of(error)}): is the server up?")
