"""What each file of a reading declares, where they differ."""

from __future__ import annotations

from dataclasses import dataclass, field

from connectors.events import Declared
from harness.facts import DECLARATIONS


@dataclass(slots=True)
class Variants:
    """The different declarations so far, and the place among them of each file's own."""

    places: list[int] = field(default_factory=list)
    """One for each file, in the order in which they came."""
    _kept: list[Declared] = field(default_factory=list)
    _now: int = 0

    def deliver(self) -> None:
        """A file came. Unless it says otherwise, it declares what the file before it did."""
        self.places.append(self._now)

    def declare(self, declared: Declared) -> None:
        """The file that came last declares other columns than the one before it."""
        same = (at for at, known in enumerate(self._kept) if _equal(known, declared))
        self._now = next(same, len(self._kept))
        if self._now == len(self._kept) < DECLARATIONS:
            self._kept.append(declared)
        if self.places:
            self.places[-1] = self._now

    @property
    def declarations(self) -> tuple[Declared, ...]:
        """Each once; none where all files declare the same."""
        return tuple(self._kept) if len(set(self.places)) > 1 else ()


def _equal(one: Declared, other: Declared) -> bool:
    """Whether they are the same, in whatever order."""
    return set(one.columns) == set(other.columns) and one.key == other.key
