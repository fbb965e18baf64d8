"""Rows that move between pages: no total proves a reading whole, a second pass does."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from connectors.events import Answered, Waited, WaitReason, WitnessKind
from connectors.rate_limiter import RateLimiter
from connectors.rest.endpoint import Endpoint
from connectors.rest.paginators.next_url import next_url
from connectors.rest.paginators.offset import offset
from connectors.rest.paginators.page_number import page_number
from connectors.rest.unmoved.read_twice import read_twice
from contracts.engines.unique import count_duplicates
from tests.connectors.rest.keyed import SCHEMA, keys, read_as
from tests.connectors.rest.moving import Moving, told
from tests.connectors.scripted import Said, scripted
from tests.connectors.vendor_fixture import Run

STYLES = {
    "offset": offset(),
    "page": page_number(),
    "next by offset": next_url("by_offset"),
    "next by page": next_url("by_page"),
}
SHIFTED = [1, 2, 3, 4, 5, 7, 8, 9, 10, 11]


def shifting() -> Moving:
    """The total stays 10, and row 6 is never read."""
    return Moving(deleted=[3], added=[11])


@pytest.mark.parametrize("style", STYLES)
def test_p03_a_total_that_stays_the_same_over_rows_that_move_proves_nothing(style: str) -> None:
    completed, run, _ = told(shifting(), STYLES[style])
    assert keys(run) == SHIFTED
    assert completed.witness is not None
    assert completed.witness.kind is WitnessKind.DECLARED_TOTAL
    assert completed.witness.declared == completed.rows == 10
    assert completed.unwitnessed is not None
    for named in ("read_twice", "immutable_key", "one_snapshot"):
        assert named in completed.unwitnessed


@pytest.mark.parametrize("style", STYLES)
def test_p03_a_second_pass_finds_that_they_moved(style: str) -> None:
    completed, run, _ = told(shifting(), STYLES[style], unmoved=read_twice("key"))
    assert keys(run) == SHIFTED
    assert completed.witness is not None
    assert completed.witness.kind is WitnessKind.DECLARED_TOTAL
    assert completed.unwitnessed == (
        "rows moved while they were read: a second pass gave other keys (key) than the first, "
        "10 after 10: read again"
    )


def test_p04_rows_that_come_twice_are_landed_counted_and_no_proof() -> None:
    """Two rows at the front move the others: none is taken out, and the duplicates are counted."""
    completed, run, _ = told(Moving(added=[-1, 0]), offset(), unmoved=read_twice("key"))
    assert keys(run) == [1, 2, 3, 4, 5, 4, 5, 6, 7, 8, 9, 10]
    assert completed.rows == 12
    assert completed.witness is None
    assert completed.unwitnessed is not None
    frame = pl.LazyFrame({"key": keys(run)})
    assert count_duplicates(frame, ["key"], completed.rows) == 4


@pytest.mark.parametrize("style", STYLES)
def test_a_second_pass_proves_that_nothing_moved(style: str) -> None:
    """Control to the two above."""
    completed, run, _ = told(Moving(), STYLES[style], unmoved=read_twice("key"))
    assert keys(run) == list(range(1, 11))
    assert completed.witness is not None
    assert completed.witness.kind is WitnessKind.READ_TWICE
    assert completed.unwitnessed is None


def test_its_requests_are_answers_by_name_and_its_price_is_told() -> None:
    completed, run, server = told(Moving(), offset(), unmoved=read_twice("key"))
    host = server.url.removeprefix("http://")
    pages = [event.what for event in run.of(Answered)][1:]
    assert pages == [
        f"GET {host}/1",
        f"GET {host}/1 page 2",
        f"GET {host}/1 page 3",
        f"GET {host}/1 again, page 1",
        f"GET {host}/1 again, page 2",
        f"GET {host}/1 again, page 3",
    ]
    assert server.paths().count("/token") == 1
    assert completed.witness is not None
    assert completed.witness.detail == "no rows on page 3, 3 pages more to look again"


@pytest.mark.parametrize("twice", [True, False])
def test_its_requests_wait_for_the_same_budget(*, twice: bool) -> None:
    """Three pages fit into it at once, twice three do not."""
    source = Moving()
    unmoved = read_twice("key") if twice else None
    endpoint = Endpoint(path="/1", pages=offset(), rows="rows", total="total", unmoved=unmoved)
    with scripted(source.answer) as server:
        run = read_as(server, endpoint, budget=RateLimiter(4, 0.5))
    assert {event.why for event in run.of(Waited)} == ({WaitReason.BUDGET} if twice else set())


def test_nothing_is_asked_twice_where_it_would_prove_nothing() -> None:
    """A total that moved, none at all, and one that refutes the reading."""
    moved, _, server = told(Moving(added=[11]), offset(), unmoved=read_twice("key"))
    assert moved.unwitnessed is not None
    assert "moved between 10 and 11" in moved.unwitnessed
    assert len(server.asked) == 5  # and one for the token
    cut, _, server = told(
        Moving(more=lambda _: {"total": 12}), offset(), unmoved=read_twice("key")
    )
    assert cut.witness is not None
    assert cut.witness.declared == 12
    assert len(server.asked) == 4


def test_a_total_that_moves_in_the_second_pass_moved() -> None:
    source = Moving(more=lambda asked: {"total": 10 if asked < 6 else 11})
    completed, _, _ = told(source, offset(), unmoved=read_twice("key"))
    assert (completed.witness, completed.rows) == (None, 10)
    assert completed.unwitnessed is not None
    assert "moved between 10 and 11" in completed.unwitnessed


def test_a_key_that_changed_places_with_its_copy_is_seen() -> None:
    """An exclusive or would give 0 for any key that comes twice."""
    pages: dict[str, Any] = {"1": [[1, 1]], "2": [[2, 2]]}
    passes = iter("12")

    def answer(asked: Any) -> Said:
        if asked.path == "/token":
            return Said({"access_token": "t", "token_type": "Bearer", "expires_in": 20})
        rows = pages[next(passes)][0] if "offset=0" in asked.path else []
        return Said({"rows": [{"key": key} for key in rows], "total": 2})

    endpoint = Endpoint(
        path="/1", pages=offset(), rows="rows", total="total", unmoved=read_twice("key")
    )
    with scripted(answer) as server:
        completed = read_as(server, endpoint).events[-1]
    assert "rows moved" in completed.unwitnessed


def test_a_second_pass_that_fails_loses_the_proof_and_not_the_rows() -> None:
    source = Moving()

    def answer(asked: Any) -> Said:
        return Said(status=404) if source.asked == 4 else source.answer(asked)

    endpoint = Endpoint(
        path="/1", pages=offset(), rows="rows", total="total", unmoved=read_twice("key")
    )
    run = Run()
    with scripted(answer) as server:
        rest = server.rest(endpoints={"parts": endpoint})
        run.table = rest.read("parts", schema=SCHEMA, emit=run.events.append).read_all()
    completed = run.events[-1]
    assert keys(run) == list(range(1, 11))
    assert completed.witness.kind is WitnessKind.DECLARED_TOTAL
    assert "the second look at its pages failed" in completed.unwitnessed
    assert "again, page 2 answered 404" in completed.unwitnessed
