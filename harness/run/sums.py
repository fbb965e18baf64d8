"""The sums of one reading: its events and rows counted as they come."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from connectors.events import (
    Answered,
    Authenticated,
    BlankLines,
    Completed,
    Declared,
    Delivered,
    Event,
    Limited,
    Overloaded,
    Refused,
    Retried,
    Unreadable,
    Waited,
)
from connectors.peer import Connected, Peer, Reached
from connectors.slots import SpentByOthers
from harness.facts import Latency, StatusCount
from harness.run.variants import Variants

REFUSALS_KEPT = 50
SAMPLES_KEPT = 200
REACHED_KEPT = 50


@dataclass(slots=True)
class Sums:
    """What has happened so far."""

    answers: list[float] = field(default_factory=list)
    """Seconds of each answer, in order."""
    retries: int = 0
    waited_seconds: float = 0.0
    authentications: int = 0
    renewals: int = 0
    renewals_between_pages: int = 0
    renewals_after_rows: int = 0
    """Renewals since the last rows: between two pages as soon as more rows come."""
    refusals: list[str] = field(default_factory=list)
    throttled: int = 0
    overloads: Counter[str] = field(default_factory=Counter)
    resent: Counter[str] = field(default_factory=Counter)
    """By the status of the answer after which a request was sent again."""
    answered: Answered | None = None
    """The latest answer."""
    limits: list[Limited] = field(default_factory=list)
    spent_by_others: int = 0
    declared: Declared | None = None
    delivered: list[Delivered] = field(default_factory=list)
    variants: Variants = field(default_factory=Variants)
    blank_lines: int = 0
    unreadable: dict[str, str] = field(default_factory=dict)
    """By the name of the file, why it cannot be read to its end."""
    completed: Completed | None = None
    """None while the reading goes on, and if it broke off."""
    rows: int = 0
    row_bytes: int = 0
    """Of the rows in memory."""
    answered_bytes: int = 0
    connections: Counter[Peer] = field(default_factory=Counter)
    bytes_from: Counter[Peer] = field(default_factory=Counter)

    def add(self, event: Event) -> None:
        """Count one event."""
        match event:
            case Answered() | Connected():
                self._reach(event)
            case Waited():
                self.waited_seconds += event.seconds
            case Retried():
                self._resend(event)
            case Authenticated():
                self.authentications += 1
                self.renewals += event.renewed
                self.renewals_after_rows += event.renewed and self.rows > 0
            case Refused():
                self.throttled += event.status == "429"
                if len(self.refusals) < REFUSALS_KEPT:
                    self.refusals.append(event.status)
            case Overloaded():
                self.overloads[event.status] += 1
            case BlankLines():
                self.blank_lines += event.lines
            case (
                Limited() | SpentByOthers() | Declared() | Delivered() | Unreadable() | Completed()
            ):
                self._keep(event)

    def _reach(self, event: Answered | Connected) -> None:
        """Count a connection, or an answer and its bytes."""
        if isinstance(event, Connected):
            self.connections[event.peer] += 1
            return
        self.answers.append(event.seconds)
        self.answered = event
        self.answered_bytes += event.bytes
        if event.peer is not None:
            self.bytes_from[event.peer] += event.bytes

    def _resend(self, event: Retried) -> None:
        """Count a request that is sent again, and the answer before it, if there was one."""
        self.retries += 1
        before = self.answered
        if before is not None and (before.what, before.attempt + 1) == (event.what, event.attempt):
            self.resent[before.status] += 1

    def _keep(
        self, event: Limited | SpentByOthers | Declared | Delivered | Unreadable | Completed
    ) -> None:
        """Keep what the source said of itself, and what is known of others who ask it."""
        match event:
            case Limited():
                self.limits.append(event)
            case SpentByOthers():
                self.spent_by_others += event.requests
            case Declared():
                self.declared = event
                self.variants.declare(event)
            case Delivered():
                self.delivered.append(event)
                self.variants.deliver()
            case Unreadable():
                self.unreadable[event.name] = event.why
            case Completed():
                self.completed = event

    def add_rows(self, rows: int, nbytes: int) -> None:
        """Count one batch of rows."""
        self.row_bytes += nbytes
        if rows:
            self.renewals_between_pages += self.renewals_after_rows
            self.renewals_after_rows = 0
            self.rows += rows

    def reached(self) -> tuple[Reached, ...]:
        """Whom connections reached, in order."""
        found = [
            Reached(peer=peer, connections=n, bytes=self.bytes_from[peer])
            for peer, n in self.connections.items()
        ]
        return tuple(found[:REACHED_KEPT])

    def refusals_for_number(self) -> tuple[StatusCount, ...]:
        """All that refused for the number of requests, 429 included."""
        return counted(Counter({"429": self.throttled}) + self.overloads)

    def latency(self) -> Latency | None:
        """Answer times in milliseconds; None without an answer."""
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


def counted(statuses: Counter[str]) -> tuple[StatusCount, ...]:
    """How often each came, by name."""
    return tuple(StatusCount(status=status, n=n) for status, n in sorted(statuses.items()))
