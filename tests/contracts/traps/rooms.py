"""All traps, room by room; a new room is one line here."""

from __future__ import annotations

from tests.contracts.traps import missing, numbers, patterns, texts, times, whole
from tests.contracts.traps.trap import Trap

TRAPS: tuple[Trap, ...] = (
    *missing.TRAPS,
    *numbers.TRAPS,
    *texts.TRAPS,
    *patterns.TRAPS,
    *times.TRAPS,
    *whole.TRAPS,
)
