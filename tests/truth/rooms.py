"""All situations, room by room; a new room is one line here."""

from __future__ import annotations

from tests.truth import conversions, snapshots, wholeness
from tests.truth.situation import Situation

SITUATIONS: tuple[Situation, ...] = (
    *snapshots.SITUATIONS,
    *wholeness.SITUATIONS,
    *conversions.SITUATIONS,
)
