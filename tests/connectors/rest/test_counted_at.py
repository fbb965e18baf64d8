"""A total by a second request: within the budget, told, and never left out."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import SourceChanged
from connectors.events import Answered, Completed, WitnessKind
from connectors.rest.auth.no_auth import NoAuth
from connectors.rest.counted_at import CountedAt, counted_at
from connectors.rest.endpoint import Endpoint
from connectors.rest.locations import Header, Location
from connectors.rest.numbers import as_count, count_in_text
from connectors.rest.paginators.offset import offset
from connectors.rest.unmoved.read_twice import read_twice
from tests.connectors.rest.keyed import keys, read_as
from tests.connectors.scripted import Asked, Said, Scripted, scripted
from tests.connectors.vendor_fixture import Run

HELD: list[dict[str, Any]] = [{"key": key} for key in range(3)]
JSON = {"content-type": "application/json"}
TEXT = {"content-type": "text/plain;charset=utf-8"}
COUNT = counted_at("/1/$count?only=new")


def parts(asked: Asked, count: Said) -> Said:
    if asked.path.startswith("/1/$count"):
        return count
    start = int(asked.path.rpartition("=")[2])
    return Said({"rows": HELD[start : start + 2]})


def read(source: Scripted, total: CountedAt = COUNT, **settings: Any) -> Run:
    endpoint = Endpoint(path="/1?only=new", pages=offset(), rows="rows", total=total, **settings)
    return read_as(source, endpoint, auth=NoAuth())


TOTALS: dict[str, tuple[Location, Said]] = {
    "text": ((), Said(b"3", headers=TEXT)),
    "text with a mark": ((), Said(b"\xef\xbb\xbf3\r\n", headers=TEXT)),
    "JSON": ((), Said(3)),
    "a field": ("count", Said({"count": 3})),
    "digits in a field": ("data.n", Said({"data": {"n": "3"}})),
    "a header": (Header("X-Total"), Said(b"", headers={"X-Total": "3"})),
}


@pytest.mark.parametrize("case", TOTALS)
def test_a_second_request_tells_the_total_wherever_it_stands(case: str) -> None:
    at, count = TOTALS[case]
    with scripted(lambda asked: parts(asked, count)) as source:
        run = read(source, counted_at("/1/$count?only=new", at), unmoved=read_twice("key"))
        paths = source.paths()
    assert keys(run) == [0, 1, 2]
    assert paths[:2] == ["/1?only=new&offset=0", "/1/$count?only=new"]
    assert paths.count("/1/$count?only=new") == 2, "once for each pass"
    (completed,) = run.of(Completed)
    assert completed.witness is not None
    assert (completed.witness.kind, completed.witness.declared) == (WitnessKind.READ_TWICE, 3)
    host = source.url.removeprefix("http://")
    told = [event.what for event in run.of(Answered)]
    assert told[1] == f"GET {host}/1/$count"
    assert f"GET {host}/1/$count again," in told


def test_a_total_is_asked_for_by_head_or_by_a_search_where_a_source_counts_so() -> None:
    """An answer to HEAD has no body, whatever its head says of one."""
    by_head = counted_at("/count", Header("X-Total"), head=True)
    by_search = counted_at("/count", "n", search={"only": "new"})
    for total, method, body in ((by_head, "HEAD", b""), (by_search, "POST", b'{"only": "new"}')):

        def answers(asked: Asked) -> Said:
            if asked.path != "/count":
                return parts(asked, Said())
            assert (asked.method, asked.body) == (method, body)  # noqa: B023 - called in the loop
            return Said({"n": 3}, headers={**JSON, "X-Total": "3"})

        with scripted(answers) as source:
            run = read(source, total, unmoved=read_twice("key"))
            assert len(source.asked) == 2 * (3 + 1)
        assert run.of(Completed)[0].witness.kind is WitnessKind.READ_TWICE
    for wrong in ({}, {"search": {}, "at": Header("X")}):
        with pytest.raises(ValueError, match="head=True reads a header"):
            counted_at("/count", head=True, **wrong)


def test_p07_a_total_that_was_not_delivered_refutes() -> None:
    with scripted(lambda asked: parts(asked, Said(4))) as source:
        (completed,) = read(source, unmoved=read_twice("key")).of(Completed)
    witness = completed.witness
    assert (witness.kind, witness.declared, completed.rows) == (WitnessKind.DECLARED_TOTAL, 4, 3)


def test_p03_a_total_that_moves_between_the_passes_proves_nothing() -> None:
    counts = iter([3, 4])

    def answers(asked: Asked) -> Said:
        return parts(asked, Said(next(counts) if "$count" in asked.path else 0))

    with scripted(answers) as source:
        (completed,) = read(source, unmoved=read_twice("key")).of(Completed)
    assert completed.witness is None
    assert "moved between 3 and 4" in (completed.unwitnessed or "")


def test_a_page_as_long_as_the_total_is_still_a_total() -> None:
    """It was asked for by itself, so it is no page's own number of rows."""
    with scripted(lambda asked: Said(1) if "$" in asked.path else one(asked)) as source:
        (completed,) = read(source, unmoved=read_twice("key")).of(Completed)
    assert completed.witness is not None


def one(asked: Asked) -> Said:
    return Said({"rows": HELD[:1] if asked.path.endswith("=0") else []})


@pytest.mark.parametrize(
    "count",
    [
        Said(status=404),
        Said(status=204),
        Said(b"", headers=TEXT),
        Said(b"three", headers=TEXT),
        Said(b"<html>", headers={"content-type": "text/html"}),
        Said(None),
        Said(-1),
        Said({"count": 3}),
    ],
)
def test_h11_a_count_that_does_not_come_is_an_error_and_not_left_out(count: Said) -> None:
    with scripted(lambda asked: parts(asked, count)) as source, pytest.raises(SourceChanged):
        read(source)


def test_h17_a_count_of_another_host_is_not_asked_for() -> None:
    with scripted(lambda _: Said(3)) as canary:
        with (
            scripted(lambda asked: parts(asked, Said(3))) as source,
            pytest.raises(SourceChanged, match="links to another origin"),
        ):
            read(source, counted_at(f"{canary.url}/count"))
        assert canary.asked == []


def test_it_counts_against_the_budget_and_the_doctor_says_so() -> None:
    with scripted(lambda asked: parts(asked, Said(3))) as source:
        endpoint = Endpoint(path="/1", pages=offset(), rows="rows", total=COUNT)
        rest = source.rest(endpoints={"parts": endpoint}, auth=NoAuth())
        assert rest.price("parts") == "one request more for its total, all within the budget"
        declared = rest.declare("parts", emit=lambda _: None)
        assert [column.name for column in declared.columns] == ["key"]
        assert len(source.asked) == 1, "the fields alone need no total"
        described = rest.describe("parts", emit=lambda _: None)
    assert described.estimated_rows == 3


@given(st.integers(0, 10**18 - 1))
def test_a_count_is_itself_as_a_number_and_as_text(count: int) -> None:
    assert as_count(count) == as_count(str(count)) == count
    assert count_in_text(f" {count}\n".encode()) == count


@pytest.mark.parametrize("value", ["", "+1", "-1", "1.0", "1e3", "1,0", "\u0661", True, 1.0, b"1"])
def test_what_only_looks_like_a_count_is_none(value: object) -> None:
    with pytest.raises(ValueError, match="no number"):
        as_count(value)
