"""What a measurement says: figures worked out from its samples, never typed in."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One measurement, and the one of the floor that was taken beside it."""

    value: float
    against: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """Samples of one thing. A metric without samples was not measured and meets no goal."""

    metric: str
    unit: str
    samples: tuple[Sample, ...]
    goal: float | None = None
    """The highest `value` that is good enough; None where nothing was promised."""
    summary: Callable[[Sequence[float]], float] = statistics.median
    """`max` where every single sample must keep the goal."""

    @property
    def value(self) -> float | None:
        """The summary of all samples."""
        return self._summed([sample.value for sample in self.samples])

    @property
    def against(self) -> float | None:
        """The summary of the floor's samples."""
        return self._summed([s.against for s in self.samples if s.against is not None])

    @property
    def ratio(self) -> float | None:
        """The summary of each sample over the floor's beside it: a machine that is busy for a
        while slows both.
        """
        return self._summed([s.value / s.against for s in self.samples if s.against])

    @property
    def met(self) -> bool | None:
        """Whether the goal is kept; None without a goal."""
        if self.goal is None:
            return None
        return self.value is not None and self.value <= self.goal

    def record(self) -> dict[str, Any]:
        """As JSON holds it; everything in it can be worked out again from `samples`."""
        return {
            "metric": self.metric,
            "value": self.value,
            "unit": self.unit,
            "against": self.against,
            "ratio": self.ratio,
            "goal": self.goal,
            "samples": [{"value": s.value, "against": s.against} for s in self.samples],
            "met": self.met,
        }

    def _summed(self, figures: Sequence[float]) -> float | None:
        return self.summary(figures) if figures else None
