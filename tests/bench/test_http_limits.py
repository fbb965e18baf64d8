"""The controls of the bench of limits: ours draws no refusal, the peer does; both are counted."""

from __future__ import annotations

import pytest

from bench import http_limits


@pytest.mark.parametrize(
    ("asks", "is_refused"), [(http_limits.ours, False), (http_limits.peer, True)]
)
def test_two_clients_that_share_a_budget_are_not_refused_and_two_without_are(
    asks: http_limits.Asks, *, is_refused: bool
) -> None:
    ran = http_limits.run(http_limits.gateways()["sliding window"], 8, asks)
    assert (ran.refused > 0) is is_refused
    assert ran.over > 0.9
