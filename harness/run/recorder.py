"""The recorder of one reading: it hears every event and makes the fact of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from connectors.connector import DELIVERY
from connectors.events import Event
from connectors.redaction import redacted
from contracts.promises import Contract
from harness.claims.due import comes_several_times_a_day
from harness.claims.nights import night_of, own_delivery
from harness.clock import Clock
from harness.facts import Delivery, Failure, Reading
from harness.limits import HOUR, LimitReached, Limits, reached, size
from harness.run.deliveries import deliveries
from harness.run.landing import Extent, Landing
from harness.run.sums import Sums, counted


def _ignore(_: object) -> None:
    """Nobody asked."""


@dataclass(slots=True, kw_only=True)
class Recorder:
    """One reading of one dataset. The reading begins when its recorder is made."""

    source: str
    contract: Contract
    slot: date
    clock: Clock
    since: datetime | None = None
    """The moment from which its run's night is counted; None for when the reading begins."""
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    """The pilot's, in which nights are counted."""
    limits: Limits = field(default_factory=Limits)
    """What the reading may take."""
    on_event: Callable[[Event], None] = _ignore
    """Is told every event."""
    on_rows: Callable[[int], None] = _ignore
    """Is told after each batch how many rows have come so far."""
    sums: Sums = field(default_factory=Sums, init=False)
    _started_at: datetime = field(init=False)
    _started: float = field(init=False)

    def __post_init__(self) -> None:
        self._started_at, self._started = self.clock.now(), self.clock.monotonic()

    def emit(self, event: Event) -> None:
        """Take one event of the connector. Raises LimitReached."""
        event = redacted(event)
        self.sums.add(event)
        self.on_event(event)
        self._stay_within_limits()

    def begin_again(self) -> None:
        """Rows that came before do not count. What it took to bring them does."""
        self.sums.rows, self.sums.completed = 0, None

    def landed(self, rows: int, nbytes: int) -> None:
        """Take the number of rows of one batch, and of its bytes. Raises LimitReached."""
        self.sums.add_rows(rows, nbytes)
        self.on_rows(self.sums.rows)
        self._stay_within_limits()

    def reading(self, landing: Landing | None, failure: Failure | None) -> Reading:
        """The fact: whole with a landing, failed with a failure. The reading ends here."""
        sums, completed = self.sums, self.sums.completed
        whole = landing.whole if landing else Extent()
        return Reading(
            source=self.source,
            dataset=self.contract.name,
            slot=self.slot,
            started_at=self._started_at,
            seconds=round(self.clock.monotonic() - self._started, 6),
            rows=whole.rows if landing else sums.rows,
            bytes=completed.bytes if completed else 0,
            columns=landing.columns if landing else (),
            rescued=landing.rescued if landing else 0,
            newest_event_at=whole.newest,
            oldest_event_at=whole.oldest,
            sha256=landing.sha256 if landing else None,
            witness=completed.witness if completed and landing else None,
            deliveries=self._deliveries(landing) if landing else (),
            attempts=len(sums.answers),
            retries=sums.retries,
            waited_seconds=round(sums.waited_seconds, 3),
            authentications=sums.authentications,
            renewals=sums.renewals,
            renewals_between_pages=sums.renewals_between_pages,
            refusals=tuple(sums.refusals),
            throttled=sums.throttled,
            latency=sums.latency(),
            failure=failure,
            limits=tuple(dict.fromkeys(sums.limits)),
            unwitnessed=completed.unwitnessed if completed else None,
            declared=sums.declared,
            overloads=counted(sums.overloads),
            resent=counted(sums.resent),
            blank_lines=sums.blank_lines,
            night=night_of(self._started_at, since=self.since or self._started_at, zone=self.zone),
            declarations=sums.variants.declarations,
            groups=landing.groups if landing else None,
            reached=sums.reached(),
            spent_by_others=sums.spent_by_others,
        )

    def _stay_within_limits(self) -> None:
        """Raise LimitReached; whoever does not heed it hears it again with the next event."""
        sums, limits = self.sums, self.limits
        if sums.rows > limits.rows:
            raise LimitReached(reached("rows", str(limits.rows)))
        if max(sums.answered_bytes, sums.row_bytes) > limits.bytes:
            raise LimitReached(reached("bytes", size(limits.bytes)))
        if len(sums.answers) > limits.pages:
            raise LimitReached(reached("pages", str(limits.pages)))
        if self.clock.monotonic() - self._started > limits.hours * HOUR:
            raise LimitReached(reached("hours", f"{limits.hours:g}"))

    def _deliveries(self, landing: Landing) -> tuple[Delivery, ...]:
        """The files that came; of a source without files, the reading itself."""
        if DELIVERY in landing.columns:
            sums, promises = self.sums, self.contract.promises
            places, unreadable = sums.variants.places, sums.unreadable
            return deliveries(sums.delivered, landing, promises, places, unreadable)
        at = self._started_at if comes_several_times_a_day(self.contract.promises) else None
        return (
            Delivery(
                name=own_delivery(self.contract.name, self.slot, at=at),
                day=self.slot,
                available_at=self._started_at,
                rows=landing.whole.rows,
                newest_event_at=landing.whole.newest,
                sha256=landing.sha256,
            ),
        )
