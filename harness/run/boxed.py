"""Work in boxes: each task in a child process, which holds one source's secrets and no ledger.

Task ─▶ child ─▶ messages        a child dies ─▶ the dataset it was at failed, and a new child
does the rest
"""

from __future__ import annotations

import logging
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from harness import tags
from harness.box.client import Child, fork
from harness.box.frames import Garbage
from harness.facts import Failure
from harness.limits import reached
from harness.pilot.model import Address
from harness.run import helper
from harness.run.deaths import DIED, GARBAGE, reason
from harness.run.handed import hand
from harness.run.keeper import Answer
from harness.run.order import order
from harness.run.run import Run, Work
from harness.run.slots import AskSlots, encode_answer
from harness.run.task import Count, Failed, Message, Read, Task, Tell
from harness.run.watch import Watch
from harness.run.wire import SAID, Keep, Wants, decode_message, encode_given, encode_order
from harness.signals import held

_LEAVING_SECONDS = 5.0
"""How long a child may take to log out after its last message, and to end when killed."""
_SAID_BYTES = 1 << 16
_LOG = logging.getLogger("seatrial")


@contextmanager
def boxed() -> Iterator[Work]:
    """Work in a child for each task. No child outlives the block."""
    helper.start()
    boxes = _Boxes()
    try:
        yield boxes.work
    finally:
        with held():
            boxes.close()


class _Boxes:
    """The children of one run."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._live: set[Child] = set()
        self._closed = False

    def work(self, run: Run, task: Task, tell: Tell) -> None:
        """Do a task in as many children as it takes: one, and one more for each that dies."""
        held = run.config.loaded.source(task.source).contracts if isinstance(task, Read) else ()
        watch = Watch(task, {one.name: one for one in held}, clock=run.config.clock)
        while watch.rest is not None:
            with (
                _temporary(run.config.landed) as temporary,
                run.keeper.child() as slots,
                self._child() as child,
            ):
                what = encode_order(order(run, watch.rest, temporary))
                of = None if isinstance(task, Count) else run.systems[task.source].address
                ended = _attend(
                    child, what, watch, tell, _Answers(child=child, of=of, slots=slots)
                )
                if ended is DIED:
                    ended = reason(child.ended, _tail(temporary / SAID))
                if _LOG.isEnabledFor(logging.DEBUG):
                    _LOG.debug("%s", _tail(temporary / SAID).decode(errors="replace"))
            if self._closed:
                raise RuntimeError("the run has ended, and its children with it")
            if isinstance(ended, Failure):
                tell(watch.failed(ended))
            while isinstance(ended, Failed) and watch.rest is not None:
                tell(watch.failed(ended.failure))

    def close(self) -> None:
        """End all children, and wait for it."""
        with self._changed:
            self._closed = True
            for child in self._live:
                child.kill()
            self._changed.wait_for(lambda: not self._live, timeout=_LEAVING_SECONDS)

    @contextmanager
    def _child(self) -> Iterator[Child]:
        with fork(helper.MODULE) as child:
            with self._changed:
                self._live.add(child)
                if self._closed:
                    child.kill()
            try:
                yield child
            finally:
                child.kill()
                _LOG.debug("a child ended: %s", child.ended)
                with self._changed:
                    self._live.discard(child)
                    self._changed.notify_all()


def _attend(
    child: Child, what: bytes, watch: Watch, tell: Tell, answers: _Answers
) -> Failure | Failed | None:
    """Give a child its order, pass on what it tells, and answer what it asks. Why it told no more,
    if so: a Failure is about what it was at, and Failed about all the rest.
    """
    watch.begin()
    try:
        child.frames.send(what)
        while watch.rest is not None:
            sent = child.frames.receive(until=watch.deadline)
            if sent is None:
                return DIED
            message = answers.to(decode_message(sent), until=watch.deadline)
            if isinstance(message, Failed):
                return message
            if message is not None:
                watch.hear(message)
                tell(message)
        _let_leave(child, answers)
    except BrokenPipeError:
        return DIED
    except Garbage:
        return GARBAGE
    except TimeoutError:
        if watch.rest is not None:
            hours = f"{watch.rest.limits.hours:g}"
            return Failure(kind=tags.LIMIT_REACHED, message=reached("hours", hours))
    return None


def _let_leave(child: Child, answers: _Answers) -> None:
    """Wait for its end: while it logs out it asks like before."""
    until = time.monotonic() + _LEAVING_SECONDS
    while (sent := child.frames.receive(until=until)) is not None:
        try:
            told = answers.to(decode_message(sent), until=until)
        except Garbage:  # all was told
            return
        if told is not None:
            return


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answers:
    """What one child is answered."""

    child: Child
    of: Address | None
    """Of the source whose secrets it may ask for."""
    slots: Answer

    def to(
        self, message: Message | AskSlots | Wants | Keep, *, until: float | None
    ) -> Message | None:
        """Answer a question; what is none is given back."""
        if isinstance(message, Wants | Keep):
            self.child.frames.send(encode_given(hand(message, self.of)), until=until)
        elif isinstance(message, AskSlots):
            if (got := self.slots(message)) is not None:
                self.child.frames.send(encode_answer(got), until=until)
        else:
            return message
        return None


@contextmanager
def _temporary(landed: Path) -> Iterator[Path]:
    """A folder for what a child writes beside its rows. It goes with the run, also if killed."""
    landed.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".", dir=landed)).resolve()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _tail(file: Path) -> bytes:
    """The last that a child printed."""
    try:
        with file.open("rb") as opened:
            opened.seek(-min(_SAID_BYTES, file.stat().st_size), 2)
            said = opened.read()
    except OSError:
        return b""
    return said
