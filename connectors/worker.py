"""A thread that works for another thread, which may stop waiting for it."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Task = TypeVar("Task")
Done = TypeVar("Done")


def in_time(request: Callable[[], Done], seconds: float) -> Done:
    """What `request` gives, or TimeoutError: for calls that know no time-out of their own."""
    worker: Worker[Callable[[], Done], Done] = Worker(lambda task: task(), last=lambda: None)
    worker.begin(request)
    try:
        outcome = worker.outcome(seconds=seconds)
    finally:
        worker.leave()
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome


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
