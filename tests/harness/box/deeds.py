"""What a source may do to the process that reads it, harmless to the machine: a dataset each."""

from __future__ import annotations

import ctypes
import io
import os
import re
import resource
import signal
import socket
import stat
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pyarrow as pa

from connectors.connector import RESCUED, Probe
from connectors.events import Answered, Completed, Emit, Witness, WitnessKind
from connectors.secrets import Secret

ROWS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Hostile:
    """A connector that first does what the dataset's name says, and then reads it."""

    password: Secret
    seen: str
    endpoint: str = "none://here"

    def read(self, dataset: str, *, schema: pa.Schema, emit: Emit) -> pa.RecordBatchReader:
        schema = schema.append(pa.field(RESCUED, pa.string()))

        def batches() -> Iterator[pa.RecordBatch]:
            answer = Answered(what="it", status="200", seconds=0.0, bytes=8, attempt=1)
            emit(answer)
            ids = range(ROWS)
            yield pa.record_batch(
                [pa.array(ids, pa.int64()), pa.nulls(len(ids), pa.string())], schema=schema
            )
            DEEDS.get(dataset, _nothing)(self, emit)
            witness = Witness(
                kind=WitnessKind.SNAPSHOT_COUNT, declared=ROWS, unit="rows", detail="1"
            )
            emit(Completed(rows=ROWS, bytes=8, witness=witness))

        return pa.RecordBatchReader.from_batches(schema, batches())

    def probe(self, *, emit: Emit) -> Sequence[Probe]:  # noqa: ARG002 - a Connector
        if Path(self.seen).with_name("dies_when_probed").exists():
            os.kill(os.getpid(), signal.SIGSEGV)
        return ()


def dies_when_judged(_: object) -> bool:
    """A check. It is tried once without data where the pilot is loaded: there it lives."""
    if "harness.run.child" in sys.modules:
        os.kill(os.getpid(), signal.SIGSEGV)
    return True


def _nothing(_: Hostile, __: Emit) -> None:
    """Do no harm."""


def _killed_by(number: int) -> Deed:
    return lambda *_: os.kill(os.getpid(), number)


def _in_python(*_: object) -> None:
    held = []
    while True:
        held.append(bytearray(16 << 20))


def _in_arrow(*_: object) -> None:
    held = []
    while True:
        held.append(pa.array(range(1 << 20)))


def _in_polars(*_: object) -> None:
    held = pl.DataFrame({"a": range(1 << 20)})
    while True:
        held = pl.concat([held, held], rechunk=True)


def _sleeps(*_: object) -> None:
    time.sleep(3600)


def _holds_on(*_: object) -> None:
    while True:
        try:
            time.sleep(3600)
        except BaseException:  # noqa: BLE001 - it is hostile
            continue


def _channel() -> int:
    """Our process's way to tell; found as any library could."""
    for fd in range(3, 1024):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode):
                return fd
        except OSError:
            continue
    raise AssertionError


def _sends(what: bytes) -> Deed:
    return lambda *_: os.write(_channel(), what) and None


def _forges(*_: object) -> None:
    """Send a message of the right form, about a dataset that comes later."""
    from harness.box.frames import Frames
    from harness.run.task import Stage
    from harness.run.wire import encode_message

    frames = Frames(socket.socket(fileno=os.dup(_channel())))
    frames.send(encode_message(Stage(dataset="after", stage="reading", rows=1)))


def _looks(of: Hostile, _: Emit) -> None:
    """Log in, and write down all that is in reach: environment, command line, and its memory."""
    held = of.password.reveal()
    ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)  # PR_SET_DUMPABLE: it may look into itself
    parts = [repr(dict(os.environ)).encode()]
    files = ("self/environ", "self/cmdline", f"{os.getppid()}/environ", f"{os.getppid()}/cmdline")
    for file in files:
        with suppress(PermissionError):  # root alone may look into the helper
            parts.append(Path("/proc", file).read_bytes())
    with Path("/proc/self/maps").open() as maps, Path("/proc/self/mem").open("rb", 0) as memory:
        for line in list(maps):
            place, rights, *_ = line.split()
            if rights.startswith("rw"):
                begin, end = (int(part, 16) for part in place.split("-"))
                parts += _canaries(memory, begin, end)
    assert held, "it is in memory until here"
    Path(of.seen).write_bytes(b"\0".join(parts))


def _canaries(memory: io.FileIO, begin: int, end: int) -> Iterator[bytes]:
    """What looks like a secret of the tests in a part of memory."""
    for at in range(begin, end, 1 << 24):
        try:
            memory.seek(at)
            yield from re.findall(rb"canary[a-z0-9-]*", memory.read(min(1 << 24, end - at)) or b"")
        except (OSError, ValueError):
            continue


def _tells(of: Hostile, _: Emit) -> None:
    dumped = ctypes.CDLL(None).prctl(3)  # PR_GET_DUMPABLE
    Path(of.seen).write_text(f"{dumped} {max(resource.getrlimit(resource.RLIMIT_CORE))}")


def _pages(_: Hostile, emit: Emit) -> None:
    while True:
        emit(Answered(what="it", status="200", seconds=0.0, bytes=8, attempt=1))


def _bytes(_: Hostile, emit: Emit) -> None:
    while True:
        emit(Answered(what="it", status="200", seconds=0.0, bytes=1 << 30, attempt=1))


Deed = Callable[[Hostile, Emit], None]
DEEDS: Mapping[str, Deed] = {
    "segfaults": _killed_by(signal.SIGSEGV),
    "is-killed": _killed_by(signal.SIGKILL),
    "aborts": _killed_by(signal.SIGABRT),
    "leaves-well": lambda *_: os._exit(0),
    "leaves-ill": lambda *_: os._exit(3),
    "exits": lambda *_: sys.exit(0),
    "kills-its-helper": lambda *_: os.kill(os.getppid(), signal.SIGKILL) or time.sleep(5),
    "fills-python": _in_python,
    "fills-arrow": _in_arrow,
    "fills-polars": _in_polars,
    "sleeps": _sleeps,
    "holds-on": _holds_on,
    "sends-garbage": _sends(b"\x00\x00\x00\x04\xc1\xc1\xc1\xc1"),
    "sends-too-much": _sends(b"\xff\xff\xff\xff"),
    "forges": _forges,
    "looks": _looks,
    "tells-whether-it-is-dumped": _tells,
    "never-ends-its-pages": _pages,
    "never-ends-its-bytes": _bytes,
}
