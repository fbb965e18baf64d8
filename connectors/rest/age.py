"""How old an answer is, by the caches on its way (RFC 9111 5.1); pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta

_SECONDS = re.compile(r"\s*([0-9]{1,9})\s*(?:,.*)?", re.DOTALL)
"""Of several members the first one counts."""


def doubt_of_age(headers: Mapping[str, str], max_age: timedelta) -> str | None:
    """Why the answer may be of an earlier moment, as a clause; None if it says nothing of an age,
    or one that is allowed. An age that cannot be read is none that is allowed.
    """
    age = headers.get("age")
    if age is None:
        return None
    seconds = _SECONDS.fullmatch(age)
    if seconds is None:
        return "an answer came from a cache, of an age that cannot be read: go past the cache"
    if int(seconds[1]) <= max_age.total_seconds():
        return None
    return (
        f"an answer came from a cache and was {int(seconds[1])} s old, where max_age allows "
        f"{max_age.total_seconds():g} s: go past the cache"
    )
