"""An incident lasts from the first bad verdict on a claim to the next good one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness.alerts.incident import incidents
from tests.harness.alerts.made import B, E, N, P, U, W, acknowledged, nights, verdict


def spans(*outcomes) -> list[tuple[str, str | None]]:
    """The runs in which each incident was detected and mended."""
    found = incidents(nights(*outcomes))
    return [(one.detected.run, one.mended.run if one.mended else None) for one in found]


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ((), []),
        ((P, P), []),
        ((B,), [("run-0", None)]),
        ((P, B, B, P), [("run-1", "run-3")]),
        ((P, E, B, P), [("run-1", "run-3")]),
        ((B, W), [("run-0", "run-1")]),
        ((B, P, B), [("run-0", "run-1"), ("run-2", None)]),
    ],
)
def test_a_bad_verdict_opens_one_and_a_good_one_ends_it(outcomes, expected) -> None:
    assert spans(*outcomes) == expected


@pytest.mark.parametrize("neither", [U, N])
def test_what_is_neither_good_nor_bad_opens_none_and_mends_none(neither) -> None:
    assert spans(P, neither) == []
    assert spans(B, neither) == [("run-0", None)]
    assert spans(B, neither, P) == [("run-0", "run-2")]


def test_it_knows_when_it_was_good_and_how_often_it_was_bad() -> None:
    [one] = incidents(nights(P, U, B, U, B))
    assert one.last_good is not None
    assert (one.last_good.run, one.detected.run, one.latest.run) == ("run-0", "run-2", "run-4")
    assert one.bad == 2


def test_claims_do_not_share_an_incident() -> None:
    history = replace(nights(B), verdicts=(verdict(0, B), verdict(1, P, claim="complete")))
    [one] = incidents(history)
    assert one.mended is None


def test_its_id_is_the_same_for_ever_and_another_for_each() -> None:
    first, second = incidents(nights(B, P, B))
    assert incidents(nights(B))[0].id == first.id
    assert first.id != second.id


def test_the_first_acknowledgement_of_it_counts() -> None:
    [open_one] = incidents(nights(B))
    said = (
        acknowledged("another", night=1),
        acknowledged(open_one.id, night=2, by="Jonas"),
        acknowledged(open_one.id, night=3),
    )
    [one] = incidents(replace(nights(B), acknowledged=said))
    assert one.acknowledged is not None
    assert one.acknowledged.acknowledged.by == "Jonas"
