"""What a cache on the way kept is no answer of this moment."""

from __future__ import annotations

from datetime import timedelta

import pytest

from connectors.events import WitnessKind
from connectors.rest.endpoint import Endpoint
from connectors.rest.paginators.offset import offset
from connectors.rest.unmoved.read_twice import read_twice
from tests.connectors.rest.moving import Moving, told

TWICE = read_twice("key")


def test_every_request_asks_caches_to_look_again() -> None:
    _, _, server = told(Moving(), offset(), unmoved=TWICE)
    assert len(server.asked) == 7
    assert {asked.headers["cache-control"] for asked in server.asked} == {"no-cache"}


@pytest.mark.parametrize("page", [1, 2, 3, 6])
@pytest.mark.parametrize("age", ["90", "90, 1", " 90 "])
def test_an_answer_from_a_cache_proves_nothing(page: int, age: str) -> None:
    """The sixth is of the second pass."""
    source = Moving(headers=lambda asked: {"Age": age} if asked == page else {})
    completed, _, _ = told(source, offset(), unmoved=TWICE)
    assert completed.witness is not None
    assert completed.witness.kind is WitnessKind.DECLARED_TOTAL
    assert completed.unwitnessed == (
        "an answer came from a cache and was 90 s old, where max_age allows 0 s: go past the cache"
    )


@pytest.mark.parametrize("age", ["old", "-1", "1.5", "", "9" * 10])
def test_an_age_that_cannot_be_read_is_none_that_is_allowed(age: str) -> None:
    source = Moving(headers=lambda _: {"Age": age})
    completed, _, _ = told(source, offset(), unmoved=TWICE, max_age=timedelta(days=1))
    assert completed.unwitnessed is not None
    assert "of an age that cannot be read" in completed.unwitnessed


@pytest.mark.parametrize(("age", "allowed"), [("0", 0), ("90", 90), ("59", 60)])
def test_an_age_that_is_allowed_is_no_doubt(age: str, allowed: int) -> None:
    """Control: the same source with an endpoint that allows as much."""
    source = Moving(headers=lambda _: {"Age": age})
    completed, _, _ = told(source, offset(), unmoved=TWICE, max_age=timedelta(seconds=allowed))
    assert completed.unwitnessed is None


def test_no_age_is_negative() -> None:
    with pytest.raises(ValueError, match="max_age is not negative"):
        Endpoint(path="/1", pages=offset(), rows="rows", max_age=timedelta(seconds=-1))
