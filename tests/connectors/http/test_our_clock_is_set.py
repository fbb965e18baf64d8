"""T01: a quota that is spent is not used early because our clock was set, and a wait gets no
longer. What a source dates is compared with its own Date; from there on monotonic seconds count.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from connectors.http.rate_limit_headers import exhausted_for, retry_after

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
RESET = NOW + timedelta(seconds=40)
SPENT = {
    "date": "Fri, 20 Nov 2026 03:00:00 GMT",
    "x-ratelimit-remaining": "0",
    "x-ratelimit-reset": f"{RESET.timestamp():.0f}",
    "retry-after": "Fri, 20 Nov 2026 03:00:40 GMT",
}
JUMPS = [timedelta(), timedelta(hours=-1), timedelta(days=1)]


@pytest.mark.parametrize("jump", JUMPS, ids=["right", "an hour back", "a day forward"])
def test_the_wait_is_the_same_on_any_clock_of_ours(jump: timedelta) -> None:
    assert exhausted_for(SPENT, now=NOW + jump) == 40
    assert retry_after(SPENT, now=NOW + jump) == 40


def test_without_the_sources_own_date_it_would_not_be() -> None:
    """The twin: RFC 9110 6.6.1 has every server with a clock send one."""
    undated = {name: value for name, value in SPENT.items() if name != "date"}
    waits = [retry_after(undated, now=NOW + jump) for jump in JUMPS]
    assert waits == [40, 3640, 0]
