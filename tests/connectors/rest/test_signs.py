"""A page that says that it is a part, or not the last one, is never a whole reading's end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from connectors.errors import SourceChanged
from connectors.rest.endpoint import Endpoint
from connectors.rest.locations import ROOT, DocumentPath
from connectors.rest.paginators.next_url import next_url
from connectors.rest.paginators.offset import offset
from connectors.rest.paginators.single import single
from connectors.rest.signs import SIGNS, Signs
from tests.connectors.rest.keyed import keys, read_as, reading
from tests.connectors.scripted import TOKEN, Asked, Said, documents, scripted

MORE: dict[str, dict[str, Any]] = {
    "has_more": {"has_more": True},
    "has_more in words": {"hasMore": "true"},
    "has_next_page": {"page_info": {"hasNextPage": True}},
    "is_truncated": {"IsTruncated": True},
    "truncated": {"truncated": True},
    "next": {"links": {"next": {"href": "/2"}}},
    "next_records_url": {"nextRecordsUrl": "/2"},
    "odata.next_link": {"@odata.nextLink": "/2"},
    "next_page": {"meta": {"next_page": 2}},
    "not done": {"done": False},
    "not last": {"page": {"last": False}},
}
PART: dict[str, dict[str, Any]] = {
    "timed_out": {"timed_out": True},
    "error": {"error": "shard 2 is down"},
    "errors": {"errors": [{"message": "half"}]},
    "incomplete_results": {"incomplete_results": True},
    "_shards.failed": {"_shards": {"total": 5, "failed": 1}},
    "not success": {"success": False},
    "not ok": {"ok": False},
}
HARMLESS: dict[str, Any] = {
    "has_more": False,
    "hasNext": None,
    "truncated": "false",
    "next": "",
    "links": {"next": {"href": None}, "self": "/1", "last": "/1"},
    "paging": {"next_cursor": "", "next": None},
    "done": True,
    "last": True,
    "success": True,
    "ok": 1,
    "timed_out": False,
    "error": None,
    "errors": [],
    "_shards": {"total": 5, "failed": 0},
    "facets": {"error": 12, "next": 3},
    "failed": 3,
}


def single_page(
    more: dict[str, Any], rows: DocumentPath = "data.items", signs: Signs = SIGNS
) -> Callable[[], list[int]]:
    """Reads one page with more fields in the document, and beside its rows."""

    def answers(asked: Asked) -> Said:
        if asked.path == "/token":
            return Said(TOKEN)
        row = {"key": 1, "cost": None, "has_more": True, "error": "of a row", "next": 7}
        return Said({**more, "data": {**more, "items": [row]}})

    def read() -> list[int]:
        with scripted(answers) as source:
            endpoint = Endpoint(path="/1", pages=single(), rows=rows, signs=signs)
            return keys(read_as(source, endpoint))

    return read


@pytest.mark.parametrize("sign", MORE)
def test_a_last_page_that_says_that_more_follows_is_refused(sign: str) -> None:
    name = sign.partition(" in")[0]
    with pytest.raises(SourceChanged, match=f"/1: {name} says that more follows") as refusal:
        single_page(MORE[sign])()
    assert "leave it out of signs" in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert single_page(MORE[sign], signs=SIGNS.without(name))() == [1]


@pytest.mark.parametrize("sign", PART)
def test_a_page_that_says_that_it_is_a_part_is_refused(sign: str) -> None:
    with pytest.raises(SourceChanged, match=f"/1: its {sign} says that this page is not whole"):
        single_page(PART[sign])()
    assert single_page(PART[sign], signs=SIGNS.without(sign))() == [1]


def test_a_field_that_says_no_is_no_sign_and_rows_are_not_looked_at() -> None:
    """Control to both."""
    assert single_page(HARMLESS)() == [1]


def test_a_part_is_refused_wherever_it_stands_and_more_only_at_the_end() -> None:
    pages = documents([{"key": 1}], [{"key": 2}])
    pages["/1"].body["has_more"] = True  # type: ignore[index]
    assert keys(reading(pages)) == [1, 2]
    pages["/1"].body["timed_out"] = True  # type: ignore[index]
    with pytest.raises(SourceChanged, match="/1: its timed_out says"):
        reading(pages)


def test_a_mark_in_the_document_does_not_outweigh_a_link_in_the_header() -> None:
    link = {"content-type": "application/json", "link": "</2>; rel=next"}

    def answers(asked: Asked) -> Said:
        return Said(TOKEN) if asked.path == "/token" else Said([{"key": 1}], headers=link)

    with scripted(answers) as source:
        endpoint = Endpoint(path="/1", pages=single(), rows=ROOT)
        with pytest.raises(SourceChanged, match="/1: header Link says that more follows"):
            read_as(source, endpoint)
        without = Endpoint(
            path="/1", pages=single(), rows=ROOT, signs=SIGNS.without("header Link")
        )
        assert keys(read_as(source, without)) == [1]


@pytest.mark.parametrize("end", ["no rows", "null"])
def test_every_style_is_held_to_it(end: str) -> None:
    def answers(asked: Asked) -> Said:
        if asked.path == "/token":
            return Said(TOKEN)
        rows = [] if "offset=1" in asked.path else [{"key": 1}]
        return Said({"rows": rows, "mark": None, "has_more": True})

    pages = offset() if end == "no rows" else next_url("mark")
    with scripted(answers) as source, pytest.raises(SourceChanged, match=end):
        read_as(source, Endpoint(path="/1", pages=pages, rows="rows"))


def test_a_sign_of_ones_own_and_one_that_is_none() -> None:
    mine = Signs(more=SIGNS.more | {"tail_cut"}, part=SIGNS.part)
    with pytest.raises(SourceChanged, match="tail_cut says that more follows"):
        single_page({"tailCut": True}, signs=mine)()
    assert single_page({"tailCut": True})() == [1]
    with pytest.raises(ValueError, match="eror is no sign: see"):
        SIGNS.without("eror")
