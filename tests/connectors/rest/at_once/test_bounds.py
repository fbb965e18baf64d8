"""How many pages may be asked for at once, what of them is in memory, and what is said of it."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.rest.endpoint import MOST_AT_ONCE, Endpoint
from connectors.rest.locations import ROOT
from connectors.rest.paginators import Paging
from connectors.rest.paginators.by_key import by_key
from connectors.rest.paginators.cursor import cursor
from connectors.rest.paginators.link_header import link_header
from connectors.rest.paginators.next_url import next_url
from connectors.rest.paginators.page_number import page_number
from connectors.rest.paginators.single import single
from connectors.rest.unmoved.read_twice import read_twice
from tests.connectors.rest.numbered import STYLES, Numbered

TWICE = (
    "read twice: twice the requests for its pages, up to 8 of its pages are asked for at once, "
    "all within the budget"
)


@pytest.mark.parametrize("at_once", [0, -1, 9, 1_000, True, 2.5, "8"])
def test_more_than_eight_at_once_is_refused_by_name(at_once: Any) -> None:
    with pytest.raises(ValueError, match=f"at_once is a number from 1 to {MOST_AT_ONCE}"):
        Endpoint(path="/", pages=page_number(), rows=ROOT, at_once=at_once)


@pytest.mark.parametrize(
    "pages",
    [
        single(),
        link_header(),
        next_url("next"),
        cursor("after", at="next"),
        by_key("after", "key"),
    ],
    ids=["single", "link_header", "next_url", "cursor", "by_key"],
)
def test_it_is_refused_where_only_a_page_says_what_follows(pages: Paging) -> None:
    with pytest.raises(ValueError, match="at_once needs pages whose requests are known beforeh"):
        Endpoint(path="/", pages=pages, rows=ROOT, at_once=2)


@pytest.mark.parametrize("style", STYLES)
def test_pages_by_position_may(style: str) -> None:
    """Control."""
    assert Endpoint(path="/", pages=STYLES[style], rows=ROOT, at_once=8).at_once == 8


@pytest.mark.parametrize(
    ("changes", "price"),
    [
        ({"at_once": 1}, None),
        ({}, "up to 8 of its pages are asked for at once, all within the budget"),
        (
            {"total": "total", "unmoved": read_twice("key")},
            TWICE,
        ),
    ],
)
def test_its_price_is_told(changes: dict[str, Any], price: str | None) -> None:
    with Numbered().running(**changes) as (rest, _):
        assert rest.price("parts") == price
