"""The controls of the bench of harm: what it counts is there, and is counted."""

from __future__ import annotations

import shutil

import pytest

from bench import limiters, nginx, outage
from connectors.rate_limiter import RateLimiter
from tests.connectors.scripted import Said


@pytest.mark.parametrize("kind", limiters.KINDS)
def test_our_budget_draws_no_refusal_and_none_at_all_does(kind: str) -> None:
    lets = limiters.KINDS[kind]
    for seed in range(3):
        assert limiters.refused(lets(), requests=300, budgeted=True, seed=seed) == 0
        assert limiters.refused(lets(), requests=300, budgeted=False, seed=seed) > 0


def test_a_gateway_next_door_that_rounds_against_us_refuses_nothing() -> None:
    """It counts as nginx does, and the way there takes a fifth of a millisecond."""
    for seed in range(3):
        near = limiters.refused(
            limiters.leaky(), requests=1_000, budgeted=True, seed=seed, client=limiters.NEAR
        )
        assert near == 0


def test_a_night_counts_requests_readings_and_time() -> None:
    night = outage.read(3, lambda asked, _: outage.PAGE if asked.path != "/d1" else Said({}, 404))
    assert night.paths == ["/d0", "/d1", "/d2"]
    assert (night.lost, night.seconds, night.probed) == (1, 0.0, [])


@pytest.mark.estate_full("nginx")
@pytest.mark.parametrize("status", [429, 503])
def test_nginx_refuses_whoever_keeps_no_budget(status: int) -> None:
    assert shutil.which(nginx.PROGRAM)
    with nginx.gateway(rate=10, burst=4, status=status) as url:
        assert nginx.refused(url, RateLimiter(5, 0.5), requests=10) == 0
    with nginx.gateway(rate=10, burst=4, status=status) as url:
        assert nginx.refused(url, RateLimiter(1_000, 1), requests=20) > 0
