"""One SFTP session as plain calls: its event loop runs only while one of them waits.

The server proves its pinned key before we show ours, to it alone: no agent, no configuration of
the user's, no other way of logging in.
"""

from __future__ import annotations

import asyncio
import hashlib
import posixpath
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import asyncssh

from connectors.errors import AccessDenied, SourceChanged, SourceError, SourceUnavailable
from connectors.events import Answered, Authenticated, Delivered, Emit, Refused
from connectors.files.listing import Listed

OK = "OK"
DENIED = "PermissionDenied"
"""The server refused a key."""
_CONNECT_SECONDS = 10
_ANSWER_SECONDS = 300
"""For one listing or one file."""
READ_BYTES = 32_768
"""The most that every server should answer at once (draft-ietf-secsh-filexfer-02, 3); with half of
it a transfer costs a third more CPU.
"""
_LOOK_BYTES = 1 << 18
"""Few enough to stay in the processor's cache."""
_REGULAR = asyncssh.FILEXFER_TYPE_REGULAR
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where to log in, and as whom."""

    host: str
    port: int
    user: str
    host_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """An open session."""

    runner: asyncio.Runner
    client: asyncssh.SFTPClient
    emit: Emit

    def listing(self, folder: str) -> list[Listed]:
        """All that is in a folder."""

        async def scan() -> list[asyncssh.SFTPName]:
            return [entry async for entry in self.client.scandir(folder or ".")]

        with _asking(f"list {folder or '.'}", self.emit):
            entries = _wait(self.runner, scan())
        return [_listed(entry) for entry in entries]

    def fetch(self, folder: str, file: Listed, into: Path, look: Callable[[bytes], None]) -> None:
        """Write a file, whole, to `into`. `look` sees all its bytes on the way to their digest."""
        there = posixpath.join(folder, file.name)
        with _asking(f"read {file.name}", self.emit, file.bytes):
            _wait(self.runner, self.client.get(there, into, block_size=READ_BYTES))
        if into.stat().st_size != file.bytes:
            raise SourceChanged(f"{file.name} changed while it was read: read again")
        digest = hashlib.sha256()
        with into.open("rb") as fetched:
            for data in iter(lambda: fetched.read(_LOOK_BYTES), b""):
                digest.update(data)
                look(data)
        self.emit(
            Delivered(
                name=file.name,
                available_at=datetime.fromtimestamp(file.modified, UTC),
                bytes=file.bytes,
                sha256=digest.hexdigest(),
            )
        )


@contextmanager
def session(server: Server, key: asyncssh.SSHKey, emit: Emit) -> Iterator[Session]:
    """Log in, and out again."""
    with asyncio.Runner() as runner:
        try:
            connection = runner.run(_connect(server, key))
        except (asyncssh.Error, OSError) as error:
            if status_of(error) == DENIED:
                emit(Refused(what="log-in", status=DENIED))
            raise _source_error(f"log-in to {server.host}:{server.port}", error) from error
        try:
            emit(Authenticated(how=f"key of {server.user}", renewed=False))
            with _asking("open sftp", emit):
                client = _wait(runner, connection.start_sftp_client())
            yield Session(runner=runner, client=client, emit=emit)
        finally:
            connection.close()
            runner.run(connection.wait_closed())


def _wait(runner: asyncio.Runner, work: Awaitable[_T]) -> _T:
    async def in_time() -> _T:
        async with asyncio.timeout(_ANSWER_SECONDS):
            return await work

    return runner.run(in_time())


async def _connect(server: Server, key: asyncssh.SSHKey) -> asyncssh.SSHClientConnection:
    trusted = [asyncssh.import_public_key(server.host_key)]
    return await asyncssh.connect(
        server.host,
        server.port,
        username=server.user,
        client_keys=[key],
        known_hosts=(trusted, [], []),
        preferred_auth="publickey",
        agent_path=None,
        config=None,
        encryption_algs="^aes128-gcm@openssh.com",  # first: half the CPU of ChaCha20 here
        connect_timeout=_CONNECT_SECONDS,
        login_timeout=_CONNECT_SECONDS,
        keepalive_interval=_CONNECT_SECONDS,
    )


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


def _listed(entry: asyncssh.SFTPName) -> Listed:
    name, size, modified = entry.filename, entry.attrs.size, entry.attrs.mtime
    regular = entry.attrs.type == _REGULAR
    if not isinstance(name, str) or (regular and (size is None or modified is None)):
        raise SourceChanged("the listing lacks a name, size or time: ask for a server that tells")
    return Listed(name=name, bytes=size or 0, modified=modified or 0, regular=regular)


@contextmanager
def _asking(what: str, emit: Emit, size: int = 0) -> Iterator[None]:
    """Tell of one answer, and turn a failure into ours."""
    began = time.perf_counter()
    try:
        yield
    except (asyncssh.Error, OSError) as error:
        failure = _source_error(what, error)
        if isinstance(error, asyncssh.SFTPError):
            seconds = time.perf_counter() - began
            status = status_of(error)
            emit(Answered(what=what, status=status, seconds=seconds, bytes=0, attempt=1))
            if isinstance(failure, AccessDenied):
                emit(Refused(what=what, status=status))
        raise failure from error
    seconds = time.perf_counter() - began
    emit(Answered(what=what, status=OK, seconds=seconds, bytes=size, attempt=1))


_FAILURES: tuple[tuple[type[Exception], type[SourceError], str], ...] = (
    (
        asyncssh.HostKeyNotVerifiable,
        AccessDenied,
        "the server's key is not the pinned one, nothing of ours was sent: ask its owner",
    ),
    (
        asyncssh.PermissionDenied,
        AccessDenied,
        "our key was refused: check user and key file",
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


def _source_error(what: str, error: Exception) -> SourceError:
    for meant, kind, says in _FAILURES:
        if isinstance(error, meant):
            return kind(f"{what}: {says}")
    return SourceUnavailable(f"{what}: no answer ({status_of(error)}): is the server up?")
