"""What leads from page to page is checked before anything is sent."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

import pytest

from connectors.errors import SourceChanged, SourceError
from connectors.events import Completed
from connectors.rest.paginators import PageRequest, Pages
from connectors.rest.paginators.link_header import link_header
from tests.connectors.rest.keyed import ONE, SCHEMA, keys, reading
from tests.connectors.scripted import TOKEN, Asked, Said, documents, paged, scripted
from tests.connectors.vendor_fixture import Run, read


def test_whole_pages_are_read_in_order() -> None:
    """Control to all that follows."""
    run = reading(documents([{"key": 1}, {"key": 2}], [{"key": 3}]))
    assert keys(run) == [1, 2, 3]
    (completed,) = run.of(Completed)
    assert (completed.rows, completed.witness.declared) == (3, 3)


def test_a_short_or_empty_page_is_not_the_last() -> None:
    assert keys(reading(documents([], [{"key": 1}], [], [], [{"key": 2}]))) == [1, 2]


def test_p01_a_cursor_that_comes_back_is_noticed_before_it_is_read_again() -> None:
    pages = documents([{"key": 1}], [{"key": 2}], [{"key": 3}])
    pages["/2"] = Said({"rows": [{"key": 2}], "total": 3, "next": "/1"})
    with scripted(paged(pages)) as source:
        with pytest.raises(SourceChanged, match="/1 page 2 leads back to an earlier page"):
            read(source.rest())
        assert source.paths() == ["/token", "/1", "/2"]


def test_p02_three_empty_pages_with_a_next_one_are_the_end_of_patience() -> None:
    numbers = count(2)

    def answers(asked: Asked) -> Said:
        if asked.path == "/token":
            return Said(TOKEN)
        return Said({"rows": [], "total": 9, "next": f"/{next(numbers)}"})

    with scripted(answers) as source:
        with pytest.raises(SourceChanged, match="3 empty pages in a row"):
            read(source.rest())
        assert source.paths() == ["/token", "/1", "/2", "/3"]


@pytest.mark.parametrize("way", ["next_url", "link_header"])
@pytest.mark.parametrize(
    "link",
    [
        "http://127.0.0.1:{other}/2",
        "//127.0.0.1:{other}/2",
        "http://user@127.0.0.1/2",
        "https://127.0.0.1:{own}/2",
        "file:///etc/passwd",
        "http://127.0.0.1:99999/",
        "http://[",
    ],
)
def test_h17_a_link_to_another_origin_is_not_followed(way: str, link: str) -> None:
    with scripted(paged({})) as other:
        pages: dict[str, Said] = {}
        with scripted(paged(pages)) as source:
            ports = {"other": other.url.rpartition(":")[2], "own": source.url.rpartition(":")[2]}
            target = link.format(**ports)
            headers = {"content-type": "application/json"}
            rest = source.rest()
            if way == "link_header":
                headers["link"] = f'<{target}>; rel="next"'
                parts = replace(rest.endpoints["parts"], pages=link_header())
                rest = replace(rest, endpoints={"parts": parts})
            pages["/1"] = Said({"rows": [{"key": 1}], "total": 2, "next": target}, headers=headers)
            with pytest.raises(SourceChanged, match="another origin: it was not followed"):
                read(rest)
            assert source.paths() == ["/token", "/1"]
        assert other.asked == []


def test_a_style_that_begins_elsewhere_sends_nothing() -> None:
    with scripted(paged({})) as other, scripted(paged({})) as source:

        def elsewhere(first: PageRequest) -> Pages:
            yield first.at(f"{other.url}/1")
            return "never"

        parts = replace(source.rest().endpoints["parts"], pages=elsewhere)
        rest = source.rest(endpoints={"parts": parts}, stranger_allowed=True)
        for ask in (read, lambda rest: rest.probe(emit=lambda _: None)):
            with pytest.raises(SourceChanged, match="another origin"):
                ask(rest)
        assert (source.asked, other.asked) == ([], [])


@pytest.mark.parametrize(
    "link",
    ["/canary" + "x" * 70_000, "/canary\x7f", "/canary\x00", "/canary?\x01", "/canary\ud800"],
    ids=["long", "delete", "null", "control", "surrogate"],
)
def test_a_link_that_no_request_can_hold_is_refused_without_it(link: str) -> None:
    pages = {"/1": Said({"rows": [{"key": 1}], "total": 2, "next": link})}
    with scripted(paged(pages)) as source:
        with pytest.raises(
            SourceChanged, match="/1 page 2: no request can hold its address"
        ) as raised:
            read(source.rest())
        assert source.paths() == ["/token", "/1"]
    assert "canary" not in str(raised.value)
    assert "\n" not in str(raised.value)


CURSOR = "/after/ada@example.com"


FOLLOWED: dict[str, Said] = {
    "whole": Said({**ONE, "rows": [{"key": 2}], "total": 2}),
    "a total that moves": Said({**ONE, "rows": [{"key": 2}], "total": 3}),
    "a new field": Said({**ONE, "rows": [{"key": 2, "new": 1}], "total": 2}),
    "too many rows": Said({**ONE, "rows": [{"key": 2}, {"key": 3}], "total": 2}),
    "back": Said({**ONE, "rows": [{"key": 2}], "total": 2, "next": "/1"}),
    "elsewhere": Said({**ONE, "rows": [{"key": 2}], "total": 2, "next": "//ada@example.com"}),
    "no next": Said({"rows": [{"key": 2}], "total": 2}),
    "no page": Said(b"<html>"),
    "not found": Said(status=404),
    "refused": Said(status=401),
    "forbidden": Said(status=403),
    "redirect": Said(status=302),
    "unavailable": Said(status=503),
    "no length": Said(headers={"content-encoding": "br"}),
}


ENDED = {"whole", "a total that moves", "too many rows"}
"""Those are read to their end."""


@pytest.mark.parametrize("case", FOLLOWED)
def test_the_path_of_a_further_page_is_told_nowhere(case: str) -> None:
    """A cursor in a path is a value from the data; the page's number says which it was."""
    first = Said({"rows": [{"key": 1}], "total": 2, "next": CURSOR})
    run = Run()
    said = ""
    with scripted(paged({"/1": first, CURSOR: FOLLOWED[case]})) as source:
        reader = source.rest().read("parts", schema=SCHEMA, emit=run.events.append)
        try:
            reader.read_all()
        except SourceError as error:
            said = str(error)
        assert CURSOR in source.paths()
    assert bool(said) is (case not in ENDED)
    assert "ada" not in said + repr(run.events)
    assert "/1 page 2" in said + repr(run.events)
