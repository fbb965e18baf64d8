"""Whatever comes and goes between pages: what is proven lacks no row that was always there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.convert.json import as_table
from connectors.errors import SourceChanged
from connectors.rest.endpoint import Endpoint
from connectors.rest.evidence import Evidence
from connectors.rest.paginators import Page, PageRequest, Paging, walk
from connectors.rest.paginators.by_key import by_key
from connectors.rest.paginators.next_url import next_url
from connectors.rest.paginators.offset import offset
from connectors.rest.paginators.page_number import page_number
from connectors.rest.unmoved import Unmoved
from connectors.rest.unmoved.immutable_key import immutable_key
from connectors.rest.unmoved.read_twice import read_twice
from harness.claims.wholeness import _COUNT_ALONE

TWICE, ORDER = read_twice("key"), immutable_key("key")
WAYS: dict[str, tuple[Paging, Unmoved]] = {
    "offset, twice": (offset(), TWICE),
    "page, twice": (page_number(), TWICE),
    "key, twice": (by_key("after", "key"), TWICE),
    "address by offset, twice": (next_url("by_offset"), TWICE),
    "key, in order": (by_key("after", "key"), ORDER),
    "address by key, in order": (next_url("by_key"), ORDER),
    "address by offset, in order": (next_url("by_offset"), ORDER),
    "address by page, in order": (next_url("by_page"), ORDER),
}


@dataclass(slots=True)
class Table:
    """Rows in the order of their keys, and what happens before each request. No key comes back."""

    held: set[int]
    edits: Iterator[tuple[list[int], list[int]]]
    size: int
    gone: set[int] = field(default_factory=set)

    def fetch(self, request: PageRequest, number: int) -> Page:
        deleted, added = next(self.edits, ([], []))
        self.gone |= self.held.intersection(deleted)
        self.held = (self.held | set(added)) - self.gone
        query = {name: int(value) for name, value in parse_qsl(urlsplit(request.url).query)}
        held = [key for key in sorted(self.held) if key > query.get("after", -1)]
        start = query.get("offset", self.size * (query.get("page", 1) - 1))
        keys = held[start : start + self.size]
        ends = len(held) <= start + self.size
        document = {
            "total": len(self.held),
            "by_offset": None if ends else f"?offset={start + self.size}",
            "by_page": None if ends else f"?page={start // self.size + 2}",
            "by_key": None if ends else f"?after={keys[-1]}",
        }
        rows = [{"key": key} for key in keys]
        what = f"page {number}"
        return Page(
            what=what,
            request=request,
            headers={},
            document=document,
            rows=rows,
            table=as_table(rows, what),
            bytes=0,
        )


def read(table: Table, pages: Paging, unmoved: Unmoved) -> tuple[list[int], bool]:
    """The keys that were read, and whether they are proven to be all."""
    endpoint = Endpoint(path="/1", pages=pages, rows="rows", total="total", unmoved=unmoved)
    evidence, keys = Evidence(endpoint), list[int]()

    def begin_pass() -> Iterator[Page]:
        return walk(pages, endpoint.request("https://shop.example"), table.fetch)

    for page in begin_pass():
        evidence.see(page)
        keys += [row["key"] for row in page.rows]
    completed = evidence.complete("end", again=begin_pass)
    witness = completed.witness
    whole = witness is not None and witness.declared == completed.rows
    return keys, whole and witness is not None and witness.kind not in _COUNT_ALONE


KEYS = st.integers(0, 14)
EDITS = st.lists(st.tuples(st.lists(KEYS, max_size=2), st.lists(KEYS, max_size=2)), max_size=8)


@pytest.mark.parametrize("way", WAYS)
@settings(max_examples=150)
@given(held=st.sets(KEYS, max_size=12), edits=EDITS, size=st.integers(1, 4))
def test_what_is_proven_lacks_no_row(
    way: str, held: set[int], edits: list[tuple[list[int], list[int]]], size: int
) -> None:
    table = Table(set(held), iter(edits), size)
    try:
        keys, proven = read(table, *WAYS[way])
    except SourceChanged:
        return
    if proven and len(set(keys)) == len(keys):  # `complete` looks for keys that come twice
        assert held - table.gone <= set(keys)


@pytest.mark.parametrize("way", [way for way in WAYS if way != "address by page, in order"])
def test_a_table_that_stays_as_it_is_is_proven(way: str) -> None:
    """Control: it is not true because nothing is ever proven."""
    assert read(Table(set(range(1, 8)), iter(()), 3), *WAYS[way]) == ([1, 2, 3, 4, 5, 6, 7], True)
