"""How far a dataset's whole readings have come: what a row of `cursors` must say."""

from __future__ import annotations

from datetime import datetime

import msgspec

from harness.facts import Reading

_FUTURE_SECONDS = 300
"""An event further ahead of our clock than this is no high-water mark to keep (fault P10)."""


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """What a reading says that can move its dataset's cursor."""

    started_at: datetime
    newest_event_at: datetime | None
    failure: dict[str, str] | None


class RecordedMove(msgspec.Struct, frozen=True, kw_only=True):
    """The ledger's entry of a reading, with no more of it than that."""

    pilot: str
    environment: str
    source: str
    dataset: str
    reading: Moved


def high_water(reading: Reading | Moved) -> datetime | None:
    """The newest event time of a whole reading, unless it is in the future."""
    newest = reading.newest_event_at
    if newest is None or reading.failure is not None:
        return None
    ahead = (newest - reading.started_at).total_seconds()
    return newest if ahead <= _FUTURE_SECONDS else None
