"""Asking for a dataset's columns alone: a few requests, counted as they are answered."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from connectors.capabilities import Declares
from connectors.connector import Connector
from connectors.errors import NeedsRows
from connectors.events import Declared, Event
from connectors.redaction import redacted
from harness import tags
from harness.claims.nights import night_of
from harness.clock import Clock
from harness.facts import Declaration, Failure
from harness.limits import MOST_ANSWERS, AskedTooOften
from harness.run.failure import failure_of
from harness.run.sums import Sums, counted


def _ignore(_: Event) -> None:
    """Nobody asked."""


@dataclass(slots=True, kw_only=True)
class Asking:
    """The asking for one dataset. It begins when this is made."""

    source: str
    dataset: str
    slot: date
    since: datetime
    """The moment from which its run's night is counted."""
    zone: ZoneInfo
    clock: Clock
    on_event: Callable[[Event], None] = _ignore
    """Is told every event."""
    sums: Sums = field(default_factory=Sums, init=False)
    _started_at: datetime = field(init=False)
    _started: float = field(init=False)

    def __post_init__(self) -> None:
        self._started_at, self._started = self.clock.now(), self.clock.monotonic()

    def emit(self, event: Event) -> None:
        """Take one event of the connector. Raises AskedTooOften."""
        event = redacted(event)
        self.sums.add(event)
        self.on_event(event)
        self.require_few()

    def require_few(self) -> None:
        """Raise AskedTooOften if the bound is passed, also to whoever went on all the same."""
        if len(self.sums.answers) > MOST_ANSWERS:
            raise AskedTooOften(
                f"{self.dataset} took more than {MOST_ANSWERS} requests or statements to ask for "
                "its columns: it is asked no further; narrow what pilot.py asks for, or leave its "
                "columns to seatrial prove"
            )

    def fact(
        self, declared: Declared | None, failure: Failure | None, needs_rows: str | None = None
    ) -> Declaration:
        """The fact. The asking ends here."""
        sums = self.sums
        return Declaration(
            source=self.source,
            dataset=self.dataset,
            slot=self.slot,
            night=night_of(self._started_at, since=self.since, zone=self.zone),
            started_at=self._started_at,
            seconds=round(self.clock.monotonic() - self._started, 6),
            attempts=len(sums.answers),
            bytes=sums.answered_bytes,
            authentications=sums.authentications,
            refusals=tuple(sums.refusals),
            resent=counted(sums.resent),
            declared=declared,
            needs_rows=needs_rows,
            failure=failure,
        )


def ask(connector: Connector, asking: Asking, promised: Collection[str]) -> Declaration:
    """Ask for the columns; `promised` has those of the contract. Never raises for what a source
    does: that is the fact's `failure`.
    """
    if not isinstance(connector, Declares):
        return asking.fact(None, None, "its connector can only read")
    try:
        declared = connector.declare(asking.dataset, emit=asking.emit)
        asking.require_few()
    except NeedsRows as error:
        return asking.fact(None, None, str(error))
    except Exception as error:  # noqa: BLE001 - whatever ends the asking is a fact about it
        return asking.fact(None, failure_of(error))
    names = {column.name for column in declared.columns}
    typed = any(column.type for column in declared.columns)
    if not typed and names.isdisjoint(promised):  # names would show data
        return asking.fact(None, Failure(kind=tags.SOURCE_CHANGED, message=_NO_HEADER))
    return asking.fact(declared, None)


_NO_HEADER = (
    "it names none of the contract's columns, so its first row may stand where its header should: "
    "have the names sent, or correct the contract"
)
