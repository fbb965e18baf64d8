"""What an answer's headers say about when to ask again; pure.

Malformed or absurd advice is ignored: a source cannot put us to sleep for years.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from connectors.events import Limited

ABSURD_SECONDS = 86_400.0
"""No quota that a nightly pipeline can live with asks for a longer wait."""
LONGEST_PAUSE_SECONDS = 300.0
"""A longer pause is not begun: the 429 that follows fails the reading, which would hang else."""
_FORBIDDEN, _TOO_MANY, _UNAVAILABLE = 403, 429, 503
_REMAINING = re.compile(r"(x-)?rate-?limit-remaining(-[a-z-]+)?")
_ZERO = re.compile(r"0+")
_OTHER_UNIT = re.compile(r';\s*qu="(?!requests")')
_PARAMETER = re.compile(r";\s*([a-z]+)=([0-9]{1,9})(?=\s*[;,]|\s*$)")


def retry_after(headers: Mapping[str, str], *, now: datetime) -> float | None:
    """Seconds to wait by Retry-After, which is a number of seconds or a date (RFC 9110 10.2.3).

    A date is compared with the answer's own Date, so a wrong clock does no harm; `now` is used
    if the answer has none.
    """
    value = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,9}", value):
        seconds = float(value)
    else:
        until = _http_date(value)
        if until is None:
            return None
        asked_at = _http_date(headers.get("date", "")) or now
        seconds = max(0.0, (until - asked_at).total_seconds())
    return seconds if seconds <= ABSURD_SECONDS else None


def exhausted_for(headers: Mapping[str, str]) -> float | None:
    """Seconds until the quota is renewed, when RateLimit says that nothing remains of it.

    The field is `"name";r=remaining;t=seconds`, for several policies separated by commas.
    """
    waits = []
    for policy in headers.get("ratelimit", "").split(","):
        parameters = dict(_PARAMETER.findall(policy))
        if parameters.get("r", "").strip("0") == "" and {"r", "t"} <= parameters.keys():
            waits.append(float(parameters["t"]))
    return max((wait for wait in waits if wait <= LONGEST_PAUSE_SECONDS), default=None)


def is_overload(status: int, headers: Mapping[str, str]) -> bool:
    """Whether an answer refuses a request for how many there are, and not for what it asks.

    429 does (RFC 6585 4). 403 does with Retry-After, which no missing grant would send, and 403 or
    503 where nothing is left of a quota. 503 with Retry-After alone may be maintenance (RFC 9110
    15.6.4), and without it an outage.
    """
    asks_to_wait = "retry-after" in headers
    return (
        status == _TOO_MANY
        or (status == _FORBIDDEN and asks_to_wait)
        or (status in (_FORBIDDEN, _UNAVAILABLE) and _is_spent(headers))
    )


def _is_spent(headers: Mapping[str, str]) -> bool:
    """Whether an answer says that nothing is left of a quota, in a field of any usual name."""
    policies = headers.get("ratelimit", "").split(",")
    left = [dict(_PARAMETER.findall(policy)).get("r", "") for policy in policies]
    left += [value for name, value in headers.items() if _REMAINING.fullmatch(name)]
    return any(_ZERO.fullmatch(value.strip()) for value in left)


def quotas(headers: Mapping[str, str]) -> list[Limited]:
    """The quotas of RateLimit-Policy, `"name";q=requests;w=seconds`, separated by commas.

    Policies without a window, or in another unit than requests (`qu`), are left out.
    """
    found = []
    for policy in headers.get("ratelimit-policy", "").split(","):
        parameters = dict(_PARAMETER.findall(policy))
        seconds = int(parameters.get("w", 0))
        if "q" in parameters and seconds > 0 and not _OTHER_UNIT.search(policy):
            found.append(Limited(requests=int(parameters["q"]), seconds=seconds))
    return found


def _http_date(value: str) -> datetime | None:
    """Any of the three forms of RFC 9110 5.6.7; asctime names no zone and means UTC."""
    try:
        parsed = parsedate_to_datetime(value)
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
