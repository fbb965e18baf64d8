"""How one expected day went, from all that came for it. Pure decisions that both kinds of cadence
share (`spans.py`: every so many days; `periods.py`: a calendar).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from contracts.promises import Promises
from harness.claims.came import Night, worst
from harness.claims.readings import utc
from harness.facts import Reading

WINDOW_DAYS = 366
"""Nights longer ago say little about the next one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """How one expected day went."""

    how: Night
    note: str = ""
    """What it lacks, as an end of the sentence."""


def over_until(promises: Promises, latest: Reading) -> datetime:
    """What ended until then is to be there: the promised lag has passed when the reading began."""
    try:
        return utc(latest.started_at) - (promises.lag or timedelta())
    except OverflowError:  # before the first day there is
        return datetime.min.replace(tzinfo=UTC)


def judge_day(bad: Sequence[Night], *, lacking: int, overdue: int, absent: Night) -> Night | None:
    """The day, of which so many deliveries lack and of them so many should be there; None while
    nothing can be said. A bad one is told at once, unless good ones came in the place of all.
    """
    if lacking <= 0:
        return Night.GOOD
    known = [how for how in bad if how not in (Night.GOOD, Night.UNSEEN)]
    if known:
        return worst(known)
    if Night.UNSEEN in bad:
        return Night.UNSEEN
    return absent if overdue > 0 else None
