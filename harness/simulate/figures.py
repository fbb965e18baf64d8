"""What the trials of one dataset come to: shares and delays, with exact bounds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from harness.simulate.faults import Fault, lacking
from harness.simulate.subject import Subject
from harness.simulate.trials import PLANTED, SHOWN, Clean, Rang, run_clean, run_planted
from harness.statistics.rates import lower_bound, upper_bound


class Standing(StrEnum):
    """What came of one kind of fault; worst first."""

    MISSED = "missed"
    """What is promised covers it, and one did not ring. Of nights that we missed: one accused."""
    SILENT = "cannot ring"
    """Nothing is promised that would make each of them ring."""
    UNTRIED = "not tried"
    """The calendar is too short for one, or something rings on most clean nights anyhow."""
    RINGS = "rings"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One kind of fault."""

    rang: Rang
    lacks: str | None
    """What is to be promised before it can ring."""

    @property
    def standing(self) -> Standing:
        """What came of it."""
        missed = self.rang.planted - len(self.rang.delays)
        if self.rang.fault is Fault.UNREAD:
            missed = len(self.rang.delays)
        if self.rang.planted == 0:
            return Standing.UNTRIED
        if not missed:
            return Standing.RINGS
        return Standing.SILENT if self.lacks else Standing.MISSED

    def recall_at_least(self, confidence: float) -> float:
        """The share of such faults that ring, within the worst delay seen."""
        return lower_bound(len(self.rang.delays), self.rang.planted, confidence)

    def median(self, confidence: float) -> tuple[int, int] | None:
        """The median delay in nights, and an upper bound of it; None without one that rang."""
        delays, n = self.rang.delays, len(self.rang.delays)
        if not delays:
            return None
        middle = delays[(n - 1) // 2]
        # At least half of all delays are at most the k-th smallest, for the first such k.
        enough = (k for k in range(1, n + 1) if lower_bound(k, n, confidence) >= 1 / 2)
        return middle, delays[next(enough, n) - 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """One dataset: whether its faults will ring, and whether anything else does."""

    clean: Clean
    figures: Sequence[Figure]

    @property
    def alarms(self) -> int:
        """Clean nights on which something rang."""
        return sum(map(bool, self.clean.rang))

    def alarms_at_most(self, confidence: float) -> float:
        """The share of clean nights on which something rings."""
        return upper_bound(self.alarms, len(self.clean.rang), confidence)

    def of(self, standing: Standing) -> list[Figure]:
        """The kinds of fault with that standing."""
        return [figure for figure in self.figures if figure.standing is standing]


def look_ahead(subject: Subject, *, seed: int) -> Outlook:
    """Try every fault on one dataset. The same seed gives the same figures."""
    chance = Random(f"{seed} {subject.name}")  # noqa: S311 - nothing is kept secret by it
    clean = run_clean(subject, chance)
    return Outlook(clean=clean, figures=[*_figures(clean, chance)])


def _figures(clean: Clean, chance: Random) -> Iterator[Figure]:
    for fault in Fault:
        lacks = lacking(fault, clean.subject)
        planted = 0 if clean.is_loud else SHOWN if lacks else PLANTED
        yield Figure(rang=run_planted(clean, fault, chance, planted), lacks=lacks)


def exit_code(outlooks: Sequence[Outlook]) -> int:
    """1 for a fault that was missed or a false alarm, else 3 where one cannot ring or was not
    tried, else 0.
    """
    if any(one.alarms or one.of(Standing.MISSED) for one in outlooks):
        return 1
    lacks = any(one.of(Standing.SILENT) or one.of(Standing.UNTRIED) for one in outlooks)
    return 3 if lacks or not outlooks else 0
