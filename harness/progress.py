"""The callback that receives a run's progress."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

Progress: TypeAlias = Callable[[str, str | None, str, int], None]
"""Arguments: source, dataset, stage, rows so far. Called from the source's thread."""
WAITING = "waiting"
"""The stage while a source is left alone before it is asked again. Its rows are not told."""


def silent(source: str, dataset: str | None, stage: str, rows: int) -> None:
    """Ignore the progress."""
