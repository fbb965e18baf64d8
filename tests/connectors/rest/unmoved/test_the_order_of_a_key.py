"""Pages in the order of a key that never changes, each asked for by the key before it."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.errors import SourceChanged
from connectors.events import WitnessKind
from connectors.rest.endpoint import Endpoint
from connectors.rest.paginators import PageRequest, Paging
from connectors.rest.paginators.by_key import by_key
from connectors.rest.paginators.next_url import next_url
from connectors.rest.paginators.offset import offset
from connectors.rest.paginators.page_number import page_number
from connectors.rest.unmoved.asked_by_key import Asked, asked_by_key
from connectors.rest.unmoved.immutable_key import immutable_key
from tests.connectors.rest.keyed import keys
from tests.connectors.rest.moving import Moving, told

BY_KEY = immutable_key("key")
STYLES = {"by_key": by_key("after", "key"), "next_url": next_url("by_key")}


@pytest.mark.parametrize("style", STYLES)
def test_the_order_of_a_key_proves_that_nothing_moved(style: str) -> None:
    completed, run, _ = told(Moving(), STYLES[style], unmoved=BY_KEY)
    assert keys(run) == list(range(1, 11))
    assert completed.witness is not None
    assert completed.witness.kind is WitnessKind.IMMUTABLE_KEY
    assert completed.unwitnessed is None


@pytest.mark.parametrize("style", STYLES)
def test_what_comes_and_goes_meanwhile_leaves_no_row_out(style: str) -> None:
    """Row 6 is read where offsets leave it out. One row more than declared came: no row is
    missing, and still nobody knows what is all.
    """
    completed, run, _ = told(Moving(deleted=[3], added=[11]), STYLES[style], unmoved=BY_KEY)
    assert keys(run) == list(range(1, 12))
    assert completed.witness is None
    assert completed.unwitnessed is not None
    assert "11 rows came in the order of their key, where 10 were declared" in (
        completed.unwitnessed
    )


def test_more_rows_than_declared_refute_where_nothing_shows_their_order() -> None:
    """Control."""
    for pages, unmoved in ((STYLES["by_key"], None), (next_url("by_page"), BY_KEY)):
        source = Moving(more=lambda _: {"total": 9})
        completed, _, _ = told(source, pages, unmoved=unmoved)
        assert completed.witness is not None
        assert (completed.witness.declared, completed.rows) == (9, 10)


@pytest.mark.parametrize("pages", [offset(), page_number()])
def test_pages_that_are_counted_are_refused_beside_it(pages: Paging) -> None:
    with pytest.raises(ValueError, match="rows move although keys ascend") as refusal:
        Endpoint(path="/1", pages=pages, rows="rows", total="total", unmoved=BY_KEY)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("mark", ["by_offset", "by_page", "opaque"])
def test_an_address_that_counts_in_disguise_proves_nothing(mark: str) -> None:
    """Keys ascend all the same: 1 to 5, then 7 to 11."""
    source = Moving(deleted=[3], added=[11])
    completed, run, _ = told(source, next_url(mark), unmoved=BY_KEY)
    assert keys(run) == [1, 2, 3, 4, 5, 7, 8, 9, 10, 11]
    assert completed.witness is not None
    assert completed.witness.kind is WitnessKind.DECLARED_TOTAL
    assert completed.unwitnessed is not None
    assert "was not asked for by the key of the row before it" in completed.unwitnessed


@pytest.mark.parametrize("second", [[6, 8, 7, 9, 10], [6, 7, 8, 10, 10], [6, 7, 8, 9, None]])
def test_a_row_out_of_order_is_named_by_its_page(second: list[int | None]) -> None:
    def more(asked: int) -> dict[str, Any]:
        return {"rows": [{"key": key} for key in second]} if asked == 2 else {}

    completed, _, _ = told(Moving(more=more), next_url("by_key"), unmoved=BY_KEY)
    assert completed.witness is not None
    assert completed.witness.kind is WitnessKind.DECLARED_TOTAL
    assert completed.unwitnessed is not None
    assert "key did not ascend on GET" in completed.unwitnessed
    assert "page 2" in completed.unwitnessed


def test_a_key_that_no_row_has_is_misspelt() -> None:
    with pytest.raises(SourceChanged, match="a row has no kee: correct the key in unmoved"):
        told(Moving(), next_url("by_key"), unmoved=immutable_key("kee"))


def request(url: str, body: dict[str, object] | None = None) -> PageRequest:
    return PageRequest(url=f"https://shop.example{url}", body=body)


@pytest.mark.parametrize(
    ("before", "after", "last", "first", "by"),
    [
        ("/p", "/p?_next=840", (840,), (841,), True),
        ("/p?_next=840", "/p?_next=1702", (1702,), (1709,), True),
        ("/p", "/p?where=id+gt+840", (840,), (850,), True),
        ("/p", "/p/840", (840,), (850,), True),
        ("/p", "/p?_next=7%2C3", (7, 3), (7, 4), True),
        ("/p", "/p?a=7&b=3", (7, 3), (8, 1), True),
        ("/p", "/p?_next=2%2C2", (2, 2), (2, 3), True),
        ("/p", "/p?page=2", (2, 2), (2, 3), False),
        ("/p", "/p?after=a%2Fb", ("a/b",), ("a/c",), True),
        ("/p?size=840", "/p?size=840&page=2", (840,), (841,), False),
        ("/p", "/p?page=2", (840,), (841,), False),
        ("/p", "/p?cursor=bzo0MDA", (840,), (841,), False),
        ("/p", "/p?offset=400", (400,), (401,), True),  # a key or a count: nothing lies between
        ("/p", "/p?offset=400", (400,), (402,), False),
        ("/p", "/p?offset=400", (400,), None, True),
        ("/p", "/p?cursor=o:400", (400,), (402,), False),
        ("/p", "/p?a=2&b=2", (2, 2), (2, 3), True),
        ("/p", "/p?a=7", (7, 3), (7, 4), False),
        ("/p", "/p?start=401", (401,), (403,), False),
        ("/p", "/p?page=2", ("2",), ("3",), False),
        ("/p", "/p?page=2&last=840", (840,), (850,), False),  # which of the two is obeyed?
        ("/p", "/p?page=2&last=840", (840,), (841,), True),
        ("/p", "/p?page=2&a=7&b=3", (7, 3), (8, 1), False),
    ],
)
def test_the_key_stands_in_what_the_request_changed(
    before: str,
    after: str,
    last: tuple[object, ...],
    first: tuple[object, ...] | None,
    *,
    by: bool,
) -> None:
    asked = Asked(request(after), request(before), rows=400, pages=1)
    assert asked_by_key(asked, last, first) is by


def test_a_search_names_the_key_in_its_body() -> None:
    before = request("/s", {"size": 2})
    for after, by in (
        ({"size": 2, "search_after": [7, "x"]}, True),
        ({"size": 2, "from": 400}, False),
        ({"size": 2}, False),
    ):
        asked = Asked(request("/s", after), before, rows=400, pages=1)
        assert asked_by_key(asked, (7, "x"), (8, "a")) is by


@pytest.mark.parametrize("key", [(), ("",), ("a", ""), (("a", "b"),)])
def test_a_key_has_columns_with_names(key: Any) -> None:
    with pytest.raises(ValueError, match="are named one by one"):
        immutable_key(*key)
