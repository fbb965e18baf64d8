"""How bad a verdict is, in numbers that somebody who excuses it puts their name to.

Larger is worse. What has no size counts 1, so that another reason is another measure.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from harness.verdict import Measure, Verdict

_DIGITS = 6
_MOST = 1e12
"""What is more, or no number, is as bad as can be."""


def measured(verdict: Verdict, found: Mapping[str, float]) -> Verdict:
    """The verdict with these measures."""
    measures = (Measure(what=what, value=_value(n)) for what, n in found.items())
    return replace(verdict, measures=tuple(measures))


def _value(n: float) -> float:
    return round(min(max(float(n), 0.0), _MOST), _DIGITS) if math.isfinite(n) else _MOST


def because_of(verdict: Verdict, *reasons: str) -> Verdict:
    """The verdict, which rests on reasons without a size."""
    return measured(verdict, dict.fromkeys(reasons, 1))


def share(part: int, whole: int) -> float:
    """As a fraction of a whole that was counted."""
    return part / whole if whole > 0 else 1.0


def hours(span: timedelta) -> float:
    """Whole hours, begun ones as well: a night is not worse than the one before by minutes."""
    return math.ceil(span / timedelta(hours=1))
