"""All situations, room by room; a new room is one line here."""

from __future__ import annotations

from tests.truth import wholeness
from tests.truth.situation import Situation

SITUATIONS: tuple[Situation, ...] = (*wholeness.SITUATIONS,)
