"""Which answers refuse a request for how many there are; by nginx, GitHub, Azure and others."""

from __future__ import annotations

import pytest

from connectors.errors import AccessDenied, SourceUnavailable
from connectors.events import Event, Overloaded, Refused
from connectors.http.rate_limit_headers import is_overload
from connectors.http.status import check_status
from tests.connectors.http.raw_server import exchange, head, says, serving

SURE = {
    "429": (429, {}),
    "403 with Retry-After": (403, {"retry-after": "60"}),
    "403 with nothing left": (403, {"x-ratelimit-remaining": "0"}),
    "403 with nothing left of one of two": (403, {"ratelimit": '"a";r=7;t=1, "b";r=0;t=60'}),
    "503 with nothing left": (503, {"ratelimit": '"default";r=0;t=9'}),
    "503 with nothing left, of old": (503, {"ratelimit-remaining": "0"}),
    "503 with nothing left, otherwise spelt": (503, {"x-rate-limit-remaining": "0"}),
    "503 with nothing left of its tokens": (503, {"x-ratelimit-remaining-tokens": "0"}),
}
DOUBTFUL = {
    "403": (403, {}),
    "403 with something left": (403, {"x-ratelimit-remaining": "10"}),
    "403 with what is no number": (403, {"x-ratelimit-remaining": "none", "ratelimit": "r=;t="}),
    "503, as nginx limits": (503, {}),
    "503 with Retry-After, as in maintenance": (503, {"retry-after": "60"}),
    "401 with nothing left": (401, {"x-ratelimit-remaining": "0"}),
    "200 with nothing left": (200, {"ratelimit": '"default";r=0;t=9'}),
}


@pytest.mark.parametrize("case", SURE)
def test_an_answer_that_can_mean_nothing_else_is_an_overload(case: str) -> None:
    assert is_overload(*SURE[case])


@pytest.mark.parametrize("case", DOUBTFUL)
def test_an_answer_that_can_mean_something_else_is_none(case: str) -> None:
    assert not is_overload(*DOUBTFUL[case])


def test_a_403_for_the_number_of_requests_is_waited_out_and_told() -> None:
    """As GitHub does it. No grant is missing, and to look for one would be in vain."""
    events: list[Event] = []
    answer = head("Content-Length: 0", "Retry-After: 7", status="403 rate limit exceeded")
    with serving(says(answer)) as url:
        found = exchange(url, events=events)
    with pytest.raises(SourceUnavailable, match="answered 403: try later") as raised:
        check_status(found)
    assert raised.value.retry_after == 7.0
    assert [e.status for e in events if isinstance(e, Overloaded)] == ["403"]
    assert [e.retry_after for e in events if isinstance(e, Refused)] == [7.0]


def test_a_403_without_a_sign_is_denied() -> None:
    """Control."""
    events: list[Event] = []
    with serving(says(head("Content-Length: 0", status="403 Forbidden"))) as url:
        found = exchange(url, events=events)
    with pytest.raises(AccessDenied, match="check the client's grants"):
        check_status(found)
    assert not [event for event in events if isinstance(event, Overloaded)]


def test_a_429_is_told_once_as_a_refusal() -> None:
    events: list[Event] = []
    with serving(says(head("Content-Length: 0", status="429 Too Many Requests"))) as url:
        exchange(url, events=events)
    assert [type(event).__name__ for event in events] == ["Connected", "Answered", "Refused"]
