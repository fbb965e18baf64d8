"""Files in a bucket of an object store that speaks S3. Each try of a request is an event; Arrow's
own retries are off, nobody would see them.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import IO, Any, TypeVar
from urllib.parse import urlsplit

import pyarrow as pa
from pyarrow import fs

from connectors.connector import Probe, ProbeKind
from connectors.errors import SourceChanged, SourceError
from connectors.events import Answered, Authenticated, Emit, Event, Overloaded, Refused
from connectors.files.listing import Kind, Listed, is_meant
from connectors.files.private import private_file
from connectors.files.stores.bounded import at_most_names, changed, copied
from connectors.files.stores.s3_client import (
    DENIED,
    NO_ANSWER,
    OK,
    OVERLOAD,
    UNSIGNED,
    UNTRUSTED,
    Key,
    at_the_proxy,
    client,
    source_error,
    status_of,
)
from connectors.http.origin import origin
from connectors.http.proxy import Proxy, require_tunnel
from connectors.retry import RetryPolicy, retrying
from connectors.secrets import Secret
from connectors.worker import in_time

_TOO_MANY = "429"
BLOCK_BYTES = 32 << 20
"""Of an object, fetched by one request and held in memory."""
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class S3:
    """One bucket of an object store that speaks S3.

    >>> S3(
    ...     endpoint="https://s3.example",
    ...     region="eu-central-1",
    ...     bucket="billing",
    ...     access_key=at.secret("key"),
    ...     secret_key=at.secret("password"),
    ... ).endpoint
    'https://s3.example'
    """

    endpoint: str
    """`https://host:port`; plain http on this machine alone."""
    region: str
    bucket: str
    access_key: Secret
    secret_key: Secret
    ca_file: Path | None = None
    """Whose certificates to trust instead of those that this machine trusts."""
    proxy: Proxy | None = None
    """Through which to go; never one of the environment."""
    patience: RetryPolicy = field(default_factory=RetryPolicy)
    answer_seconds: float = 300.0
    """For one listing or one object, however slowly it drips in."""

    def __post_init__(self) -> None:
        origin(self.endpoint)
        require_tunnel(self.endpoint, self.proxy)
        if any(urlsplit(self.endpoint)[2:]):
            raise ValueError("an endpoint is an address without a path: write https://host:port")
        if not self.bucket or "/" in self.bucket:
            raise ValueError("bucket is its name alone: write the folders into the glob")

    @property
    def root(self) -> str:
        """The bucket."""
        return f"{self.bucket}/"

    @contextmanager
    def session(self, emit: Emit) -> Iterator[S3Session]:
        """S3 knows no log-in: what is asked is signed."""
        key = Key(access_key=self.access_key.reveal(), secret_key=self.secret_key.reveal())
        yield self._as(key, _telling_of_the_key(emit), self.patience)

    def probe(self, folder: str, *, emit: Emit) -> Sequence[Probe]:
        """List a folder without a signature, then with a random key that nobody gave out."""
        stranger = Key(
            access_key=f"STRANGER{secrets.token_hex(6).upper()}",
            secret_key=secrets.token_urlsafe(30),
        )
        unsigned = self._listed_as(None, folder, emit)
        status = self._listed_as(stranger, folder, emit)
        return (
            Probe(
                name="nobody_refused",
                refused=unsigned in UNSIGNED,
                status=unsigned,
                detail="a request without a signature",
                kind=ProbeKind.NOBODY,
            ),
            Probe(
                name="stranger_refused",
                refused=status in DENIED,
                status=status,
                detail="a random access key with a random secret",
            ),
        )

    def _listed_as(self, key: Key | None, folder: str, emit: Emit) -> str:
        """How the store answered one listing."""
        status = "no answer"

        def answered(event: Event) -> None:
            nonlocal status
            if isinstance(event, Answered):
                status = event.status
            emit(event)

        with suppress(SourceError):  # the answer was told; without one nobody was refused
            self._as(key, answered, RetryPolicy(attempts=1)).entries(folder, "*")
        return status

    def _as(self, key: Key | None, emit: Emit, patience: RetryPolicy) -> S3Session:
        return S3Session(
            client=client(self.endpoint, self.region, key, self.ca_file, self.proxy),
            bucket=self.bucket,
            proxy=self.proxy,
            emit=emit,
            patience=patience,
            answer_seconds=self.answer_seconds,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Session:
    """A bucket as one of its clients sees it."""

    client: fs.S3FileSystem
    bucket: str
    emit: Emit
    patience: RetryPolicy
    answer_seconds: float
    """For one listing or one object, however slowly it drips in."""
    proxy: Proxy | None = None
    """Through which the client speaks, for messages."""

    def entries(self, folder: str, pattern: str) -> Iterable[Listed]:
        """All objects below a prefix, as deep as the pattern may reach, named from there. A bucket
        that is gone and a prefix without any object are no listing.
        """
        there = self._path(folder)
        below = fs.FileSelector(there, recursive="/" in pattern)
        found = self._ask(f"list {there}", lambda: self.client.get_file_info(below))
        listed = [_listed(entry, there) for entry in at_most_names(found, there)]
        return [self._timed(folder, one) if _lacks_time(one, pattern) else one for one in listed]

    def fetch(self, folder: str, file: Listed) -> IO[bytes]:
        """An object, whole, by its ETag of one moment."""
        key = f"{self._path(folder)}/{file.name}"
        copies: list[IO[bytes]] = []  # one for each attempt: one given up may still be writing
        taken: IO[bytes] | None = None

        def attempt() -> tuple[IO[bytes], bool]:
            copies.append(copy := private_file())
            return copy, self._download(key, copy, file)

        try:
            copy, whole = self._ask(f"read {file.name}", attempt, size=file.bytes)
            if not whole:
                raise changed(file)
            taken = copy
        finally:
            for copy in copies:
                if copy is not taken:
                    copy.close()
        return taken

    def _path(self, folder: str) -> str:
        return f"{self.bucket}/{folder}" if folder else self.bucket

    def _download(self, key: str, copy: IO[bytes], file: Listed) -> bool:
        """Whether the copy is of one object from the first block to the last."""
        with self._opened(key) as source:
            before = source.metadata()
            if not copied(source.read, copy, file, BLOCK_BYTES):
                return False
        copy.flush()
        # Each block was a request of its own: the ETag tells whether all were of one object.
        with self._opened(key) as source:
            return bool(before == source.metadata())

    def _timed(self, folder: str, file: Listed) -> Listed:
        """With the object's own time, to the second, where the listing lacks it."""
        key = f"{self._path(folder)}/{file.name}"

        def look() -> str:
            with self._opened(key) as source:
                metadata: Mapping[Any, bytes] = source.metadata()
                return metadata.get("Last-Modified", b"").decode()

        told = self._ask(f"look at {file.name}", look)
        try:
            return replace(file, modified=datetime.fromisoformat(told).timestamp())
        except ValueError:
            message = f"{file.name} has no time: ask for a server that tells"
            raise SourceChanged(message) from None

    def _opened(self, key: str) -> pa.NativeFile:
        # As it lies there: by itself Arrow unpacks what is called .gz, .bz2 or .zst.
        return self.client.open_input_stream(key, compression=None)

    def _ask(self, what: str, request: Callable[[], _T], *, size: int = 0) -> _T:
        """Ask, and again while the store is unavailable."""
        attempts = count(1)

        def once() -> _T:
            with _asking(what, next(attempts), size, self.emit, self.proxy):
                return in_time(request, self.answer_seconds)

        return retrying(what, emit=self.emit, hold=_alone, patience=self.patience)(once)


def _telling_of_the_key(emit: Emit) -> Emit:
    """The first request that is answered well tells that our key was taken."""
    taken = False

    def tell(event: Event) -> None:
        nonlocal taken
        if not taken and isinstance(event, Answered) and event.status == OK:
            taken = True
            emit(Authenticated(how="access key", renewed=False))
        emit(event)

    return tell


@contextmanager
def _asking(what: str, attempt: int, size: int, emit: Emit, proxy: Proxy | None) -> Iterator[None]:
    """Tell of one answer, and turn a failure into ours."""
    began = time.perf_counter()

    def answered(status: str, size: int) -> None:
        seconds = time.perf_counter() - began
        emit(Answered(what=what, status=status, seconds=seconds, bytes=size, attempt=attempt))

    try:
        yield
    except OSError as error:
        if proxy is not None and (failure := at_the_proxy(what, error, proxy)) is not None:
            raise failure from None
        status = status_of(error)
        if status not in (NO_ANSWER, UNTRUSTED):
            answered(status, 0)
        if status in DENIED or status == _TOO_MANY:
            emit(Refused(what=what, status=status))
        elif status in OVERLOAD:
            emit(Overloaded(what=what, status=status))
        raise source_error(what, status) from None  # the answer's own text may name the key
    answered(OK, size)


def _listed(entry: fs.FileInfo, folder: str) -> Listed:
    name = entry.path.removeprefix(f"{folder}/")
    if entry.type != fs.FileType.File:
        return Listed(name=name, bytes=0, modified=0, kind=Kind.FOLDER)
    modified = 0.0 if entry.mtime is None else entry.mtime.timestamp()
    return Listed(name=name, bytes=entry.size, modified=modified)


def _lacks_time(one: Listed, pattern: str) -> bool:
    """Arrow gives 1970 for a time that it cannot read, such as one with tenths of a second."""
    return one.kind is Kind.FILE and not one.modified and is_meant(one.name, pattern)


def _alone(_: float) -> None:
    """Nobody shares a budget with us."""
