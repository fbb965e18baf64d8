"""The status of an SFTP answer is persisted: it is the protocol's name, not a library's."""

from __future__ import annotations

import asyncssh
import pytest

from connectors.files.stores.sftp_answers import status_of
from tests.golden.renamed import renamed


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (asyncssh.PermissionDenied("no"), "PermissionDenied"),
        (asyncssh.HostKeyNotVerifiable("no"), "HostKeyNotVerifiable"),
        (asyncssh.SFTPEOFError("no"), "EOFError"),
        (asyncssh.SFTPNoSuchFile("no"), "NoSuchFile"),
        (asyncssh.SFTPPermissionDenied("no"), "PermissionDenied"),
        (asyncssh.SFTPFailure("no"), "Failure"),
        (asyncssh.SFTPBadMessage("no"), "BadMessage"),
        (asyncssh.SFTPNoConnection("no"), "NoConnection"),
        (asyncssh.SFTPConnectionLost("no"), "ConnectionLost"),
        (asyncssh.SFTPOpUnsupported("no"), "OpUnsupported"),
        (asyncssh.SFTPQuotaExceeded("no"), "SFTP 15"),
    ],
)
def test_a_status_is_the_same_whatever_the_class_is_called(error: Exception, status: str) -> None:
    with renamed([type(error)]):
        assert type(error).__name__.startswith("Renamed")
        assert status_of(error) == status
