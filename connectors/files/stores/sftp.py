"""Files on an SFTP server, in plain calls: the event loop runs only while one of them waits.

The server proves its pinned key before we show a key or a password, to it alone: no agent, no
configuration of the user's, no other way of logging in.
"""

from __future__ import annotations

import asyncio
import posixpath
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import asyncssh

from connectors import bounds
from connectors.connector import Probe, ProbeKind
from connectors.errors import AccessDenied, SourceChanged, SourceError
from connectors.events import Authenticated, Emit, Refused
from connectors.files.listing import Kind, Listed, walk
from connectors.files.private import path_of, private_file
from connectors.files.stores import sftp_algorithms
from connectors.files.stores.bounded import changed, too_many
from connectors.files.stores.sftp_answers import DENIED, OK, source_error, status_of
from connectors.files.stores.sftp_asking import asking, wait
from connectors.files.stores.sftp_credentials import Credentials
from connectors.files.stores.sftp_scratch import Asking
from connectors.host_names import is_unknown, unknown_host
from connectors.rights import NO_ANSWER, power
from connectors.secrets import MissingReference, Secret, secret_file

_CONNECT_SECONDS = 10
_SETTING = "host of Sftp(…)"
READ_BYTES = 32_768
"""The most that every server should answer at once (draft-ietf-secsh-filexfer-02, 3); with half of
it a transfer costs a third more CPU.
"""
_KINDS = {
    asyncssh.FILEXFER_TYPE_REGULAR: Kind.FILE,
    asyncssh.FILEXFER_TYPE_DIRECTORY: Kind.FOLDER,
}
_ITSELF = (".", "..")
"""Which servers list in each folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sftp:
    """A folder tree on an SFTP server. We log in by key or by password, once a reading.

    The server is connected to directly, through no proxy, and known by its key, not by a CA.

    >>> Sftp(
    ...     host="drop.example",
    ...     user="reader",
    ...     host_key="ssh-ed25519 AAAA…",
    ...     password=at.secret("password"),
    ... ).endpoint
    'sftp://drop.example:22'
    """

    host: str
    user: str
    host_key: str
    """The server's public key, one line: `ssh-ed25519 AAAA…`."""
    port: int = 22
    key_file: Path | None = None
    """Our private key, readable by its owner alone."""
    password: Secret | None = None
    """Instead of a key. It is sent once: servers lock out who tries twice."""

    def __post_init__(self) -> None:
        if (self.key_file is None) == (self.password is None):
            raise ValueError("a log-in takes a key_file or a password: name one of them")

    @property
    def endpoint(self) -> str:
        """Scheme, host and port."""
        return f"sftp://{self.host}:{self.port}"

    @property
    def root(self) -> str:
        """The user's home."""
        return f"~{self.user}/"

    @contextmanager
    def session(self, emit: Emit) -> Iterator[SftpSession]:
        """Log in, and out again."""
        if self.password is not None:
            credentials = Credentials(user=self.user, password=self.password.reveal())
        else:
            assert self.key_file is not None
            credentials = Credentials(user=self.user, key=_key(self.key_file))
        with self._as(credentials, emit) as session:
            yield session

    def probe(self, folder: str, *, emit: Emit) -> Sequence[Probe]:  # noqa: ARG002 - a Store
        """Log in under our name without key or password, which is how each of our log-ins begins
        (RFC 4252 5.2, `none`): it locks nobody out. Then with a random name, and a key or a
        password made for it.
        """
        stranger, how = f"stranger_{secrets.token_hex(8)}", "key"
        credentials = Credentials(user=stranger, key=asyncssh.generate_private_key("ssh-ed25519"))
        if self.password is not None:
            credentials, how = (
                Credentials(user=stranger, password=secrets.token_urlsafe(24)),
                "password",
            )
        bare = self._logged_in_as(Credentials(user=self.user), emit)
        status = self._logged_in_as(credentials, emit)
        return (
            Probe(
                name="nobody_refused",
                refused=bare == DENIED,
                status=bare,
                detail="a log-in without key or password",
                kind=ProbeKind.NOBODY,
            ),
            Probe(
                name="stranger_refused",
                refused=status == DENIED,
                status=status,
                detail=f"a random login name with a {how} made for it",
            ),
        )

    def try_write(self, at: str, *, emit: Emit) -> Sequence[Probe]:
        """Write, make and remove in one permitted folder, each once; what succeeds is undone."""
        try:
            with self.session(emit) as session:
                trial = Asking(
                    client=session.client,
                    runner=session.runner,
                    emit=emit,
                    user=self.user,
                    at=at,
                    token=secrets.token_hex(8),
                )
                return tuple(trial.try_write())
        except SourceError as error:
            return (power(f"write files into {at}", status=NO_ANSWER, detail=str(error)),)

    def _logged_in_as(self, credentials: Credentials, emit: Emit) -> str:
        """How the server answered one log-in."""
        try:
            with self._as(credentials, emit):
                return OK
        except AccessDenied as error:
            return status_of(error.__cause__)
        except SourceError:
            return "no answer"

    @contextmanager
    def _as(self, credentials: Credentials, emit: Emit) -> Iterator[SftpSession]:
        with asyncio.Runner() as runner:
            try:
                connection = runner.run(self._connect(credentials))
            except (asyncssh.Error, OSError, UnicodeError) as error:
                if status_of(error) == DENIED:
                    emit(Refused(what="log-in", status=DENIED))
                what = f"log-in to {self.host}:{self.port}"
                if is_unknown(error):
                    raise unknown_host(what, host=self.host, setting=_SETTING) from error
                raise source_error(what, error) from error
            try:
                emit(Authenticated(how=f"{credentials.how} of {credentials.user}", renewed=False))
                with asking("open sftp", emit):
                    client = wait(runner, connection.start_sftp_client())
                yield SftpSession(runner=runner, client=client, emit=emit)
            finally:
                connection.close()
                runner.run(connection.wait_closed())

    async def _connect(self, credentials: Credentials) -> asyncssh.SSHClientConnection:
        trusted = [asyncssh.import_public_key(self.host_key)]
        return await asyncssh.connect(
            self.host,
            self.port,
            username=credentials.user,
            client_keys=None if credentials.key is None else [credentials.key],
            password=credentials.password,
            known_hosts=(trusted, [], []),
            preferred_auth=credentials.methods,
            agent_path=None,
            config=None,
            **sftp_algorithms.ALGORITHMS,
            server_host_key_algs=sftp_algorithms.signatures(trusted[0]),
            connect_timeout=_CONNECT_SECONDS,
            login_timeout=_CONNECT_SECONDS,
            keepalive_interval=_CONNECT_SECONDS,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SftpSession:
    """An open session."""

    runner: asyncio.Runner
    client: asyncssh.SFTPClient
    emit: Emit

    def entries(self, folder: str, pattern: str) -> Iterable[Listed]:
        """All that matches, a request for each folder on the way."""
        return walk(self._entries, folder, pattern)

    def _entries(self, folder: str) -> list[Listed]:
        async def scan() -> list[asyncssh.SFTPName]:
            found: list[asyncssh.SFTPName] = []
            async for entry in self.client.scandir(folder or "."):
                found.append(entry)
                if len(found) > bounds.NAMES:
                    raise too_many(folder)
            return found

        with asking(f"list {folder or '.'}", self.emit):
            entries = wait(self.runner, scan())
        return [_listed(entry) for entry in entries if entry.filename not in _ITSELF]

    def fetch(self, folder: str, file: Listed) -> IO[bytes]:
        """A file, whole; an SFTP server does not tell whether it is of one moment."""
        there = posixpath.join(folder, file.name)
        copy = private_file()

        def no_more(_from: bytes, _to: bytes, done: int, size: int) -> None:
            if max(done, size) > file.bytes:
                raise changed(file)

        got = self.client.get(
            there, path_of(copy), block_size=READ_BYTES, progress_handler=no_more
        )
        try:
            with asking(f"read {file.name}", self.emit, file.bytes):
                wait(self.runner, got)
        except BaseException:
            copy.close()
            raise
        return copy

    def part(self, folder: str, file: Listed, start: int, size: int) -> bytes:
        """Some bytes of a file."""

        async def some() -> bytes:
            async with self.client.open(posixpath.join(folder, file.name), "rb") as opened:
                found: Any = await opened.read(size, start)  # its type is that of text, too
            return bytes(found)

        with asking(f"read part of {file.name}", self.emit, size):
            return wait(self.runner, some())


def _key(path: Path) -> asyncssh.SSHKey:
    try:
        return asyncssh.import_private_key(secret_file(path))
    except MissingReference as error:
        raise AccessDenied(str(error)) from error
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError) as error:
        raise AccessDenied(f"key file {path} holds no private key without passphrase") from error


def _listed(entry: asyncssh.SFTPName) -> Listed:
    name, size, modified = entry.filename, entry.attrs.size, entry.attrs.mtime
    kind = _KINDS.get(entry.attrs.type, Kind.OTHER)
    if not isinstance(name, str) or (kind is Kind.FILE and (size is None or modified is None)):
        raise SourceChanged("the listing lacks a name, size or time: ask for a server that tells")
    return Listed(name=name, bytes=size or 0, modified=modified or 0, kind=kind)
