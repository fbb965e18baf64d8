"""The name of a file by the pattern that its contract promises; else one that tells its day."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from contracts.promises import Promises
from harness.simulate.dues import Due

_PART = re.compile(r"%.|\*")


def file_name(promises: Promises, dataset: str, due: Due) -> str:
    """What `contracts/name_pattern.py` reads the same day and time from."""
    if promises.named is None:
        return f"{dataset}_{due.wall:%Y%m%d_%H%M}.csv"
    in_utc = "%z" in promises.named
    told = due.at.astimezone(UTC).replace(tzinfo=None) if in_utc else due.wall
    return _PART.sub(lambda part: _written(part[0], told), promises.named)


def _written(part: str, told: datetime) -> str:
    match part:
        case "*":
            return "x"
        case "%%":
            return "%"
        case "%z":
            return "Z"
        case _:
            return told.strftime(part)
