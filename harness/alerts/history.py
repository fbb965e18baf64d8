"""What a ledger holds of one pilot in one environment that alerts are decided from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from harness import tags
from harness.alerts.excused import as_they_counted
from harness.alerts.records import Acknowledged, Told
from harness.ledger.body import decoded
from harness.ledger.chain import Entry
from harness.ledger.ledger import Ledger
from harness.result import RecordedVerdict
from harness.signing.register import Register


@dataclass(frozen=True, slots=True, kw_only=True)
class _Of:
    pilot: str
    environment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedTold:
    """The ledger's entry of a message."""

    run: str
    at: datetime
    told: Told


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedAcknowledgement:
    """The ledger's entry of an acknowledgement."""

    at: datetime
    acknowledged: Acknowledged


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Everything in the order of the ledger, oldest first."""

    verdicts: tuple[RecordedVerdict, ...] = ()
    told: tuple[RecordedTold, ...] = ()
    acknowledged: tuple[RecordedAcknowledgement, ...] = ()

    def __add__(self, later: History) -> History:
        return History(
            verdicts=self.verdicts + later.verdicts,
            told=self.told + later.told,
            acknowledged=self.acknowledged + later.acknowledged,
        )


def history_in(
    ledger: Ledger,
    *,
    pilot: str,
    environment: str,
    register: Register | None,
    run: str | None = None,
) -> History:
    """All of it, or what one run recorded. By the register, what people excused is WAIVED."""
    of = _Of(pilot=pilot, environment=environment)
    verdicts = ledger.entries(run=run, kind=tags.VERDICT)
    told = ledger.entries(run=run, kind=tags.TOLD)
    return History(
        verdicts=as_they_counted(
            _decode(verdicts, of, RecordedVerdict),
            ledger,
            pilot=pilot,
            environment=environment,
            register=register,
        ),
        told=tuple(_decode(told, of, RecordedTold)),
        acknowledged=acknowledgements_in(ledger, pilot=pilot, environment=environment, run=run),
    )


def acknowledgements_in(
    ledger: Ledger, *, pilot: str, environment: str, run: str | None = None
) -> tuple[RecordedAcknowledgement, ...]:
    """Every acknowledgement, oldest first."""
    of = _Of(pilot=pilot, environment=environment)
    entries = ledger.entries(run=run, kind=tags.ACKNOWLEDGED)
    return tuple(_decode(entries, of, RecordedAcknowledgement))


_T = TypeVar("_T")


def _decode(entries: Iterable[Entry], of: _Of, kind: type[_T]) -> Iterator[_T]:
    for entry in entries:
        if decoded(entry, _Of) == of:
            yield decoded(entry, kind)
