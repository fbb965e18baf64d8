"""All situations, room by room; a new room is one line here."""

from __future__ import annotations

from tests.truth import (
    checks,
    conversions,
    exchanges,
    files,
    nights,
    pages,
    snapshots,
    wholeness,
    words,
)
from tests.truth.situation import Situation

SITUATIONS: tuple[Situation, ...] = (
    *checks.SITUATIONS,
    *conversions.SITUATIONS,
    *exchanges.SITUATIONS,
    *files.SITUATIONS,
    *nights.SITUATIONS,
    *pages.SITUATIONS,
    *snapshots.SITUATIONS,
    *wholeness.SITUATIONS,
    *words.SITUATIONS,
)
