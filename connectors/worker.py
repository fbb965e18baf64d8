"""A thread that works for another thread, which may stop waiting for it."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

Task = TypeVar("Task")
Done = TypeVar("Done")


def in_time(request: Callable[[], Done], seconds: float) -> Done:
    """What `request` gives, or TimeoutError: for calls that know no time-out of their own."""
    return Begun(lambda _: request(), discard=lambda _: None).outcome(seconds)


class Worker(Generic[Task, Done]):
    """Does one task after the other, then `last`. One thread at a time may use it.

    It is two queues, because an executor with futures costs four times as much per task.
    """

    def __init__(self, work: Callable[[Task], Done], *, last: Callable[[], None]) -> None:
        self._work = work
        self._last = last
        self._tasks: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._outcomes: queue.SimpleQueue[Done | BaseException] = queue.SimpleQueue()
        # A daemon: a name look-up that hangs must not keep the program from ending.
        threading.Thread(target=self._run, name="worker", daemon=True).start()

    def begin(self, task: Task) -> None:
        """Start `task`."""
        self._tasks.put(task)

    def outcome(self, *, seconds: float) -> Done | BaseException:
        """The task's result, or the error it raised. Raises TimeoutError while it is running."""
        try:
            return self._outcomes.get(timeout=seconds)
        except queue.Empty:
            raise TimeoutError from None

    def leave(self) -> None:
        """Let the thread end after its current task, whose outcome is discarded."""
        self._tasks.put(None)

    def _run(self) -> None:
        while (task := self._tasks.get()) is not None:
            try:
                self._outcomes.put(self._work(task))
            except BaseException as error:  # noqa: BLE001 - it is raised where it is waited for
                self._outcomes.put(error)
        self._last()


class Begun(Generic[Done]):
    """One request under way in a thread of its own, until its outcome is asked for.

    `request` is given an event: once it is set, it must send nothing more. `discard` gets a result
    that came after it was given up.
    """

    def __init__(
        self, request: Callable[[threading.Event], Done], *, discard: Callable[[Done], None]
    ) -> None:
        self._discard = discard
        self._stopped = threading.Event()
        self._given_up = threading.Event()
        self._began, self._ended = time.monotonic(), 0.0

        def timed(stopped: threading.Event) -> Done:
            try:
                return request(stopped)
            finally:
                self._ended = time.monotonic()

        self._worker: Worker[threading.Event, Done] = Worker(timed, last=self._leave)
        self._worker.begin(self._stopped)
        self._worker.leave()

    @property
    def seconds(self) -> float:
        """How long it took, or takes so far."""
        return (self._ended or time.monotonic()) - self._began

    def stop(self) -> None:
        """Let it send nothing more."""
        self._stopped.set()

    def give_up(self) -> None:
        """Let it send nothing more, and discard its result if it was not asked for."""
        self.stop()
        self._given_up.set()
        self._leave()

    def outcome(self, seconds: float) -> Done:
        """Its result, once. Raises what it raised, or TimeoutError `seconds` after it began, and
        then it is given up.
        """
        try:
            outcome = self._worker.outcome(seconds=max(0.0, seconds - self.seconds))
        except BaseException:  # Ctrl-C, too
            self.give_up()
            raise
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    def _leave(self) -> None:
        """Called by both threads: whichever finds the result of a request given up discards it."""
        if self._given_up.is_set():
            try:
                outcome = self._worker.outcome(seconds=0.0)
            except TimeoutError:
                return
            if not isinstance(outcome, BaseException):
                self._discard(outcome)
