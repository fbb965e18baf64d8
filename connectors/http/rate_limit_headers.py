"""What an answer's headers say about when to ask again; pure.

Malformed or absurd advice is ignored: a source cannot put us to sleep for years.

    RateLimit: "default";r=0;t=7            drafts of the IETF from 8 on
    RateLimit: limit=9, remaining=0, reset=7             draft 7
    RateLimit-Remaining: 0  RateLimit-Reset: 7           drafts 0 to 6
    X-RateLimit-Remaining: 0  X-RateLimit-Reset: 7       nobody's, in seconds or as a time of 1970
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from connectors.events import Limited

LONGEST_TOLD_SECONDS = 366 * 86_400.0
"""A wait that is longer is told as this one."""
LONGEST_PAUSE_SECONDS = 300.0
"""A longer pause is not begun: the 429 that follows fails the reading, which would hang else."""
_EPOCH = 1e9
"""In seconds. A reset of so many is a time since 1970, and no wait of 31 years; of a thousand
times as many, in milliseconds."""
_FORBIDDEN, _TOO_MANY, _UNAVAILABLE = 403, 429, 503
_REMAINING = re.compile(r"(x-)?rate-?limit-remaining(-[a-z-]+)?")
_FAMILIES = ("ratelimit", "x-ratelimit", "x-rate-limit")
_ZERO = re.compile(r"0+")
_NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,9})?")
_OTHER_UNIT = re.compile(r';\s*qu="(?!requests")')
_PARAMETER = re.compile(r"(?:^|;)\s*([a-z]+)=([0-9]{1,9})(?=\s*[;,]|\s*$)")
_QUOTA = re.compile(r"\s*([0-9]{1,9})\s*;")


class _Left(NamedTuple):
    """What is left of a quota, as it was written."""

    requests: str
    seconds: float | None
    """Until it is renewed."""


def retry_after(headers: Mapping[str, str], *, now: datetime) -> float | None:
    """Seconds to wait by Retry-After, which is a number of seconds or a date (RFC 9110 10.2.3).

    A date is compared with the answer's own Date, so a wrong clock does no harm; `now` is used
    if the answer has none. A date that has passed is 0.
    """
    value = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,30}", value):
        return min(float(value), LONGEST_TOLD_SECONDS)
    until = _http_date(value)
    if until is None:
        return None
    seconds = (until - _answered_at(headers, now)).total_seconds()
    return min(max(0.0, seconds), LONGEST_TOLD_SECONDS)


def exhausted_for(
    headers: Mapping[str, str], *, now: datetime, at_most: float = LONGEST_PAUSE_SECONDS
) -> float | None:
    """Seconds until something is left of every quota that is spent; None where none is, or where
    nothing says for how long. Quotas that take longer than `at_most` are left out.
    """
    waits = [left.seconds for left in _left(headers, now) if _ZERO.fullmatch(left.requests)]
    return max((w for w in waits if w is not None and w <= at_most), default=None)


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
    left = [one.requests for one in _left(headers, datetime.now(UTC))]
    left += [value.strip() for name, value in headers.items() if _REMAINING.fullmatch(name)]
    return any(_ZERO.fullmatch(requests) for requests in left)


def quotas(headers: Mapping[str, str]) -> list[Limited]:
    """The quotas of RateLimit-Policy, `"name";q=requests;w=seconds`, separated by commas, and of
    older drafts: `requests;w=seconds`, there or in RateLimit-Limit.

    Policies without a window, or in another unit than requests (`qu`), are left out.
    """
    found: dict[Limited, None] = {}
    for name in ("ratelimit-policy", "ratelimit-limit"):
        for policy in headers.get(name, "").split(","):
            parameters = dict(_PARAMETER.findall(policy))
            older = _QUOTA.match(policy)
            requests = older[1] if older else parameters.get("q")
            seconds = int(parameters.get("w", 0))
            if requests is not None and seconds > 0 and not _OTHER_UNIT.search(policy):
                found[Limited(requests=int(requests), seconds=seconds)] = None
    return list(found)


def _left(headers: Mapping[str, str], now: datetime) -> Iterator[_Left]:
    """All that the headers say is left of quotas."""
    field = headers.get("ratelimit", "")
    for policy in field.split(","):
        parameters = dict(_PARAMETER.findall(policy))
        if "r" in parameters:
            yield _Left(parameters["r"], _seconds(parameters.get("t"), headers, now))
    older = dict(_PARAMETER.findall(field.replace(",", ";")))
    if "remaining" in older:
        yield _Left(older["remaining"], _seconds(older.get("reset"), headers, now))
    for family in _FAMILIES:
        if (left := headers.get(f"{family}-remaining")) is not None:
            yield _Left(left.strip(), _seconds(headers.get(f"{family}-reset"), headers, now))


def _seconds(reset: str | None, headers: Mapping[str, str], now: datetime) -> float | None:
    """From now until a reset, which says how long that is or when; None for what says neither."""
    if reset is None or not _NUMBER.fullmatch(reset.strip()):
        return None
    number = float(reset)
    if number >= _EPOCH:
        since_1970 = number / 1000 if number >= _EPOCH * 1000 else number
        number = max(0.0, since_1970 - _answered_at(headers, now).timestamp())
    return number if number <= LONGEST_TOLD_SECONDS else None


def _answered_at(headers: Mapping[str, str], now: datetime) -> datetime:
    """By the source's own clock, if it tells."""
    return _http_date(headers.get("date", "")) or now


def _http_date(value: str) -> datetime | None:
    """Any of the three forms of RFC 9110 5.6.7; asctime names no zone and means UTC."""
    try:
        parsed = parsedate_to_datetime(value)
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
