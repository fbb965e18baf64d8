"""What happened during one reading: every event goes to the run log, their sum to the fact."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from connectors.events import (
    Answered,
    Authenticated,
    Completed,
    Declared,
    Delivered,
    Event,
    Limited,
    Refused,
    Retried,
    Waited,
)
from harness import tags
from harness.facts import Latency

REFUSALS_KEPT = 50
SAMPLES_KEPT = 200


class RunLog:
    """Every statement and request of a run: one JSON object per line, mode 0600, appended.

    json.dumps escapes control characters and all that is not ASCII, so no value can end a line
    or colour a terminal.
    """

    def __init__(self, path: Path, *, now: Callable[[], datetime]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        self._file = path.open("a", encoding="ascii")
        self._now = now
        self._one_at_a_time = threading.Lock()

    def write(self, source: str, dataset: str | None, event: Event) -> None:
        """Append one event."""
        line = {
            "at": self._now().isoformat(),
            "source": source,
            "dataset": dataset,
            "event": tags.EVENTS[type(event)],
            **msgspec.to_builtins(event, enc_hook=str),
        }
        with self._one_at_a_time:
            self._file.write(json.dumps(line) + "\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()


@dataclass(slots=True)
class Recorder:
    """The running sum of one reading's events; `landed` tells it when rows have arrived."""

    answers: list[float] = field(default_factory=list)
    """Seconds of each answer, in order."""
    retries: int = 0
    waited_seconds: float = 0.0
    authentications: int = 0
    renewals: int = 0
    renewals_between_pages: int = 0
    refusals: list[str] = field(default_factory=list)
    throttled: int = 0
    limits: list[Limited] = field(default_factory=list)
    declared: Declared | None = None
    delivered: list[Delivered] = field(default_factory=list)
    completed: Completed | None = None
    rows: int = 0
    _renewed_after_rows: int = 0

    def emit(self, event: Event) -> None:
        """Take in one event."""
        match event:
            case Answered():
                self.answers.append(event.seconds)
            case Waited():
                self.waited_seconds += event.seconds
            case Retried():
                self.retries += 1
            case Authenticated():
                self.authentications += 1
                self.renewals += event.renewed
                self._renewed_after_rows += event.renewed and self.rows > 0
            case Refused():
                self.throttled += event.status == "429"
                if len(self.refusals) < REFUSALS_KEPT:
                    self.refusals.append(event.status)
            case Limited() | Declared() | Delivered() | Completed():
                self._told(event)

    def _told(self, event: Limited | Declared | Delivered | Completed) -> None:
        """Keep what the source said of itself."""
        match event:
            case Limited():
                self.limits.append(event)
            case Declared():
                self.declared = event
            case Delivered():
                self.delivered.append(event)
            case Completed():
                self.completed = event

    def landed(self, rows: int) -> None:
        """Rows have arrived: renewals since the rows before them stood between two pages."""
        if rows:
            self.renewals_between_pages += self._renewed_after_rows
            self._renewed_after_rows = 0
            self.rows += rows

    def latency(self) -> Latency | None:
        """Answer times in milliseconds; None when nothing was answered."""
        if not self.answers:
            return None
        in_order = [round(seconds * 1000, 3) for seconds in self.answers]
        step = -(-len(in_order) // SAMPLES_KEPT)
        ranked = sorted(in_order)
        return Latency(
            n=len(ranked),
            p50=ranked[(len(ranked) - 1) // 2],
            p95=ranked[max(0, -(-95 * len(ranked) // 100) - 1)],
            maximum=ranked[-1],
            samples=tuple(in_order[::step]),
        )
