"""What is sent ahead is a guess: it is taken for what is asked for only where it is the same."""

from __future__ import annotations

import json

import pytest

from connectors.errors import SourceChanged
from connectors.rest.auth.no_auth import NoAuth
from connectors.rest.paginators.offset import offset
from connectors.rest.paginators.page_number import page_number
from tests.connectors.rest.keyed import SCHEMA, keys
from tests.connectors.rest.numbered import ALL, PAGES, ROWS, STYLES, Numbered
from tests.connectors.rest.test_endless import turning
from tests.connectors.scripted import Asked, Said
from tests.connectors.vendor_fixture import read


def test_a_page_that_shrinks_leaves_no_row_out() -> None:
    """The offsets behind it are others than were guessed; from then on it is asked one by one."""

    def answer(number: int, asked: Asked) -> Said | None:
        start = int(asked.path.rpartition("=")[2])
        if start == 6:
            return Said({"rows": [{"key": 7}]})  # and not 8 and 9
        held = range(start + 1, min(start + ROWS, PAGES * ROWS) + 1)
        return Said({"rows": [{"key": key} for key in held]})

    source = Numbered(answer=answer)
    with source.running(pages=offset()) as (rest, server):
        assert keys(read(rest, schema=SCHEMA)) == ALL
        starts = [int(path.rpartition("=")[2]) for path in server.paths() if "offset" in path]
    assert starts[0] == 0
    assert {7, 10, 13} <= set(starts)
    assert len([start for start in starts if start % 3 == 0 and 6 < start < PAGES * ROWS]) <= 7


def test_a_page_of_another_length_changes_no_number() -> None:
    """Control: pages by number are asked for whatever came before."""

    def answer(number: int, _: Asked) -> Said | None:
        return Said({"rows": [{"key": 7}]}) if number == 3 else None

    source = Numbered(answer=answer)
    with source.running() as (rest, _):
        assert keys(read(rest, schema=SCHEMA)) == [key for key in ALL if key not in (8, 9)]
    assert source.most > 1


@pytest.mark.parametrize("pages", [1, 2, 5])
@pytest.mark.parametrize("style", STYLES)
def test_pages_that_come_again_for_ever_end(style: str, pages: int) -> None:
    with Numbered().running(pages=STYLES[style], answers=turning(pages), auth=NoAuth()) as (
        rest,
        server,
    ):
        with pytest.raises(SourceChanged, match=r"has the rows of page \d"):
            read(rest, schema=SCHEMA)
        assert len(server.asked) <= pages + 1 + 7


@pytest.mark.parametrize("style", STYLES)
def test_the_last_page_that_the_source_names_is_the_last_one_asked_for(style: str) -> None:
    """`last` of a source that answers 404 behind it."""

    def answer(number: int, _: Asked) -> Said | None:
        if number > 9:
            return Said(status=404)
        return Said({"rows": [{"key": number}], "last": 9, "total": 9})

    source = Numbered(answer=answer)
    with source.running(pages=page_number(last="last")) as (rest, _):
        assert keys(read(rest, schema=SCHEMA)) == list(range(1, 10))
    assert sorted(source.numbers()) == list(range(1, 10))


def test_a_search_is_asked_for_at_once_as_well() -> None:
    """The number stands in the body of a POST."""

    def answers(asked: Asked) -> Said:
        if asked.path == "/token":
            return Said({"access_token": "t0", "token_type": "Bearer"})
        number = json.loads(asked.body)["page"]
        return Said({"rows": [{"key": number}] if number < 12 else []})

    with Numbered().running(answers=answers, search={"q": "all"}) as (rest, server):
        assert keys(read(rest, schema=SCHEMA)) == list(range(1, 12))
        assert {asked.method for asked in server.asked} == {"POST"}
