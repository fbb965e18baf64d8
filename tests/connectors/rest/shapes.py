"""Twelve APIs that everybody knows, each as its documentation has its pages and totals, and what a
user writes to read it. Seven rows each, three a page.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.connectors.scripted import Asked, Said

ROWS, SIZE = 7, 3
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Call:
    """A request to one of them."""

    url: str
    """Of the server."""
    path: str
    query: Mapping[str, str]
    body: Any

    def number(self, name: str) -> int:
        return int(self.query.get(name, 0))


Answer = Callable[[Call], Said]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    imports: str
    """From `seatrial.rest`."""
    endpoint: str
    """What a user writes of its pages."""
    auth: str
    shows: str
    """The header that shows who we are, as it stands in a request."""
    answers: Answer
    total: bool = True
    """Whether the API says how many rows there are."""


def call(asked: Asked, url: str) -> Call:
    parts = urlsplit(asked.path)
    body = json.loads(asked.body) if asked.body else None
    return Call(url, parts.path, dict(parse_qsl(parts.query)), body)


def rows(start: int, make: Callable[[int], dict[str, Any]]) -> list[dict[str, Any]]:
    return [make(n) for n in range(start + 1, min(start + SIZE, ROWS) + 1)]


def named(n: int) -> dict[str, Any]:
    return {"id": n, "name": f"row {n}"}


def linked(asked: Call, document: object, link: str | None, **headers: str) -> Said:
    """A document with the address of the next page in a header."""
    after = {"Link": f'<{asked.url}{link}>; rel="next"'} if link else {}
    return Said(document, headers={"content-type": JSON, **after, **headers})


def following(start: int) -> int | None:
    return start + SIZE if start + SIZE < ROWS else None


def github(asked: Call) -> Said:
    page = int(asked.query.get("page", 1))
    start = SIZE * (page - 1)
    more = following(start)
    link = more and f"{asked.path}?per_page={SIZE}&page={page + 1}"
    return linked(asked, rows(start, named), link or None)


def stripe(asked: Call) -> Said:
    start = asked.number("starting_after")
    data = rows(start, named)
    return Said({"object": "list", "data": data, "has_more": following(start) is not None})


def salesforce(asked: Call) -> Said:
    start = int(asked.path.rpartition("-")[2]) if "-" in asked.path else 0
    more = following(start)
    kind = {"type": "Account"}
    records = rows(start, lambda n: {"attributes": kind, **named(n)})
    document = {"totalSize": ROWS, "done": more is None, "records": records}
    after = {"nextRecordsUrl": f"/services/data/v62.0/query/01g-{more}"} if more else {}
    return Said({**document, **after})


def sap(asked: Call) -> Said:
    start = asked.number("$skiptoken")
    more = following(start)
    results = rows(start, lambda n: {"__metadata": {"type": "Part"}, **named(n)})
    after = {"__next": f"{asked.url}{asked.path}?$inlinecount=allpages&$skiptoken={more}"}
    return Said({"d": {"results": results, "__count": str(ROWS), **(after if more else {})}})


def graph(asked: Call) -> Said:
    start = asked.number("$skiptoken")
    more = following(start)
    document = {"@odata.count": ROWS, "value": rows(start, named)}
    after = {"@odata.nextLink": f"{asked.url}{asked.path}?$count=true&$skiptoken={more}"}
    headers = {"content-type": f"{JSON};odata.metadata=minimal;charset=utf-8"}
    return Said({**document, **(after if more else {})}, headers=headers)


def jira(asked: Call) -> Said:
    start = asked.number("startAt")
    issues = rows(start, lambda n: {"id": n, "fields": {"name": f"row {n}", "size": 1.50}})
    return Said({"startAt": start, "maxResults": SIZE, "total": ROWS, "issues": issues})


def shopify(asked: Call) -> Said:
    if asked.path.endswith("/count.json"):
        return Said({"count": ROWS})
    start = asked.number("page_info")
    more = following(start)
    link = f"{asked.path}?limit={SIZE}&page_info={more}" if more else None
    return linked(asked, {"products": rows(start, named)}, link)


def hubspot(asked: Call) -> Said:
    start = asked.number("after")
    more = following(start)
    results = rows(start, lambda n: {"id": n, "properties": {"name": f"row {n}"}})
    after = {"paging": {"next": {"after": str(more), "link": asked.url}}} if more else {}
    return Said({"results": results, **after})


def servicenow(asked: Call) -> Said:
    start = asked.number("sysparm_offset")
    more = following(start)
    link = f"{asked.path}?sysparm_limit={SIZE}&sysparm_offset={more}" if more else None
    return linked(asked, {"result": rows(start, named)}, link, **{"X-Total-Count": str(ROWS)})


def fhir(asked: Call) -> Said:
    start = asked.number("_getpagesoffset")
    more = following(start)
    links = [{"relation": "self", "url": asked.url}]
    if more:
        links.append({"relation": "next", "url": f"{asked.url}/fhir?_getpagesoffset={more}"})
    entry = rows(start, lambda n: {"fullUrl": f"urn:{n}", "resource": named(n)})
    bundle = {"resourceType": "Bundle", "total": ROWS, "link": links, "entry": entry}
    return Said(bundle, headers={"content-type": "application/fhir+json;charset=utf-8"})


def ogc(asked: Call) -> Said:
    start = asked.number("offset")
    more = following(start)
    links = [{"rel": "self", "href": asked.url}]
    if more:
        links.append({"rel": "next", "href": f"{asked.url}{asked.path}?offset={more}"})
    features = rows(start, lambda n: {"id": n, "properties": {"name": f"row {n}"}})
    document = {"numberMatched": ROWS, "links": links, "features": features}
    return Said(document, headers={"content-type": "application/geo+json"})


def elasticsearch(asked: Call) -> Said:
    start = asked.body.get("search_after", [0])[0]
    hits = rows(start, lambda n: {"_id": str(n), "_source": named(n), "sort": [n]})
    total = {"value": ROWS, "relation": "eq"}
    shards = {"total": 1, "successful": 1, "skipped": 0, "failed": 0}
    found = {"total": total, "hits": hits}
    return Said({"timed_out": False, "_shards": shards, "hits": found})
