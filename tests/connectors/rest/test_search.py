"""Searches: pages that are asked for by a JSON body, by POST."""

from __future__ import annotations

import json
import traceback
from typing import Any

import pytest

from connectors.errors import AccessDenied, SourceChanged, SourceError
from connectors.events import Answered, Completed, Retried
from connectors.rest.auth.api_key import ApiKey
from connectors.rest.endpoint import Endpoint
from connectors.rest.locations import optional
from connectors.rest.paginators.cursor import cursor
from connectors.rest.paginators.link_header import link_header
from connectors.rest.paginators.offset import offset
from connectors.rest.paginators.page_number import page_number
from connectors.secrets import Secret
from tests.connectors.rest.keyed import keys, read_as
from tests.connectors.scripted import TOKEN, Asked, Said, scripted

HELD: list[dict[str, Any]] = [{"key": key} for key in range(5)]
TYPE = "application/json"
SEARCH = {"query": {"since": "2026-01-01"}, "paging": {"size": 2}}


def answers(asked: Asked) -> Said:
    """By the body alone: two rows from where it says."""
    if asked.path == "/token":
        return Said(TOKEN)
    body = json.loads(asked.body)
    right = body["query"] == SEARCH["query"] and asked.headers["content-type"] == TYPE
    if not right or asked.method != "POST" or asked.path != "/search":
        return Said({"error": "bad"}, status=400)
    paging = body["paging"]
    start = int(paging.get("after", paging.get("from", 2 * paging.get("page", 0))))
    more = start + 2 if start + 2 < len(HELD) else None
    return Said({"hits": HELD[start : start + paging["size"]], "total": 5, "after": more})


def test_a_place_in_a_list_of_the_body_is_set_as_a_call_by_position_needs_it() -> None:
    """As JSON-RPC has it. A place that the list has not is an error before anything is sent."""

    def called(asked: Asked) -> Said:
        if asked.path == "/token":
            return Said(TOKEN)
        domain, start, most = json.loads(asked.body)["params"]
        assert domain == [["active", "=", True]]
        return Said({"result": HELD[start : start + most]})

    call = {"method": "search_read", "params": [[["active", "=", True]], 0, 2]}

    def endpoint(*place: str | int) -> Endpoint:
        return Endpoint(path="/rpc", pages=offset(place), rows="result", search=call)

    with scripted(called) as source:
        assert keys(read_as(source, endpoint("params", 1))) == list(range(5))
        asked = len(source.asked)
        with pytest.raises(SourceError, match="search has no place 3 in a list"):
            read_as(source, endpoint("params", 3))
        assert len(source.asked) == asked


STYLES = {
    "cursor": cursor(("paging", "after"), at="after"),
    "offset": offset(("paging", "from")),
    "page": page_number(("paging", "page"), first=0),
}


@pytest.mark.parametrize("style", STYLES)
def test_a_search_is_paged_in_its_body_and_the_rest_of_it_stays(style: str) -> None:
    endpoint = Endpoint(
        path="/search", pages=STYLES[style], rows="hits", total="total", search=SEARCH
    )
    with scripted(answers) as source:
        run = read_as(source, endpoint)
        sizes = {json.loads(asked.body)["paging"]["size"] for asked in source.asked[1:]}
    assert keys(run) == list(range(5))
    assert run.of(Completed)[0].witness.declared == 5
    assert sizes == {2}
    host = source.url.removeprefix("http://")
    assert run.of(Answered)[1].what == f"POST {host}/search"


def test_a_search_goes_on_behind_the_sort_values_of_its_last_row() -> None:
    """As in Elasticsearch: a list in the body, and fields inside fields."""

    def hits(asked: Asked) -> Said:
        if asked.path == "/token":
            return Said(TOKEN)
        start = json.loads(asked.body).get("search_after", ["", -1])[1] + 1
        found = [{"_source": row, "sort": ["x", row["key"]]} for row in HELD[start : start + 2]]
        return Said({"hits": {"total": {"value": 5, "relation": "eq"}, "hits": found}})

    endpoint = Endpoint(
        path="/parts/_search",
        pages=cursor("search_after", at=optional(("hits", "hits", -1, "sort"))),
        rows="hits.hits",
        total="hits.total.value",
        columns={"key": "_source.key"},
        search={"size": 2, "sort": ["name", "key"], "track_total_hits": True},
    )
    with scripted(hits) as source:
        run = read_as(source, endpoint)
    assert keys(run) == list(range(5))
    assert run.of(Completed)[0].witness.declared == 5


def test_a_query_in_a_body_goes_on_by_a_variable_until_its_flag_is_false() -> None:
    """As in GraphQL: the last page has a token, too."""

    def graph(asked: Asked) -> Said:
        if asked.path == "/token":
            return Said(TOKEN)
        start = int(json.loads(asked.body)["variables"].get("after", 0))
        info = {"endCursor": str(start + 2), "hasNextPage": start + 2 < len(HELD)}
        return Said({"data": {"parts": {"nodes": HELD[start : start + 2], "pageInfo": info}}})

    info = "data.parts.pageInfo"
    endpoint = Endpoint(
        path="/graphql",
        pages=cursor(("variables", "after"), at=f"{info}.endCursor", more=f"{info}.hasNextPage"),
        rows="data.parts.nodes",
        search={"query": "query ($after: String) { parts(after: $after) }", "variables": {}},
    )
    with scripted(graph) as source:
        assert keys(read_as(source, endpoint)) == list(range(5))
        assert len(source.asked) == 4


def test_a_search_that_was_not_answered_is_sent_again() -> None:
    """`search` is the pilot's word that this POST only reads."""
    failures = [Said(status=503)]
    endpoint = Endpoint(path="/search", pages=STYLES["cursor"], rows="hits", search=SEARCH)
    with scripted(
        lambda a: failures.pop() if failures and a.body[:1] == b"{" else answers(a)
    ) as s:
        run = read_as(s, endpoint)
    assert keys(run) == list(range(5))
    assert len(run.of(Retried)) == 1


def test_the_same_search_again_is_noticed_before_it_is_sent() -> None:
    def same(asked: Asked) -> Said:
        return Said(TOKEN) if asked.path == "/token" else Said({"hits": HELD, "after": 9})

    endpoint = Endpoint(path="/search", pages=cursor("after", at="after"), rows="hits", search={})
    with scripted(same) as source:
        with pytest.raises(SourceChanged):
            read_as(source, endpoint)
        assert len(source.asked) == 3


@pytest.mark.parametrize("key", [{"header": "X-Key"}, {"parameter": "key"}])
def test_a_stranger_sends_the_same_search(key: dict[str, str]) -> None:
    """A GET there would be refused for another reason."""

    def guarded(asked: Asked) -> Said:
        right = asked.headers.get("x-key") == "k" or asked.path == "/search?key=k"
        is_search = asked.method == "POST" and json.loads(asked.body) == SEARCH
        return Said(status=401 if is_search and not right else 405)

    endpoint = Endpoint(path="/search", pages=STYLES["cursor"], rows="hits", search=SEARCH)
    auth = ApiKey(key=Secret("env:K", "k"), **key)
    with scripted(guarded) as source:
        rest = source.rest(endpoints={"parts": endpoint}, auth=auth, stranger_allowed=True)
        probes = rest.probe(emit=lambda _: None)
        with pytest.raises(SourceChanged, match="answered 405"):
            read_as(source, endpoint, auth=auth)
        wrong = ApiKey(key=Secret("env:K", "wrong"), **key)
        with pytest.raises(AccessDenied):
            read_as(source, endpoint, auth=wrong)
    assert [(probe.refused, probe.status) for probe in probes] == [(True, "401")] * 2


def test_each_search_gets_one_stranger_and_the_same_one_no_second() -> None:
    first, other = SEARCH, {**SEARCH, "query": {}}
    endpoints = {
        name: Endpoint(path="/search", pages=STYLES["cursor"], rows="hits", search=search)
        for name, search in {"first": first, "same": first, "other": other}.items()
    }
    auth = ApiKey(key=Secret("env:K", "k"), header="X-Key")
    with scripted(lambda _: Said(status=401)) as source:
        rest = source.rest(endpoints=endpoints, auth=auth, stranger_allowed=True)
        assert len(rest.probe(emit=lambda _: None)) == 4
        assert [json.loads(asked.body) for asked in source.asked] == [first, other] * 2


def test_parameters_and_headers_of_an_endpoint_go_with_every_page() -> None:
    asked: list[Asked] = []

    def pages(request: Asked) -> Said:
        if request.path == "/token":
            return Said(TOKEN)
        asked.append(request)
        return Said({"rows": HELD[3 * len(asked) - 3 : 3 * len(asked)]})

    endpoint = Endpoint(
        path="/1?a=1",
        parameters={"b": 2, "c": "x y"},
        headers={"X-Tenant": "acme"},
        pages=page_number(),
        rows="rows",
    )
    with scripted(pages) as source:
        read_as(source, endpoint)
    paths = [f"/1?a=1&b=2&c=x%20y&page={n}" for n in (1, 2, 3)]
    assert [request.path for request in asked] == paths
    assert {request.headers["x-tenant"] for request in asked} == {"acme"}


@pytest.mark.parametrize("name", ["Authorization", "cookie", "Proxy-Authorization"])
def test_an_endpoint_shows_nobody(name: str) -> None:
    with pytest.raises(ValueError, match="name a log-in in auth"):
        Endpoint(path="/1", pages=link_header(), rows="rows", headers={name: "x"})


@pytest.mark.parametrize("search", [{"at": object()}, {"n": float("nan")}])
def test_a_search_is_json(search: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="holds what JSON cannot write"):
        Endpoint(path="/1", pages=link_header(), rows="rows", search=search)


def test_a_header_that_cannot_be_sent_is_one_clear_line_without_it() -> None:
    for value in ("canary\nx-evil: 1", "canary\u00fc"):
        endpoint = Endpoint(
            path="/1", pages=link_header(), rows="rows", headers={"X-Tenant": value}
        )
        with scripted(answers) as source:
            with pytest.raises(SourceChanged, match="/1: no request can hold its add") as changed:
                read_as(source, endpoint)
            assert len(source.asked) == 1
        assert "canary" not in "".join(traceback.format_exception(changed.value))
