"""One bucket as one of its clients sees it: what is listed, looked at and fetched, and told."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from typing import IO, Any

import pyarrow as pa
from pyarrow import fs

from connectors.errors import SourceChanged, SourceError, SourceUnavailable
from connectors.events import Answered, Emit, Overloaded, Refused
from connectors.files.listing import Kind, Listed, is_meant
from connectors.files.private import private_file
from connectors.files.stores.ahead import Done, Pace, Request, Sent, Stopped, in_turn
from connectors.files.stores.bounded import at_most_names, changed, copied
from connectors.files.stores.s3_client import (
    DENIED,
    NO_ANSWER,
    OK,
    OVERLOAD,
    UNTRUSTED,
    at_the_proxy,
    source_error,
    status_of,
    unknown,
)
from connectors.http.proxy import Proxy
from connectors.retry import RetryPolicy, retrying
from connectors.worker import Begun

_TOO_MANY = "429"
BLOCK_BYTES = 32 << 20
"""Of an object, fetched by one request and held in memory."""
_LEAVING_SECONDS = 2.0
"""How long to wait for requests that are under way when the reading ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class S3Session:
    """A bucket as one of its clients sees it."""

    client: fs.S3FileSystem
    endpoint: str
    bucket: str
    emit: Emit
    patience: RetryPolicy
    answer_seconds: float
    """For one listing or one object, however slowly it drips in."""
    proxy: Proxy | None = None
    """Through which the client speaks, for messages."""
    pace: Pace = field(default_factory=Pace)

    def entries(self, folder: str, pattern: str) -> Iterable[Listed]:
        """All objects below a prefix, as deep as the pattern may reach, named from there. A bucket
        that is gone or empty, and a prefix without any object, are no listing: whatever answers
        200 without a word would be one.
        """
        there = self._path(folder)
        below = fs.FileSelector(there, recursive="/" in pattern)
        listing: Request[Iterable[fs.FileInfo]] = Request(
            what=f"list {there}", send=lambda _: self.client.get_file_info(below)
        )
        found = at_most_names(self._take(listing), there)
        listed = [_listed(entry, there) for entry in found]
        if not listed and not folder:
            raise SourceChanged(
                f"list {there}: the bucket holds no object: check that it is the right one, and "
                "what answers for it"
            )
        without = [one for one in listed if _lacks_time(one, pattern)]
        with closing(self._in_turn(self._look(folder, one) for one in without)) as times:
            timed = {one.name: _timed(one, told) for one, told in zip(without, times, strict=True)}
        return [timed.get(one.name, one) for one in listed]

    def fetch(self, folder: str, file: Listed) -> IO[bytes]:
        """An object, whole, by its ETag of one moment."""
        with closing(self.fetch_all(folder, [file])) as fetched:
            return next(fetched)

    def fetch_all(self, folder: str, files: Sequence[Listed]) -> Generator[IO[bytes], None, None]:
        """Each in turn, as `fetch` gives it, while those behind it are on their way."""
        objects = (self._object(folder, file) for file in files)
        with closing(self._in_turn(objects)) as copies:
            for file, copy in zip(files, copies, strict=True):
                if copy is None:
                    raise changed(file)
                yield copy

    def part(self, folder: str, file: Listed, start: int, size: int) -> bytes:
        """Some bytes of an object: one look at it, and one request for them."""
        key = f"{self._path(folder)}/{file.name}"
        looking: Request[pa.NativeFile] = Request(
            what=f"look at {file.name}", send=lambda _: self.client.open_input_file(key)
        )
        with self._take(looking) as source:
            reading: Request[bytes] = Request(
                what=f"read part of {file.name}",
                send=lambda _: _read_at(source, start, size),
                bytes=size,
            )
            if source.size() != file.bytes:
                raise changed(file)
            return self._take(reading)

    def _path(self, folder: str) -> str:
        return f"{self.bucket}/{folder}" if folder else self.bucket

    def _object(self, folder: str, file: Listed) -> Request[IO[bytes] | None]:
        """An object; None where it is not the one that was listed."""
        key = f"{self._path(folder)}/{file.name}"

        def send(stopped: threading.Event) -> IO[bytes] | None:
            copy, is_whole = private_file(), False
            try:
                is_whole = self._download(key, copy, file, stopped)
            finally:
                if not is_whole:
                    copy.close()
            return copy if is_whole else None

        def close(copy: IO[bytes] | None) -> None:
            if copy is not None:
                copy.close()

        return Request(what=f"read {file.name}", send=send, bytes=file.bytes, discard=close)

    def _download(self, key: str, copy: IO[bytes], file: Listed, stopped: threading.Event) -> bool:
        """Whether the copy is of one object from the first block to the last."""
        with self._opened(key, stopped) as source:
            before = source.metadata()

            def read(size: int) -> memoryview:
                _go_on(stopped)
                # Of zeros: Arrow writes a refusal's XML into it, too, and reads on behind its end.
                block = memoryview(bytearray(size))
                return block[: source.readinto(block)]

            if not copied(read, copy, file, BLOCK_BYTES):
                return False
        copy.flush()
        # Each block was a request of its own: the ETag tells whether all were of one object.
        with self._opened(key, stopped) as source:
            return bool(before == source.metadata())

    def _look(self, folder: str, file: Listed) -> Request[str]:
        """The object's own time, to the second, where the listing lacks it."""
        key = f"{self._path(folder)}/{file.name}"

        def send(stopped: threading.Event) -> str:
            with self._opened(key, stopped) as source:
                metadata: Mapping[Any, bytes] = source.metadata()
                return metadata.get("Last-Modified", b"").decode()

        return Request(what=f"look at {file.name}", send=send)

    def _opened(self, key: str, stopped: threading.Event) -> pa.NativeFile:
        _go_on(stopped)
        # As it lies there: by itself Arrow unpacks what is called .gz, .bz2 or .zst.
        return self.client.open_input_stream(key, compression=None)

    def _in_turn(self, requests: Iterable[Request[Done]]) -> Generator[Done, None, None]:
        return in_turn(requests, pace=self.pace, take=self._take, leave=self._leave)

    def _take(self, request: Request[Done], begun: Begun[Done] | None = None) -> Done:
        """The answer; ask again while the store is unavailable."""
        attempts = count(1)
        first = iter([begun])

        def once() -> Done:
            try:
                answer = self._outcome(request, next(first, None), next(attempts))
            except SourceUnavailable:
                self.pace.in_vain()
                raise
            self.pace.answered()
            return answer

        ask = retrying(request.what, emit=self.emit, hold=_alone, patience=self.patience)
        try:
            return ask(once)
        except BaseException:
            if begun is not None:  # it may not have been asked for
                begun.give_up()
            raise

    def _outcome(self, request: Request[Done], begun: Begun[Done] | None, attempt: int) -> Done:
        one = request.begin() if begun is None else begun
        with self._asking(request, one, attempt):
            return one.outcome(self.answer_seconds)

    def _leave(self, sent: Sequence[Sent[Done]]) -> None:
        """Send nothing more, and tell what came of what was sent."""
        ends = time.monotonic() + _LEAVING_SECONDS
        with ExitStack() as each:  # all of them, also where an event ends the reading
            for request, begun in reversed(sent):
                begun.stop()
                each.callback(self._tell, request, begun, ends)

    def _tell(self, request: Request[Done], begun: Begun[Done], ends: float) -> None:
        left = max(0.0, ends - time.monotonic())
        with suppress(SourceError, Stopped), self._asking(request, begun, 1):
            request.discard(begun.outcome(begun.seconds + left))

    @contextmanager
    def _asking(self, request: Request[Done], begun: Begun[Done], attempt: int) -> Iterator[None]:
        """Tell of one answer, and turn a failure into ours."""
        what = request.what

        def answered(status: str, size: int) -> None:
            told = Answered(
                what=what, status=status, seconds=begun.seconds, bytes=size, attempt=attempt
            )
            self.emit(told)

        try:
            yield
        except OSError as error:
            if failure := self._not_there(what, error):
                raise failure from None
            status = status_of(error)
            if status not in (NO_ANSWER, UNTRUSTED):
                answered(status, 0)
            if status in DENIED or status == _TOO_MANY:
                self.emit(Refused(what=what, status=status))
            elif status in OVERLOAD:
                self.emit(Overloaded(what=what, status=status))
            raise source_error(what, status) from None  # the answer's own text may name the key
        answered(OK, request.bytes)

    def _not_there(self, what: str, error: OSError) -> SourceError | None:
        """Why a request did not get as far as the store, if that can be told."""
        failure = None if self.proxy is None else at_the_proxy(what, error, self.proxy)
        return failure or unknown(what, error, self.endpoint, self.proxy)


def _read_at(source: pa.NativeFile, start: int, size: int) -> bytes:
    source.seek(start)
    return bytes(source.read(size))


def _go_on(stopped: threading.Event) -> None:
    """Stopped where nobody waits for the answer any more."""
    if stopped.is_set():
        raise Stopped


def _listed(entry: fs.FileInfo, folder: str) -> Listed:
    name = entry.path.removeprefix(f"{folder}/")
    if entry.type != fs.FileType.File:
        return Listed(name=name, bytes=0, modified=0, kind=Kind.FOLDER)
    modified = 0.0 if entry.mtime is None else entry.mtime.timestamp()
    return Listed(name=name, bytes=entry.size, modified=modified)


def _lacks_time(one: Listed, pattern: str) -> bool:
    """Arrow gives 1970 for a time that it cannot read, such as one with tenths of a second."""
    return one.kind is Kind.FILE and not one.modified and is_meant(one.name, pattern)


def _timed(file: Listed, told: str) -> Listed:
    try:
        return replace(file, modified=datetime.fromisoformat(told).timestamp())
    except ValueError:
        message = f"{file.name} has no time: ask for a server that tells"
        raise SourceChanged(message) from None


def _alone(_: float) -> None:
    """Nobody shares a budget with us."""
