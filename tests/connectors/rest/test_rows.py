"""An answer without the promised list says what came, and which setting to change to what."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.errors import SourceChanged
from connectors.rest.endpoint import Endpoint
from connectors.rest.locations import ROOT
from connectors.rest.paginators.next_url import next_url
from connectors.rest.paginators.single import single
from connectors.rest.rows import find_rows
from tests.connectors.rest.test_locations import read_as
from tests.connectors.scripted import Said, paged, scripted

ROWS = [{"key": 1}, {"key": 2}]
SAID: list[tuple[Any, Any, str]] = [
    (ROWS, "items", "at items: the answer is a list of objects: write rows=ROOT"),
    ([], "data.items", "at data.items: the answer is a list of objects: write rows=ROOT"),
    ({"items": ROWS}, ROOT, 'at the root: the answer is an object: write rows="items"'),
    ({"data": {"items": ROWS}}, ROOT, 'the answer is an object: write rows="data.items"'),
    ({"results": ROWS}, "items", 'at items: the answer is an object: write rows="results"'),
    ({"a": ROWS, "b": [], "n": 2}, "items", 'write rows="a"'),
    ({"a": ROWS, "b": ROWS}, "items", 'write rows="a" or rows="b"'),
    ({"a": []}, ROOT, 'write rows="a"'),
    ({"items": None}, "items", "at items: null is there: correct rows"),
    ({"items": {"k": ROWS}}, "items", 'at items: an object is there: write rows="items.k"'),
    ({"items": [1, 2]}, "items", "at items: a list of other things is there: correct rows"),
    ({"items": True}, "items", "true or false is there: correct rows"),
    ([["key"], [1]], ROOT, "at the root: the answer is a list of other things: correct rows"),
    ("no", ROOT, "the answer is text: correct rows"),
    (7, ROOT, "the answer is a number: correct rows"),
    (dict.fromkeys("abcd", ROWS), "items", "the answer is an object: correct rows"),
]


@pytest.mark.parametrize(("document", "rows", "said"), SAID)
def test_what_came_and_what_to_write_is_told(document: Any, rows: Any, said: str) -> None:
    with pytest.raises(SourceChanged) as raised:
        find_rows("GET shop:1/a", rows, document, {})
    text = str(raised.value)
    assert text.startswith("GET shop:1/a: no list of objects at ")
    assert text.endswith(f"{said} in its Endpoint")


def test_what_is_told_reads_the_answer() -> None:
    """The control: with the setting as the message words it, the rows are read."""
    assert find_rows("", ROOT, ROWS, {}) == ROWS
    assert find_rows("", "data.items", {"data": {"items": ROWS}}, {}) == ROWS


@pytest.mark.parametrize("name", ["anna@shop.example", "a\nb", "x" * 41, "é", ""])
def test_a_name_that_may_be_a_value_is_not_repeated(name: str) -> None:
    with pytest.raises(SourceChanged, match=r"an object: correct rows in its Endpoint$"):
        find_rows("", ROOT, {name: ROWS}, {})


def test_a_list_from_a_real_server_is_told_and_so_is_a_total_in_it() -> None:
    with scripted(paged({"/1": Said(ROWS)})) as source:
        wrong = Endpoint(path="/1", pages=single(), rows="items")
        with pytest.raises(
            SourceChanged, match="the answer is a list of objects: write rows=ROOT"
        ):
            read_as(source, wrong)
        told = "at count: the answer is a list: name a Header in total or pages of its Endpoint"
        with pytest.raises(SourceChanged, match=told):
            read_as(source, Endpoint(path="/1", pages=single(), rows=ROOT, total="count"))
        with pytest.raises(SourceChanged, match="at next: the answer is a list"):
            read_as(source, Endpoint(path="/1", pages=next_url("next"), rows=ROOT))
