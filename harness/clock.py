"""The two clocks of a run."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """Wall time (UTC) for dates, monotonic seconds for durations."""

    now: Callable[[], datetime]
    monotonic: Callable[[], float] = time.monotonic
