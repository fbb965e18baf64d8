"""Pages without an end come to one, and a page without content is the last."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path

import pytest

from bench import outage
from connectors.errors import SourceChanged
from connectors.events import Completed
from connectors.rest.auth.no_auth import NoAuth
from connectors.rest.endpoint import Endpoint
from connectors.rest.locations import Header
from connectors.rest.paginators import Paging
from connectors.rest.paginators.by_key import by_key
from connectors.rest.paginators.cursor import cursor
from connectors.rest.paginators.next_url import next_url
from connectors.rest.paginators.offset import offset
from connectors.rest.paginators.page_number import page_number
from harness import tags
from harness.limits import Limits
from tests.connectors.rest.keyed import keys, read_as
from tests.connectors.scripted import Asked, Said, documents, scripted

TYPED = {"content-type": "application/json"}
STYLES: Mapping[str, Paging] = {
    "page_number": page_number(),
    "offset": offset(),
    "cursor": cursor("after", at="next"),
    "next_url": next_url("next"),
}


def turning(pages: int) -> Callable[[Asked], Said]:
    """The same pages in turn for ever, whatever is asked for; each names a next one of its own."""
    numbers = count()

    def answers(_: Asked) -> Said:
        number = next(numbers)
        return Said({"rows": [{"key": number % pages}], "next": f"/more/{number}"})

    return answers


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("pages", [1, 2, 5])
def test_p01_a_page_whose_rows_came_before_ends_the_reading(style: str, pages: int) -> None:
    endpoint = Endpoint(path="/1", pages=STYLES[style], rows="rows")
    with scripted(turning(pages)) as source:
        told = f"/1 page {pages + 1} has the rows of page 1: correct how pages are asked for"
        with pytest.raises(SourceChanged, match=told):
            read_as(source, endpoint, auth=NoAuth())
        assert len(source.asked) == pages + 1


def test_pages_that_only_look_alike_are_all_read() -> None:
    """Control: another number of rows, another order, another value."""
    a: dict[str, object] = {"key": 1, "cost": "1.5"}
    b: dict[str, object] = {"key": 2, "cost": None}
    pages = documents([a, b], [a], [b, a], [b], [{**a, "cost": "1.50"}])
    endpoint = Endpoint(path="/1", pages=next_url("next"), rows="rows")
    with scripted(lambda asked: pages[asked.path]) as source:
        assert keys(read_as(source, endpoint, auth=NoAuth())) == [1, 2, 1, 2, 1, 2, 1]


def test_pages_that_are_new_for_ever_end_at_the_limit_of_the_pilot(tmp_path: Path) -> None:
    """A counter behind a calendar, a search that invents: only a limit ends such a source."""
    numbers = count()

    def answer(_: Asked, __: float) -> Said:
        number = next(numbers)
        return Said({"rows": [{"id": number}], "next": f"/more/{number}"})

    endless = Endpoint(path="/d0", pages=next_url("next"), rows="rows")
    night = outage.read(1, answer, limits=Limits(pages=20, free_disk=0), endpoints={"d0": endless})
    (reading,) = night.readings
    assert reading.failure is not None
    assert reading.failure.kind == tags.LIMIT_REACHED
    assert reading.failure.message.startswith("it reached limits: {pages: 20}: find out why")
    assert len(night.paths) == 21


NO_CONTENT = Said(status=204, headers={})


@pytest.mark.parametrize("total", [None, "n", Header("X-Total-Count")])
@pytest.mark.parametrize(
    "style", [page_number(), offset(), by_key("after", "key")], ids=["number", "offset", "key"]
)
def test_204_behind_the_last_page_is_a_page_without_rows(
    style: Paging, total: str | Header | None
) -> None:
    first = Said({"rows": [{"key": 1}], "n": 1}, headers={**TYPED, "X-Total-Count": "1"})
    endpoint = Endpoint(path="/1", pages=style, rows="rows", total=total)
    answers = [NO_CONTENT, first]
    with scripted(lambda _: answers.pop()) as source:
        run = read_as(source, endpoint, auth=NoAuth())
    assert keys(run) == [1]
    (completed,) = run.of(Completed)
    assert completed.rows == 1


def test_204_alone_is_no_row_and_no_proof() -> None:
    endpoint = Endpoint(path="/1", pages=page_number(), rows="rows", total="n")
    with scripted(lambda _: NO_CONTENT) as source:
        run = read_as(source, endpoint, auth=NoAuth())
    assert keys(run) == []
    (completed,) = run.of(Completed)
    assert (completed.rows, completed.witness) == (0, None)
    assert completed.unwitnessed == "the source declared no total on any page"


def test_204_does_not_say_that_no_page_follows() -> None:
    """Where a mark is due, its absence is no end."""
    endpoint = Endpoint(path="/1", pages=cursor("after", at="next"), rows="rows")
    with (
        scripted(lambda _: NO_CONTENT) as source,
        pytest.raises(SourceChanged, match="nothing at next"),
    ):
        read_as(source, endpoint, auth=NoAuth())
