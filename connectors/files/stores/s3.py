"""One S3 endpoint as plain calls. Each try of a request is an event; Arrow's own retries are off,
nobody would see them.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from pyarrow import fs

from connectors.errors import AccessDenied, SourceChanged, SourceError, SourceUnavailable
from connectors.events import Answered, Delivered, Emit, Refused
from connectors.files.listing import Listed
from connectors.http.origin import origin
from connectors.http.proxy import Proxy
from connectors.retry import RetryPolicy, retrying
from connectors.worker import Worker

OK = "200"
NO_ANSWER = "NetworkConnection"
UNTRUSTED = "TlsNotTrusted"
_AT_THE_PROXY = re.compile(
    r"curlCode: .*(CONNECT tunnel failed, response (\d{3})|Failed to connect to \S+ over proxy)"
)
DENIED = (
    *("401", "403", "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch"),
    *("InvalidClientTokenId", "UnrecognizedClient", "MissingAuthenticationToken"),
    *("IncompleteSignature", "ExpiredToken", "InvalidToken", "RequestExpired"),
    *("RequestTimeTooSkewed", "AllAccessDisabled", "AccountProblem"),
)
"""Answers that refuse who asks, or what is asked for."""
_MISSING = ("404", "NoSuchKey", "ResourceNotFound")
_BUSY = (
    *("408", "429", "500", "502", "503", "504", "SlowDown", "Throttling", "RequestTimeout"),
    *("ServiceUnavailable", "InternalFailure", "InternalError"),
)
_CONNECT_SECONDS = 5.0
_SILENCE_SECONDS = 30.0
BLOCK_BYTES = 32 << 20
"""Of an object, fetched by one request and held in memory."""
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """Who asks."""

    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """An endpoint as one of its clients sees it."""

    client: fs.S3FileSystem
    emit: Emit
    patience: RetryPolicy
    answer_seconds: float
    """For one listing or one object, however slowly it drips in."""
    proxy: Proxy | None = None
    """Through which the client speaks, for messages."""

    def listing(self, folder: str) -> list[Listed]:
        """All objects below `bucket/prefix`, named from there. A bucket that is gone and a
        prefix without any object are no listing.
        """
        below = fs.FileSelector(folder, recursive=True)
        found = self._ask(f"list {folder}", lambda: self.client.get_file_info(below))
        return [_listed(entry, folder) for entry in found if entry.type == fs.FileType.File]

    @contextmanager
    def fetched(self, folder: str, file: Listed) -> Iterator[Path]:
        """An object, whole, in a private folder of ours for as long as the block lasts."""
        with tempfile.TemporaryDirectory(prefix="seatrial-") as private:
            key = f"{folder}/{file.name}"
            path, digest, whole = self._ask(
                f"read {file.name}", lambda: self._download(key, private), size=file.bytes
            )
            if not whole or path.stat().st_size != file.bytes:
                raise SourceChanged(f"{file.name} changed while it was read: read again")
            self.emit(
                Delivered(
                    name=file.name,
                    available_at=datetime.fromtimestamp(file.modified, UTC),
                    bytes=file.bytes,
                    sha256=digest,
                )
            )
            yield path

    def _download(self, key: str, private: str) -> tuple[Path, str, bool]:
        """The copy, its digest, and whether it is of one object from the first block to the last.

        Each attempt has a file of its own: one that was given up may still be writing.
        """
        digest = hashlib.sha256()
        with (
            self.client.open_input_stream(key) as source,
            tempfile.NamedTemporaryFile(dir=private, delete=False) as copy,
        ):
            before = source.metadata()
            while block := source.read(BLOCK_BYTES):
                digest.update(block)
                copy.write(block)
        # Each block was a request of its own: the ETag tells whether all were of one object.
        with self.client.open_input_stream(key) as source:
            return Path(copy.name), digest.hexdigest(), before == source.metadata()

    def _ask(self, what: str, request: Callable[[], _T], *, size: int = 0) -> _T:
        """Ask, and again while the store is unavailable."""
        attempts = count(1)

        def once() -> _T:
            with _asking(what, next(attempts), size, self.emit, self.proxy):
                return _in_time(request, self.answer_seconds)

        return retrying(what, emit=self.emit, hold=_alone, patience=self.patience)(once)


def _in_time(request: Callable[[], _T], seconds: float) -> _T:
    """What is asked for, or TimeoutError: Arrow knows a time-out for silence alone."""
    worker: Worker[Callable[[], _T], _T] = Worker(lambda task: task(), last=lambda: None)
    worker.begin(request)
    try:
        outcome = worker.outcome(seconds=seconds)
    finally:
        worker.leave()
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome


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
        if proxy is not None and (met := _AT_THE_PROXY.search(str(error))):
            raise proxy.failure(what, int(met[2]) if met[2] else None) from None
        status = status_of(error)
        if status not in (NO_ANSWER, UNTRUSTED):
            answered(status, 0)
        if status in DENIED:
            emit(Refused(what=what, status=status))
        raise _source_error(what, status) from None  # the answer's own text may name the key
    answered(OK, size)


def client(
    endpoint: str, region: str, key: Key, ca_file: Path | None, proxy: Proxy | None = None
) -> fs.S3FileSystem:
    """A client for one endpoint; connects to nothing. No other proxy, no profile, no other key."""
    at = urlsplit(origin(endpoint))
    return fs.S3FileSystem(
        access_key=key.access_key,
        secret_key=key.secret_key,
        region=region,
        scheme="https" if at.scheme == "https" else "http",
        endpoint_override=at.netloc,
        # pyarrow-stubs do not know the option yet
        tls_ca_file_path=None if ca_file is None else str(ca_file),  # type: ignore[call-arg]
        # pyarrow-stubs misspell one of its keys
        proxy_options=None if proxy is None else _theirs(proxy),  # type: ignore[arg-type]
        connect_timeout=_CONNECT_SECONDS,
        request_timeout=_SILENCE_SECONDS,
        retry_strategy=fs.AwsStandardS3RetryStrategy(max_attempts=1),
    )


def _theirs(proxy: Proxy) -> dict[str, object]:
    """The proxy as Arrow wants it."""
    at = urlsplit(proxy.url)
    port = at.port or (443 if at.scheme == "https" else 80)
    user, password = proxy.login or (None, None)
    return {
        "scheme": at.scheme,
        "host": at.hostname,
        "port": port,
        "username": user,
        "password": password,
    }


def status_of(error: OSError) -> str:
    """S3's own name for a failure (`NoSuchBucket`), the HTTP status where Arrow knows no name, or
    why there was no answer.
    """
    said = str(error)
    if isinstance(error, FileNotFoundError):
        return "NoSuchKey"
    if re.search(r"curlCode: (51|60|77|83|90|91)\b", said):
        return UNTRUSTED
    if named := re.search(r"ExceptionName: ([A-Za-z]{1,64})\b", said):
        return named[1]
    if numbered := re.search(r"AWS Error UNKNOWN \(HTTP status (\d{3})\)", said):
        return numbered[1]
    code = re.search(r"AWS Error ([A-Z_]+)", said)
    return code[1].title().replace("_", "") if code else NO_ANSWER


_FAILURES: tuple[tuple[tuple[str, ...], type[SourceError], str], ...] = (
    ((NO_ANSWER,), SourceUnavailable, "no whole answer: is the server up?"),
    ((UNTRUSTED,), AccessDenied, "TLS is not trusted: check address and CA file"),
    (DENIED, AccessDenied, "refused ({}): check the key, its grants and our clock"),
    (_BUSY, SourceUnavailable, "not now ({}): try later"),
    (("NoSuchBucket",), SourceChanged, "there is no such bucket: correct its name"),
    (_MISSING, SourceChanged, "nothing of that name is there: correct it, or read again"),
)


def _source_error(what: str, status: str) -> SourceError:
    for meant, kind, says in _FAILURES:
        if status in meant:
            return kind(f"{what}: {says.format(status)}")
    return SourceChanged(f"{what}: answered {status}: read again, or correct endpoint and region")


def _listed(entry: fs.FileInfo, folder: str) -> Listed:
    if entry.mtime is None:
        raise SourceChanged("the listing lacks a time: ask for a server that tells")
    name = entry.path.removeprefix(f"{folder}/")
    return Listed(name=name, bytes=entry.size, modified=entry.mtime.timestamp())


def _alone(_: float) -> None:
    """Nobody shares a budget with us."""
