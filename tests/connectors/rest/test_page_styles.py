"""Pages that end by a flag, an address or a mark of any kind, as APIs of every day have them."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from connectors.errors import SourceChanged
from connectors.events import Completed
from connectors.rest.auth.no_auth import NoAuth
from connectors.rest.endpoint import Endpoint
from connectors.rest.locations import ROOT, Header, Location, optional
from connectors.rest.paginators import Paging
from connectors.rest.paginators.by_key import by_key
from connectors.rest.paginators.cursor import cursor
from connectors.rest.paginators.link_list import link_list
from connectors.rest.paginators.next_url import next_url
from connectors.rest.paginators.offset import offset
from connectors.rest.paginators.page_number import page_number
from connectors.rest.signs import SIGNS
from tests.connectors.rest.keyed import keys, read_as
from tests.connectors.scripted import Asked, Said, Scripted, scripted

HELD: list[dict[str, Any]] = [{"key": key} for key in range(1, 6)]
TYPED = {"content-type": "application/json"}


def whole(source: Scripted, pages: Paging, **settings: Any) -> Completed:
    """What a reading of all five rows ended with."""
    endpoint = Endpoint(**{"path": "/1", "pages": pages, "rows": "data", **settings})
    run = read_as(source, endpoint, auth=NoAuth())
    assert keys(run) == [1, 2, 3, 4, 5]
    (completed,) = run.of(Completed)
    return completed


def flagged(asked: Asked) -> Said:
    """Two rows a page, by whatever is asked for; a flag, and a token on the last page too."""
    query = dict(parse_qsl(urlsplit(asked.path).query))
    start = int(query.get("starting_after", query.get("after", query.get("offset", 0))))
    start = 2 * int(query["page"]) - 2 if "page" in query else start
    rows = HELD[start : start + 2]
    more = start + 2 < len(HELD)
    text = "True" if more else "false"
    info = {"end": str(start + len(rows)), "has_more": more, "text": text, "n": int(more)}
    return Said({"data": rows, **info})


FLAGGED = {
    "key": lambda more: by_key("starting_after", "key", more=more),
    "cursor": lambda more: cursor("after", at="end", more=more),
    "offset": lambda more: offset(more=more),
    "page": lambda more: page_number(more=more),
}


@pytest.mark.parametrize("style", FLAGGED)
@pytest.mark.parametrize("more", ["has_more", "text"])
def test_a_flag_ends_the_pages_and_saves_a_request(style: str, more: Location) -> None:
    with scripted(flagged) as source:
        completed = whole(source, FLAGGED[style](more))
        assert len(source.asked) == 3
    assert completed.witness is None
    assert completed.unwitnessed is not None


@pytest.mark.parametrize("style", FLAGGED)
def test_h11_what_is_no_flag_is_no_end(style: str) -> None:
    with (
        scripted(flagged) as source,
        pytest.raises(SourceChanged, match="/1: neither true nor false at n"),
    ):
        whole(source, FLAGGED[style]("n"))


@pytest.mark.parametrize("style", FLAGGED)
def test_p02_a_flag_that_promises_more_for_ever_ends_with_an_error(style: str) -> None:
    """Empty pages, each of which says that another follows."""
    empty = Said({"data": [], "more": True, "end": None})
    endpoint = Endpoint(path="/1", pages=FLAGGED[style]("more"), rows="data")
    with scripted(lambda _: empty) as source:
        told = "says from where|earlier page|empty pages in a row"
        with pytest.raises(SourceChanged, match=told):
            read_as(source, endpoint, auth=NoAuth())
        assert len(source.asked) <= 3


def test_without_the_flag_a_token_on_the_last_page_goes_round_for_ever() -> None:
    """Control: what `more` is for. A guard against circles ends it."""
    with scripted(flagged) as source, pytest.raises(SourceChanged, match=r"more follows|earlier"):
        whole(source, cursor("after", at="end"), signs=SIGNS)


def test_a_page_number_ends_by_one_word_of_the_source() -> None:
    with pytest.raises(ValueError, match="name last or more"):
        page_number(last="pages", more="has_more")


@pytest.mark.parametrize("end", ["absent", None, "", False])
@pytest.mark.parametrize("is_url", [True, False])
def test_a_next_mark_that_names_none_is_the_end(end: object, *, is_url: bool) -> None:
    def answers(asked: Asked) -> Said:
        if asked.path == "/1":
            return Said({"data": HELD[:3], "next": "/1?after=2" if is_url else 2})
        return Said({"data": HELD[3:], **({} if end == "absent" else {"next": end})})

    with scripted(answers) as source:
        at = optional("next") if end == "absent" else "next"
        whole(source, next_url(at) if is_url else cursor("after", at=at))


def test_a_next_mark_in_a_header_ends_empty() -> None:
    def answers(asked: Asked) -> Said:
        following = "" if asked.path.endswith("page=2") else "2"
        rows = HELD[3:] if following == "" else HELD[:3]
        return Said(rows, headers={**TYPED, "X-Next-Page": following})

    with scripted(answers) as source:
        whole(source, cursor("page", at=Header("X-Next-Page")), rows=ROOT)
        assert source.paths() == ["/1", "/1?page=2"]


def linked(asked: Asked, name: str, words: tuple[str, str]) -> Said:
    relation, address = words
    last = "after" in asked.path
    links = [{relation: "self", address: "/1"}, {relation: "next", address: "/1?after=3"}]
    return Said({"data": HELD[3:] if last else HELD[:3], name: links[:1] if last else links})


@pytest.mark.parametrize(
    ("name", "words"), [("links", ("rel", "href")), ("link", ("relation", "url"))]
)
def test_a_next_link_in_a_list_is_followed(name: str, words: tuple[str, str]) -> None:
    with scripted(lambda asked: linked(asked, name, words)) as source:
        whole(source, link_list(name))
        assert source.paths() == ["/1", "/1?after=3"]


@pytest.mark.parametrize(
    "links",
    [
        "absent",
        "/2",
        ["/2"],
        [{"rel": "next"}],
        [{"rel": "next", "href": 2}],
        [{"rel": "next", "href": "/2"}, {"rel": "next", "href": "/3"}],
    ],
)
def test_p02_a_list_of_links_that_cannot_be_read_is_no_end(links: object) -> None:
    page = Said({"data": HELD, **({} if links == "absent" else {"links": links})})
    endpoint = Endpoint(path="/1", pages=link_list(), rows="data")
    with scripted(lambda _: page) as source, pytest.raises(SourceChanged, match="links"):
        read_as(source, endpoint, auth=NoAuth())


def test_h17_a_link_of_a_list_to_another_host_is_not_followed() -> None:
    with scripted(lambda _: Said(status=500)) as canary:
        page = Said({"data": HELD, "links": [{"rel": "next", "href": f"{canary.url}/1"}]})
        endpoint = Endpoint(path="/1", pages=link_list(), rows="data")
        told = "links to another origin: it was not followed"
        with scripted(lambda _: page) as source, pytest.raises(SourceChanged, match=told):
            read_as(source, endpoint, auth=NoAuth())
        assert canary.asked == []


def odata(asked: Asked, *, version: int) -> Said:
    """Three rows a page. Version 2 counts in text."""
    start = 3 if "skiptoken" in asked.path else 0
    rows, link = HELD[start : start + 3], "/1?$skiptoken=3"
    if version == 2:
        return Said(
            {"d": {"results": rows, "__count": "5", **({} if start else {"__next": link})}}
        )
    kind = "application/json;odata.metadata=minimal;odata.streaming=true"
    following = {} if start else {"@odata.nextLink": link.removeprefix("/")}
    body = {"@odata.context": "$metadata#Parts", "@odata.count": 5, "value": rows, **following}
    return Said(body, headers={"content-type": kind, "OData-Version": "4.0"})


ODATA = {
    2: {"pages": next_url(optional("d.__next")), "rows": "d.results", "total": "d.__count"},
    4: {
        "pages": next_url(optional(("@odata.nextLink",))),
        "rows": "value",
        "total": ("@odata.count",),
    },
}


@pytest.mark.parametrize("version", ODATA)
def test_odata_is_read_by_its_own_names(version: int) -> None:
    with scripted(lambda asked: odata(asked, version=version)) as source:
        completed = whole(source, **ODATA[version])
    assert completed.witness is not None
    assert completed.witness.declared == 5


@pytest.mark.parametrize("version", ODATA)
def test_h17_a_next_link_to_another_host_is_not_followed(version: int) -> None:
    with scripted(lambda _: Said(status=500)) as canary:
        name = ODATA[version]["pages"]
        body: dict[str, Any] = {"value": HELD, "@odata.nextLink": f"{canary.url}/1", "n": 5}
        page = Said({"d": {"results": HELD, "__next": f"{canary.url}/1"}, **body})
        endpoint = Endpoint(path="/1", pages=name, rows=ODATA[version]["rows"])
        told = "links to another origin: it was not followed"
        with scripted(lambda _: page) as source, pytest.raises(SourceChanged, match=told):
            read_as(source, endpoint, auth=NoAuth())
        assert canary.asked == []
