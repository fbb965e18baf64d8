"""All situations, room by room; a new room is one line here."""

from __future__ import annotations

from tests.truth import checks, files, nights, pages, wholeness, words
from tests.truth.situation import Situation

SITUATIONS: tuple[Situation, ...] = (
    *checks.SITUATIONS,
    *files.SITUATIONS,
    *nights.SITUATIONS,
    *pages.SITUATIONS,
    *wholeness.SITUATIONS,
    *words.SITUATIONS,
)
