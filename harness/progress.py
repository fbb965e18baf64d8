"""Who is told how far a run has come."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

Progress: TypeAlias = Callable[[str, str | None, str, int], None]
"""`(source, dataset, stage, rows so far)`, called from the thread that reads the source."""


def silent(source: str, dataset: str | None, stage: str, rows: int) -> None:
    """Tell nobody."""
