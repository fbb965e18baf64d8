"""Pages by number, offset, token and address: each row once, and no end that nobody marked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from connectors.errors import SourceChanged, SourceError
from connectors.events import Completed
from connectors.rest.endpoint import Endpoint
from connectors.rest.locations import ROOT, Header, optional
from connectors.rest.paginators import Paging
from connectors.rest.paginators.cursor import cursor
from connectors.rest.paginators.next_url import next_url
from connectors.rest.paginators.offset import offset
from connectors.rest.paginators.page_number import page_number
from connectors.rest.paginators.single import single
from tests.connectors.rest.keyed import keys, read_as
from tests.connectors.scripted import TOKEN, Asked, Said, scripted

HELD: list[dict[str, Any]] = [{"key": key} for key in range(7)]
TYPED = {"content-type": "application/json"}
Answer = Callable[[dict[str, str]], Said]


def asking(answer: Answer) -> Callable[[Asked], Said]:
    """By the query's parameters; and a token for whoever asks."""

    def answers(asked: Asked) -> Said:
        query = {name: values[0] for name, values in parse_qs(urlsplit(asked.path).query).items()}
        return Said(TOKEN) if asked.path == "/token" else answer(query)

    return answers


def through(answer: Answer, pages: Paging, path: str = "/1", total: Any = None) -> tuple[Any, Any]:
    """What was read, and which addresses were asked for."""
    endpoint = Endpoint(path=path, pages=pages, rows="rows", total=total)
    with scripted(asking(answer)) as source:
        return read_as(source, endpoint), source.paths()[1:]


def numbered(query: dict[str, str]) -> Said:
    """Three rows a page at most, whatever is asked for; the last page is short."""
    size = min(3, int(query.get("size", 3)))
    start = (int(query["page"]) - 1) * size
    return Said({"rows": HELD[start : start + size], "n": 7, "pages": 3})


def skipping(query: dict[str, str]) -> Said:
    start = int(query["offset"])
    return Said({"rows": HELD[start : start + min(3, int(query["limit"]))], "n": 7})


def test_pages_are_counted_up_to_the_first_without_rows() -> None:
    run, paths = through(numbered, page_number(), total="n")
    assert keys(run) == list(range(7))
    assert paths == [f"/1?page={number}" for number in (1, 2, 3, 4)]
    assert run.of(Completed)[0].witness.detail == "no rows on page 4"


def test_p06_a_source_that_gives_fewer_rows_than_asked_for_is_read_to_its_end() -> None:
    """The first page is short already: three rows where five were asked for."""
    run, _ = through(numbered, page_number(), path="/1?size=5")
    assert keys(run) == list(range(7))
    run, paths = through(skipping, offset(), path="/1?limit=5")
    assert keys(run) == list(range(7))
    assert paths == [f"/1?limit=5&offset={start}" for start in (0, 3, 6, 7)]


def test_the_last_page_by_the_sources_word_saves_a_request() -> None:
    run, paths = through(numbered, page_number("page", last="pages"), total="n")
    assert keys(run) == list(range(7))
    assert len(paths) == 3
    assert run.of(Completed)[0].witness.detail == "pages is 3 on page 3"


def test_an_empty_page_before_the_last_that_the_source_tells_is_not_the_end() -> None:
    def answer(query: dict[str, str]) -> Said:
        number = int(query["page"])
        rows = [] if number == 2 else HELD[number : number + 1]
        return Said({"rows": rows}, headers={**TYPED, "X-Last": "3"})

    run, paths = through(answer, page_number(last=Header("X-Last")))
    assert keys(run) == [1, 3]
    assert len(paths) == 3


@pytest.mark.parametrize("pages", [page_number("pg"), offset("skip"), cursor("after", at="more")])
def test_a_source_that_does_not_know_the_parameter_is_not_read_for_ever(pages: Paging) -> None:
    """It gives the first page again and again; each with a token of its own."""
    tokens = iter("abcdefgh")
    with pytest.raises(SourceChanged, match="/1 page 2 has the rows of page 1"):
        through(lambda _: Said({"rows": HELD[:3], "more": next(tokens)}), pages)
    assert next(tokens) == "c"


@pytest.mark.parametrize("end", [None, ""])
def test_a_token_is_sent_as_it_came_until_there_is_none(end: str | None) -> None:
    def answer(query: dict[str, str]) -> Said:
        odd = "a&b=\u00fc /+%"
        more = {None: odd, odd: 7, "7": end}[query.get("page[after]")]
        start = {None: 0, odd: 3, "7": 6}[query.get("page[after]")]
        return Said({"rows": HELD[start : start + 3], "n": 7, "meta": {"more": more}})

    run, paths = through(answer, cursor("page[after]", at="meta.more"), "/1?q=%2f", total="n")
    assert keys(run) == list(range(7))
    assert all(path.startswith("/1?q=%2f") for path in paths)
    told = "null" if end is None else "empty"
    assert run.of(Completed)[0].witness.detail == f"meta.more is {told} on page 3"


@pytest.mark.parametrize("in_header", [True, False])
def test_a_source_may_leave_the_token_out_where_the_pilot_says_so(*, in_header: bool) -> None:
    """Without that word the same end is no end."""

    def answer(query: dict[str, str]) -> Said:
        more = {} if "after" in query else {"X-Next": "t"}
        rows = HELD[3:] if "after" in query else HELD[:3]
        if in_header:
            return Said({"rows": rows}, headers={**TYPED, **more})
        return Said({"rows": rows, **more})

    where = Header("X-Next") if in_header else ("X-Next",)
    run, _ = through(answer, cursor("after", at=optional(where)))
    assert keys(run) == list(range(7))
    with pytest.raises(SourceChanged, match="X-Next: correct the name"):
        through(answer, cursor("after", at=where))


@pytest.mark.parametrize("token", [True, 1.5, {}, [], "a\nb", "\ud800"])
def test_what_is_no_token_is_not_sent(token: object) -> None:
    with pytest.raises(SourceChanged, match="no token and no null at more"):
        through(lambda _: Said({"rows": HELD, "more": token}), cursor("after", at="more"))


def test_addresses_are_followed_from_wherever_they_stand() -> None:
    def answer(query: dict[str, str]) -> Said:
        links = {} if "p" in query else {"next": {"href": "?p=2"}}
        return Said({"rows": HELD[3:] if "p" in query else HELD[:3], "_links": links})

    run, paths = through(answer, next_url(optional("_links.next.href")))
    assert keys(run) == list(range(7))
    assert paths == ["/1", "/1?p=2"]


def test_a_list_at_the_root_is_read_with_one_request() -> None:
    endpoint = Endpoint(path="/1", pages=single(), rows=ROOT)
    with scripted(asking(lambda _: Said(HELD))) as source:
        run = read_as(source, endpoint)
        assert source.paths() == ["/token", "/1"]
    assert keys(run) == list(range(7))
    assert run.of(Completed)[0].witness is None, "that this is all is not the source's word"


def test_a_query_has_no_field_inside_a_field() -> None:
    with pytest.raises(SourceError, match=r"a query has no field inside a field: write 'a\.b'"):
        through(lambda _: Said({"rows": HELD}), page_number(("a", "b")))
