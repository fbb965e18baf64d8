"""What a first answer looks like: told in a draft, for no request more, and never relied on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from connectors.rest.auth.no_auth import NoAuth
from connectors.rest.endpoint import Endpoint
from connectors.rest.locations import ROOT, DocumentPath
from connectors.rest.paginators.next_url import next_url
from connectors.rest.paginators.offset import offset
from connectors.rest.paginators.single import single
from harness.onboarding.draft_text import contract_text
from seatrial import rest as door
from tests.cli import REPOSITORY
from tests.connectors.scripted import Said, scripted

ROWS: list[dict[str, Any]] = [{"id": "a"}, {"id": "b"}]
TYPED = {"content-type": "application/json"}
Case = tuple[Any, Mapping[str, str], DocumentPath, str]
CASES: dict[str, Case] = {
    "GitHub": (ROWS, {"Link": '</1?page=2>; rel="next"'}, ROOT, "pages=link_header()"),
    "GitLab": (
        ROWS,
        {"X-Next-Page": "2", "X-Total": "5"},
        ROOT,
        'pages=cursor("page", at=Header("X-Next-Page")), total=Header("X-Total")',
    ),
    "Stripe": (
        {"data": ROWS, "has_more": True},
        {},
        "data",
        'pages=by_key("starting_after", "id", more="has_more")',
    ),
    "Slack": (
        {"items": ROWS, "response_metadata": {"next_cursor": "dXNlcg=="}},
        {},
        "items",
        'pages=cursor("cursor", at="response_metadata.next_cursor")',
    ),
    "Django": (
        {"count": 9, "next": "https://a.example/1?page=2", "results": ROWS},
        {},
        "results",
        'pages=next_url("next"), total="count"',
    ),
    "OData v4": (
        {"@odata.count": 9, "@odata.nextLink": "Parts?$skiptoken=2", "value": ROWS},
        {},
        "value",
        'pages=next_url(optional(("@odata.nextLink",))), total=("@odata.count",)',
    ),
    "OData v2": (
        {"d": {"results": ROWS, "__count": "9", "__next": "https://a.example/1?$skip=2"}},
        {},
        "d.results",
        'pages=next_url(optional("d.__next")), total="d.__count"',
    ),
    "HAL": (
        {"_embedded": {"parts": ROWS}, "_links": {"next": {"href": "/1?page=2"}}},
        {},
        "_embedded.parts",
        'pages=next_url(optional("_links.next.href"))',
    ),
    "Relay": (
        {"data": {"nodes": ROWS, "pageInfo": {"hasNextPage": True, "endCursor": "x"}}},
        {},
        "data.nodes",
        'pages=cursor("after", at="data.pageInfo.endCursor", more="data.pageInfo.hasNextPage")',
    ),
    "numbers": (
        {"data": ROWS, "meta": {"last_page": 4, "total": 8}},
        {},
        "data",
        'pages=page_number(last="meta.last_page"), total="meta.total"',
    ),
    "OGC": (
        {"features": ROWS, "links": [{"rel": "next", "href": "/1?offset=2"}], "numberMatched": 9},
        {},
        "features",
        'pages=link_list("links"), total="numberMatched"',
    ),
    "ranges": (
        ROWS,
        {"Content-Range": "items 0-1/9"},
        ROOT,
        'pages=by_range(2), total=Header("Content-Range")',
    ),
}


def drafted(document: object, headers: Mapping[str, str], **settings: Any) -> str:
    """The draft by a first answer, which took one request."""
    endpoint = Endpoint(**{"path": "/1", "pages": single(), **settings})
    page = Said(document, headers={**TYPED, **headers})
    with scripted(lambda _: page) as source:
        rest = source.rest(endpoints={"parts": endpoint}, auth=NoAuth())
        described = rest.describe("parts", emit=lambda _: None)
        assert len(source.asked) == 1
    return contract_text("parts", described)


@pytest.mark.parametrize("case", CASES)
def test_a_draft_says_what_to_write_where_the_endpoint_ends_too_soon(case: str) -> None:
    document, headers, rows, written = CASES[case]
    text = drafted(document, headers, rows=rows)
    assert f"# CONFIRM the first answer reads like {written}: write that into its End" in text


def test_a_draft_names_the_fields_that_no_contract_has_a_type_for() -> None:
    """Until the endpoint makes texts of them; no odd name is repeated."""
    rows = [{"key": 1, "doc": {"a": 1}, "tags": [], "x\n# y": [1]}, {"key": 2, "doc": None}]
    told = 'the first answer reads like json_text=("doc"{}): write that into its Endpoint'
    assert told.format(', "tags"') in drafted(rows, {}, rows=ROOT)
    assert told.format(",") in drafted(rows, {}, rows=ROOT, json_text=("tags",))
    assert "reads like" not in drafted(rows, {}, rows=ROOT, json_text=("doc", "tags"))


@pytest.mark.parametrize("case", CASES)
def test_what_it_says_can_be_written(case: str) -> None:
    """Every word of it is a public name."""
    names = {name: getattr(door, name) for name in door.__all__}
    written = eval(f"dict({CASES[case][3]})", names)
    Endpoint(**{"path": "/1", "rows": "rows", **written})


def shapes() -> list[str]:
    """Each row of the table in docs/rest.md, as what is written of it in Python."""
    table = (REPOSITORY / "docs" / "rest.md").read_text().partition("## Shapes of every day")[2]
    rows = re.findall(r"^\| [^|]+ \| (.+) \| (.+) \|$", table.partition("\n## ")[0], re.MULTILINE)
    written = []
    for pages, rest in rows[1:]:
        parts = [*re.findall("`([^`]+)`", rest.partition(", or ")[0])]
        named = [part for part in parts if re.match(r"(rows|total|columns)=", part)]
        written.append(", ".join([f"pages={pages.split('`')[1]}", *named]))
    return written


@pytest.mark.parametrize("written", shapes())
def test_each_shape_of_the_page_can_be_written(written: str) -> None:
    """One endpoint each, of public names, with no class of one's own."""
    names = {name: getattr(door, name) for name in door.__all__}
    made = eval(f"Endpoint(path='/1', {written})", names)
    assert isinstance(made, Endpoint)


def test_the_page_has_a_shape_for_each_of_twelve() -> None:
    assert len(shapes()) >= 12


def test_an_endpoint_that_goes_on_and_names_a_total_has_nothing_to_confirm() -> None:
    document, headers, rows, written = CASES["Django"]
    for pages in (next_url("next"), offset()):
        text = drafted(document, headers, rows=rows, pages=pages, total="count")
        assert "reads like pages" in text
        assert "# CONFIRM the first answer" not in text
        assert f"which reads like {written}" in text


def test_an_answer_that_says_nothing_is_not_guessed_at() -> None:
    said = {"data": ROWS, "next": None, "has_more": False, "count": 2, "evil\n#": 7, "total": "x"}
    assert "reads like" not in drafted(said, {}, rows="data")


def test_names_and_values_of_the_data_are_not_repeated() -> None:
    said = {"data": [{"id": "a", "next": "/canary", "total": 77}], "canary page": {"next": "/2"}}
    assert "canary" not in drafted(said, {}, rows="data")
