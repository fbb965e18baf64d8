"""A child: does one task in a process of its own, and tells what comes of it.

`main` is its helper's; see `harness/box/`.
"""

from __future__ import annotations

import os
import socket
import sys
import tempfile
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pandera.backends.polars.builtin_checks as judging
import pandera.backends.polars.container as schemas
import pyarrow.dataset as files

from connectors import shared_slots
from connectors.connector import Connector
from contracts import overlap, profile
from contracts.digest import digest
from contracts.engines import one_pass
from contracts.promises import Contract
from harness.box.frames import Frames
from harness.box.helper import Helper
from harness.box.process import confine
from harness.clock import Clock
from harness.errors import ConfigurationError
from harness.ledger.ledger import utc_now
from harness.pilot import loading
from harness.pilot.connect import build
from harness.pilot.model import Address, Source
from harness.pilot.references import References
from harness.run import work
from harness.run.failure import failure_of
from harness.run.handed import Handed
from harness.run.slots import Asking
from harness.run.task import AskColumns, Failed, Message, Read
from harness.run.wire import SAID, Order, Pilot, decode_order, encode_message
from harness.say import log_debugging

SHARED = (judging, schemas, files, overlap, profile, one_pass)
"""Imported once for all children, although only some of them need it, and late."""


def main(control: int) -> None:
    """Be the helper."""
    Helper(socket.socket(fileno=control), _work).serve()
    os._exit(0)  # a normal end could wait for threads of libraries


def _work(channel: socket.socket) -> None:
    """Be a child: take the order, and do what it says."""
    frames = Frames(channel)
    sent = frames.receive()
    if sent is None:
        return
    order = decode_order(sent)
    _settle(order)
    confine(order.task.limits.memory)

    def tell(message: Message) -> None:
        try:
            frames.send(encode_message(message))
        except OSError:  # nobody hears it any more: not even what was read is wanted
            os._exit(1)

    if order.shares_budgets:
        shared_slots.BESIDE.append(Asking(frames, partial(os._exit, 1)).slots)

    if isinstance(order.task, Read):
        assert order.pilot is not None
        try:
            connector, held = _source(order.pilot, order.task, Handed(frames))
        except Exception as error:  # noqa: BLE001 - whatever a pilot does is a fact about it
            tell(Failed(failure=failure_of(error)))
            return
        work.read(order.task, connector, held, Clock(now=utc_now), tell)
    elif isinstance(order.task, AskColumns):
        assert order.pilot is not None
        try:
            _, connector = _connect(order.pilot, order.task.source, Handed(frames))
        except Exception as error:  # noqa: BLE001 - whatever a pilot does is a fact about it
            tell(Failed(failure=failure_of(error)))
            return
        work.ask_columns(order.task, connector, Clock(now=utc_now), tell)
    else:
        work.count(order.task, tell)


def _settle(order: Order) -> None:
    """Take over folder, environment and modules of the process that gave the order."""
    os.environb.clear()
    os.environb.update(order.environ)
    os.environ["TMPDIR"] = tempfile.tempdir = order.temporary
    time.tzset()
    os.chdir(order.folder)
    sys.path[:] = order.path
    said = os.open(Path(order.temporary, SAID), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    os.dup2(said, 1)
    os.dup2(said, 2)
    os.close(said)
    if order.debug:
        log_debugging()


def _source(pilot: Pilot, task: Read, handed: Handed) -> tuple[Connector, Mapping[str, Contract]]:
    """The connector and the contracts of the source. Raises ConfigurationError if they are not
    those that the run has planned with.
    """
    source, connector = _connect(pilot, task.source, handed)
    held = {contract.name: contract for contract in source.contracts}
    for asked in task.datasets:
        if asked.dataset not in held or digest(held[asked.dataset]) != asked.digest:
            raise ConfigurationError(f"{pilot.folder} was changed during the run: prove again")
    return connector, held


def _connect(pilot: Pilot, name: str, handed: Handed) -> tuple[Source, Connector]:
    """A source as its pilot has it, with what is handed to it."""
    source = loading.source(Path(pilot.folder), name, pilot.thresholds)
    references = References({}, vault=None, where=pilot.where, resolver=handed)
    address = Address(where=pilot.where, values=pilot.values, references=references)
    return source, build(source, address)
