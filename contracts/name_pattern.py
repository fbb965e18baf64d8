"""The period that a delivery is for, from its name, by the pattern that its contract gives.

x_%Y%m%d%H%M%S.csv, day=%Y-%m-%d/*.parquet, x_%Y%m%dT%H%M%S%z.csv
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from contracts.promises import ContractError

_DIRECTIVES: Mapping[str, str] = {
    "Y": r"(?P<Y>[0-9]{4})",
    "m": r"(?P<m>[0-9]{2})",
    "d": r"(?P<d>[0-9]{2})",
    "j": r"(?P<j>[0-9]{3})",
    "H": r"(?P<H>[0-9]{2})",
    "M": r"(?P<M>[0-9]{2})",
    "S": r"(?P<S>[0-9]{2})",
    "z": r"(?P<z>Z|[+-][0-9]{2}:?[0-9]{2})",
}
_PART = re.compile(r"%.?|\*|[^%*]+", re.DOTALL)
_LEAP = 60
_REMEDY = "write it as x_%Y%m%d%H%M%S.csv"


@dataclass(frozen=True, slots=True)
class Told:
    """What a name tells."""

    wall: datetime
    """On the zone's clock, without a zone; in UTC where the name tells its offset."""
    has_time: bool
    """Whether it tells the hour."""
    is_utc: bool = False


@lru_cache
def compiled(pattern: str) -> re.Pattern[str]:
    """The expression of a pattern. Raises ContractError for one that tells no day."""
    said: list[str] = []
    for part in _PART.findall(pattern):
        if part == "*":
            said.append("[^/]*")
        elif part == "%%":
            said.append("%")
        elif part.startswith("%"):
            said.append(_DIRECTIVES.get(part[1:], ""))
            if not said[-1]:
                raise ContractError(
                    f"named {pattern!a}: {part!a} is unknown, use %Y %m %d, %j, %H %M "
                    "%S, %z, %% and *"
                )
        else:
            said.append(re.escape(part))
    if any(said.count(one) > 1 for one in _DIRECTIVES.values()):
        raise ContractError(f"named {pattern!a} says a part twice: put a * in place of one")
    found = re.compile("(?:.*/)?" + "".join(said), re.DOTALL)
    parts = found.groupindex.keys()
    if "Y" not in parts or not ({"m", "d"} <= parts or "j" in parts):
        raise ContractError(
            f"named {pattern!a} tells no day: {_REMEDY}; if the names tell none, leave it out "
            "and name the event_time column"
        )
    if ("H" not in parts and parts & {"M", "S", "z"}) or ("S" in parts and "M" not in parts):
        raise ContractError(
            f"named {pattern!a} tells a part of a time without its hour or minute: {_REMEDY}"
        )
    return found


def tell(pattern: str, name: str) -> Told | None:
    """What a delivery's name tells; None for one that does not match, or tells no such day."""
    found = compiled(pattern).fullmatch(name)
    if found is None:
        return None
    parts = found.groupdict()
    hour, minute, second = (int(parts.get(one) or 0) for one in "HMS")
    second -= second == _LEAP  # it is of the minute before it
    try:
        if parts.get("j") is not None:
            day = datetime(int(parts["Y"]), 1, 1) + timedelta(int(parts["j"]) - 1)  # noqa: DTZ001
            if day.year != int(parts["Y"]):
                return None
        else:
            day = datetime(int(parts["Y"]), int(parts["m"]), int(parts["d"]))  # noqa: DTZ001
        wall = day.replace(hour=hour, minute=minute, second=second)
        if (offset := parts.get("z")) is None:
            return Told(wall, has_time="H" in parts)
        aware = datetime.fromisoformat(f"{wall.isoformat()}{_with_colon(offset)}")
        return Told(aware.astimezone(UTC).replace(tzinfo=None), has_time=True, is_utc=True)
    except (ValueError, OverflowError):
        return None


def _with_colon(offset: str) -> str:
    return "+00:00" if offset == "Z" else f"{offset[:3]}:{offset[-2:]}"
