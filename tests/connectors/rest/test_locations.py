"""Places in an answer: by path, at the root, in a header; and what is said where nothing is."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.errors import SourceChanged
from connectors.rest.endpoint import Endpoint
from connectors.rest.locations import ROOT, Header, Location, in_words, locate, optional
from connectors.rest.paginators import Paging
from connectors.rest.paginators.cursor import cursor
from connectors.rest.paginators.next_url import next_url
from connectors.rest.paginators.page_number import page_number
from connectors.rest.paginators.single import single
from tests.connectors.rest.keyed import keys, read_as
from tests.connectors.scripted import Said, paged, scripted

DOCUMENT: dict[str, Any] = {
    "data": {"items": [1], "a.b": 2, "none": None},
    "data.items": 3,
    "0": 4,
    "list": [{"total": 5}, 6],
}
HEADERS = {"x-total-count": "7"}


@pytest.mark.parametrize(
    ("where", "expected", "said"),
    [
        ("data.items", [1], "data.items"),
        (("data", "a.b"), 2, "data.a.b"),
        (("data.items",), 3, "data.items"),
        ("0", 4, "0"),
        (("list", 0, "total"), 5, "list.0.total"),
        ("data.none", None, "data.none"),
        (ROOT, DOCUMENT, "the root"),
        (Header("X-Total-Count"), "7", "header X-Total-Count"),
        (optional("data.items"), [1], "data.items"),
        (optional("data.absent"), None, "data.absent"),
        (optional(Header("X-Absent")), None, "header X-Absent"),
    ],
)
def test_a_place_is_found_and_named(where: Location, expected: object, said: str) -> None:
    assert locate(where, DOCUMENT, HEADERS) == expected
    assert in_words(where) == said


@pytest.mark.parametrize(
    "where",
    ["absent", "data.absent", "data.items.0", ("list", 2), ("list", "0"), ("data", 0), "0.x"],
)
def test_where_nothing_stands_nothing_is_found(where: Location) -> None:
    with pytest.raises(LookupError):
        locate(where, DOCUMENT, HEADERS)
    with pytest.raises(LookupError):
        locate(Header("X-Absent"), DOCUMENT, HEADERS)


@pytest.mark.parametrize("where", ["", "a..b", ".a", "a.", ("a", "")])
def test_an_empty_name_is_a_mistake_of_the_pilot(where: Any) -> None:
    for build in (
        lambda: Endpoint(path="/1", pages=single(), rows=where),
        lambda: Endpoint(path="/1", pages=single(), rows=ROOT, total=optional(where)),
        lambda: next_url(where),
        lambda: cursor("after", at=where),
        lambda: page_number(last=where),
    ):
        with pytest.raises(ValueError, match="has an empty name: write data"):
            build()


ROWS = [{"key": 1}, {"key": 2}]
TYPED = {"content-type": "application/json"}


@pytest.mark.parametrize(
    ("said", "rows", "total"),
    [
        (Said(ROWS, headers={**TYPED, "X-Total-Count": "3"}), ROOT, Header("x-total-count")),
        (Said({"data": {"items": ROWS}, "meta": {"n": 3}}), "data.items", "meta.n"),
        (Said([{"total": 3}, ROWS]), (1,), (0, "total")),
        (Said({"d": {"results.all": ROWS, "n": 3}}), ("d", "results.all"), "d.n"),
    ],
)
def test_rows_and_total_are_read_from_where_they_stand(said: Said, rows: Any, total: Any) -> None:
    endpoint = Endpoint(path="/1", pages=single(), rows=rows, total=total)
    with scripted(paged({"/1": said})) as source:
        run = read_as(source, endpoint)
    assert keys(run) == [1, 2]
    completed = run.events[-1]
    assert (completed.rows, completed.witness.declared) == (2, 3)  # type: ignore[union-attr]


WHOLE = Said({"data": ROWS, "n": "two", "next": 7}, headers={**TYPED, "X-N": "-2"})
WRONG: dict[str, tuple[Any, Any, Paging]] = {
    'no list of objects at items: the answer is an object: write rows="data"': (
        "items",
        None,
        single(),
    ),
    'no list of objects at the root: the answer is an object: write rows="data"': (
        ROOT,
        None,
        single(),
    ),
    "nothing at meta.n: correct the name": ("data", "meta.n", single()),
    "nothing at header X-Count: correct the name": ("data", Header("X-Count"), single()),
    "no number and no null at n": ("data", "n", single()),
    "no number and no null at header X-N": ("data", Header("X-N"), single()),
    "nothing at links.next: correct the name": ("data", None, next_url("links.next")),
    "no address and no null at next": ("data", None, next_url("next")),
    "nothing at header X-Next: correct": ("data", None, cursor("after", at=Header("X-Next"))),
    "no token and no null at data": ("data", None, cursor("after", at="data")),
    "nothing at pages: correct the name": ("data", None, page_number(last="pages")),
}


@pytest.mark.parametrize("said", WRONG)
def test_a_wrong_place_is_named_in_one_line(said: str) -> None:
    rows, total, pages = WRONG[said]
    endpoint = Endpoint(path="/1", pages=pages, rows=rows, total=total)
    answers = paged({"/1": WHOLE, "/1?page=1": WHOLE})
    with scripted(answers) as source, pytest.raises(SourceChanged, match=said) as raised:
        read_as(source, endpoint)
    assert "\n" not in str(raised.value)
