"""One dataset as a simulation sees it: what was promised of it, and how it is looked at."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from zoneinfo import ZoneInfo

from connectors.events import Declared, declare_names
from contracts.evaluation import Reference
from contracts.promises import Promises
from harness.facts import Baseline
from harness.simulate.dues import DAY, Gaps, gaps
from harness.statistics.rates import trials_needed

MORE = 10
"""Nights of history beyond those that a proof needs."""
trials = cache(trials_needed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A dataset with its promises and pins."""

    source: str
    dataset: str
    promises: Promises
    columns: tuple[str, ...]
    """Those that its contract reads."""
    is_files: bool
    """Whether it comes as files; else each of our readings is a delivery."""
    first: date
    """The first night."""
    nights: int
    read_at: time
    """When the nightly run reads it, on the clock of `zone`."""
    zone: ZoneInfo
    """The pilot's."""
    baseline: Baseline | None = None
    reference: Reference | None = None

    @property
    def name(self) -> str:
        """As `source.dataset`."""
        return f"{self.source}.{self.dataset}"

    @property
    def history(self) -> int:
        """How many nights a verdict looks back: what a proof needs, and some more.

        Longer ones say the same of a good source, and take the square of their time.
        """
        wanted, days = self.promises.thresholds, self.gaps.mean / DAY
        nights = trials(wanted.arrivals, wanted.confidence) * max(1.0, days)
        each = days if self.is_files else max(1.0, days)  # a night reads a table once
        deliveries = trials(wanted.on_time, wanted.confidence) * each
        return min(self.nights, math.ceil(max(nights, deliveries)) + MORE)

    @property
    def gaps(self) -> Gaps:
        """How long it is from one delivery to the next."""
        return gaps(self.promises, self.first, self.nights)

    @property
    def declared(self) -> Declared:
        """The columns that a good source declares: the approved ones, else the contract's."""
        if self.baseline is not None:
            return self.baseline.declared
        return declare_names(self.columns, by="catalogue")
