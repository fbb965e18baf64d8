"""What is shown of one exchange."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from connectors.events import Emit


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """One line of it, without anything that is secret or may be data."""

    what: str
    says: str
    is_wrong: bool = False
    """Whether nothing could be read because of it."""


@runtime_checkable
class Traces(Protocol):
    """A connector that shows one exchange: for `seatrial doctor --trace`."""

    def trace(self, dataset: str, *, emit: Emit) -> Iterator[Traced]:
        """Ask once for the beginning of `dataset`, and tell what was sent, what came and how it
        was read. What goes wrong is told, too.
        """
