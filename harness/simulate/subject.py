"""One dataset as a simulation sees it: what was promised of it, and how it is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from connectors.events import Declared, declare_names
from contracts.evaluation import Reference
from contracts.promises import Promises, Thresholds
from harness.facts import Baseline
from harness.statistics.rates import trials_needed

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
MORE = 10
"""Nights of history beyond those that a proof needs."""


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
        needed = _needed(self.promises.thresholds) + MORE
        return min(self.nights, needed * max(1, self.step // _DAY))

    @property
    def step(self) -> timedelta:
        """How long it is from one delivery to the next. Without a cadence `fresh` takes it that
        something always happens: files then come four times a lag.
        """
        lag = self.promises.lag
        if self.promises.cadence is None and lag is not None:
            return min(_DAY, max(_HOUR, lag // 4 // _HOUR * _HOUR))
        return self.promises.cadence or _DAY

    @property
    def declared(self) -> Declared:
        """The columns that a good source declares: the approved ones, else the contract's."""
        if self.baseline is not None:
            return self.baseline.declared
        return declare_names(self.columns, by="catalogue")


@cache
def _needed(wanted: Thresholds) -> int:
    rates = (wanted.arrivals, wanted.on_time)
    return max(trials_needed(rate, wanted.confidence) for rate in rates)
