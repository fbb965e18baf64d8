"""What a run found in its ledger when it began, as its first entry says; pure.

The entry is chained, so what it says binds tables that follow from no entry, as the checkpoints.
"""

from __future__ import annotations

from datetime import datetime

import msgspec


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What stands under `tables.CHECKED`."""

    entries: int
    nights: str
    """The digest of the nights of its first runs."""
    runs: int
    """How many those are: all that had ended."""
    whole_at: datetime
    """When every entry was checked last."""
    checkpoints: str | None = None
    """The digest of the checkpoints that were kept of them; earlier releases did not say it."""


class _Started(msgspec.Struct):
    checked: Found | None = None


_STARTED = msgspec.json.Decoder(_Started)


def found_by(started: bytes) -> Found | None:
    """What a run found, by the body of its first entry; None for one of an earlier release.
    Raises msgspec.MsgspecError.
    """
    return _STARTED.decode(started).checked
