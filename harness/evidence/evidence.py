"""What an export is of: read from a ledger's entries alone; pure.

Every file of a bundle and every format is made from one `Evidence`. Equal entries give equal
evidence, whenever and wherever it is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import msgspec

from harness import tags
from harness.errors import ConfigurationError, one_line
from harness.evidence.census import Census, census
from harness.evidence.runs import EvidenceRun, decode, runs_in
from harness.ledger.chain import Entry
from harness.result import RecordedMiss

PROMISES = "promises"
"""`kind` of the entries with what verdicts were held against."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What is asked for. None means from the first or until the last run."""

    pilot: str
    title: str
    environment: str
    zone: str
    """The pilot's, in which nights are counted."""
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The nights that an export is of, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that one export is made from."""

    pilot: str
    title: str
    environment: str
    zone: str
    window: Window
    runs: tuple[EvidenceRun, ...]
    """Those of the window, in the ledger's order; also those that judge nothing."""
    missed: tuple[RecordedMiss, ...]
    """The missed nights of the window that a run recorded."""
    census: Census
    """Every night and every run of the window."""
    promises: tuple[Entry, ...]
    """What verdicts were held against, up to the end of the window."""
    entries: tuple[Entry, ...]
    """All of the ledger, in order."""
    disclosed: frozenset[str]
    """The runs whose bodies may leave: those of this pilot and environment until the end of the
    window. Of every other entry a bundle holds the digest alone."""
    checkpoint: bytes | None
    """The newest signed checkpoint, a C2SP note; None if nothing was signed."""

    @property
    def newest(self) -> EvidenceRun | None:
        """The last run that judged the plan; None if none did."""
        return next((one for one in reversed(self.runs) if one.judges), None)


def read(entries: Sequence[Entry], scope: Scope, *, checkpoint: bytes | None = None) -> Evidence:
    """The evidence in the entries of a ledger that was verified whole.

    Raises ConfigurationError if it holds no run of the pilot in the window, or an entry that this
    version cannot read.
    """
    try:
        return _read(entries, scope, checkpoint)
    except msgspec.MsgspecError as error:
        raise ConfigurationError(
            f"the ledger holds an entry that this version cannot read: {one_line(error)}"
        ) from error


def _read(entries: Sequence[Entry], scope: Scope, checkpoint: bytes | None) -> Evidence:
    zone = ZoneInfo(scope.zone)
    known = runs_in(entries, pilot=scope.pilot, environment=scope.environment, zone=zone)
    first = scope.first or min((one.night for one in known), default=None)
    last = scope.last or max((one.night for one in known), default=None)
    until = [one for one in known if last is not None and one.night <= last]
    if first is None or last is None or not any(first <= one.night for one in until):
        raise ConfigurationError(_nothing(scope))
    disclosed = frozenset(one.header.run for one in until)
    own = [one for one in entries if one.run in disclosed]
    recorded = [decode(one.body, RecordedMiss) for one in own if one.kind == tags.MISSED]
    return Evidence(
        pilot=scope.pilot,
        title=scope.title,
        environment=scope.environment,
        zone=scope.zone,
        window=Window(first=first, last=last),
        runs=tuple(one for one in until if first <= one.night),
        missed=tuple(one for one in recorded if first <= one.missed.night <= last),
        census=census(until, first=first, last=last),
        promises=tuple(one for one in own if one.kind == PROMISES),
        entries=tuple(entries),
        disclosed=disclosed,
        checkpoint=checkpoint,
    )


def _nothing(scope: Scope) -> str:
    window = "".join(
        f" {word} {day}" for word, day in (("from", scope.first), ("until", scope.last)) if day
    )
    return (
        f"the ledger holds no run of {scope.pilot} in {scope.environment}{window}: "
        "prove first, or name another --env, --from or --until"
    )
