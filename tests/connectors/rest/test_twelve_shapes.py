"""Twelve APIs of every day, each read whole by what a user writes in twelve lines or fewer."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pytest

from connectors.events import Completed, WitnessKind
from connectors.rest.connector import Rest
from connectors.secrets import Secret
from tests.connectors.rest import shapes
from tests.connectors.rest.shapes import ROWS, Shape, call
from tests.connectors.scripted import Asked, Said, scripted
from tests.connectors.servers.proven import Written
from tests.connectors.vendor_fixture import read
from tests.docs import REPOSITORY

KEY = "canary-of-a-shape"
BASIC = "authorization: Basic " + base64.b64encode(f"reader:{KEY}".encode()).decode()
BEARER = f"authorization: Bearer {KEY}"
AS_BEARER, AS_BASIC = (
    'Bearer(token=at.secret("key"))',
    'Basic(user="reader", password=at.secret("key"))',
)
SCHEMA = pa.schema([("id", pa.int64()), ("name", pa.string())])
PILOT = """
from seatrial import Address, Pilot, Source
from seatrial.rest import {imports}, Endpoint, RateLimiter, Rest
{endpoint}
def system(at: Address) -> Rest:
    return Rest(base_url=at.text("url"), endpoints={{"rows": ROWS}},
                auth={auth},
                budget=RateLimiter(requests=100, seconds=1))
PILOT = Pilot(name="acme", sources=(Source(name="system", connect=system, contracts=(CONTRACT,)),))
"""
SHAPES = {
    "GitHub": Shape(
        imports="ROOT, Bearer, link_header",
        endpoint='ROWS = Endpoint(path="/orgs/acme/repos", pages=link_header(), rows=ROOT)',
        auth=AS_BEARER,
        shows=BEARER,
        answers=shapes.github,
        total=False,
    ),
    "Stripe": Shape(
        imports="Basic, by_key",
        endpoint="""PAGES = by_key("starting_after", "id", more="has_more")
ROWS = Endpoint(path="/v1/charges?limit=3", pages=PAGES, rows="data")""",
        auth=AS_BASIC,
        shows=BASIC,
        answers=shapes.stripe,
        total=False,
    ),
    "Salesforce": Shape(
        imports="Bearer, next_url, optional, read_twice",
        endpoint="""AT = "/services/data/v62.0/query?q=SELECT+id,name+FROM+Account+ORDER+BY+id"
ROWS = Endpoint(path=AT, pages=next_url(optional("nextRecordsUrl")), rows="records",
                total="totalSize", unmoved=read_twice("id"), json_text=("attributes",))""",
        auth=AS_BEARER,
        shows=BEARER,
        answers=shapes.salesforce,
    ),
    "SAP": Shape(
        imports="Basic, next_url, optional, read_twice",
        endpoint="""AT = "/sap/opu/odata/sap/API_PART/Parts?$inlinecount=allpages"
ROWS = Endpoint(path=AT, pages=next_url(optional("d.__next")), rows="d.results",
                total="d.__count", unmoved=read_twice("id"), json_text=("__metadata",))""",
        auth=AS_BASIC,
        shows=BASIC,
        answers=shapes.sap,
    ),
    "Graph": Shape(
        imports="Bearer, next_url, optional, read_twice",
        endpoint="""PAGES = next_url(optional(("@odata.nextLink",)))
ROWS = Endpoint(path="/v1.0/users?$count=true&$top=3", pages=PAGES, rows="value",
                total=("@odata.count",), unmoved=read_twice("id"))""",
        auth=AS_BEARER,
        shows=BEARER,
        answers=shapes.graph,
    ),
    "Jira": Shape(
        imports="Basic, offset, read_twice",
        endpoint="""ROWS = Endpoint(path="/rest/api/2/search?jql=order+by+id&maxResults=3",
                pages=offset("startAt"), rows="issues", total="total", unmoved=read_twice("id"),
                columns={"name": "fields.name"}, json_text=("fields",))""",
        auth=AS_BASIC,
        shows=BASIC,
        answers=shapes.jira,
    ),
    "Shopify": Shape(
        imports="ApiKey, counted_at, link_header, read_twice",
        endpoint="""AT = "/admin/api/2026-10/products"
ROWS = Endpoint(path=f"{AT}.json?limit=3", pages=link_header(), rows="products",
                total=counted_at(f"{AT}/count.json", "count"), unmoved=read_twice("id"))""",
        auth='ApiKey(key=at.secret("key"), header="X-Shopify-Access-Token")',
        shows=f"x-shopify-access-token: {KEY}",
        answers=shapes.shopify,
    ),
    "HubSpot": Shape(
        imports="Bearer, cursor, optional",
        endpoint="""PAGES = cursor("after", at=optional("paging.next.after"))
ROWS = Endpoint(path="/crm/v3/objects/contacts?limit=3", pages=PAGES, rows="results",
                columns={"name": "properties.name"}, json_text=("properties",))""",
        auth=AS_BEARER,
        shows=BEARER,
        answers=shapes.hubspot,
        total=False,
    ),
    "ServiceNow": Shape(
        imports="Basic, Header, link_header, read_twice",
        endpoint="""AT = "/api/now/table/incident?sysparm_limit=3"
ROWS = Endpoint(path=AT, pages=link_header(), rows="result",
                total=Header("X-Total-Count"), unmoved=read_twice("id"))""",
        auth=AS_BASIC,
        shows=BASIC,
        answers=shapes.servicenow,
    ),
    "FHIR": Shape(
        imports="Bearer, link_list, read_twice",
        endpoint="""COLUMNS = {"id": "resource.id", "name": "resource.name"}
ROWS = Endpoint(path="/fhir/Patient?_count=3", pages=link_list("link"), rows="entry",
                total="total", unmoved=read_twice("id"),
                columns=COLUMNS, json_text=("resource",))""",
        auth=AS_BEARER,
        shows=BEARER,
        answers=shapes.fhir,
    ),
    "OGC": Shape(
        imports="ApiKey, link_list, read_twice",
        endpoint="""AT = "/collections/parts/items?limit=3"
ROWS = Endpoint(path=AT, pages=link_list("links"),
                rows="features", total="numberMatched", unmoved=read_twice("id"),
                columns={"name": "properties.name"}, json_text=("properties",))""",
        auth='ApiKey(key=at.secret("key"), header="X-Api-Key")',
        shows=f"x-api-key: {KEY}",
        answers=shapes.ogc,
    ),
    "Elasticsearch": Shape(
        imports="Basic, cursor, immutable_key, optional",
        endpoint="""SEARCH = {"size": 3, "sort": ["id"], "track_total_hits": True}
PAGES = cursor("search_after", at=optional(("hits", "hits", -1, "sort")))
ROWS = Endpoint(path="/parts/_search", search=SEARCH, pages=PAGES, rows="hits.hits",
                total="hits.total.value", unmoved=immutable_key("id"),
                columns={"id": "_source.id", "name": "_source.name"}, json_text=("_source",))""",
        auth=AS_BASIC,
        shows=BASIC,
        answers=shapes.elasticsearch,
    ),
}


@dataclass(frozen=True, slots=True)
class At:
    """The settings of the source."""

    url: str

    def text(self, _: str) -> str:
        return self.url

    def secret(self, _: str) -> Secret:
        return Secret("env:KEY", KEY)


def written(shape: Shape) -> Written:
    pilot = PILOT.format(imports=shape.imports, endpoint=shape.endpoint, auth=shape.auth)
    return Written(pilot=pilot, columns="", key="id")


@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_of_every_day_is_read_whole_in_twelve_lines(name: str) -> None:
    """Proven where the API says how many rows there are; and we show who we are as it wants it."""
    shape = SHAPES[name]
    module: dict[str, Any] = {}
    exec(written(shape).pilot.rpartition("PILOT =")[0], module)
    header, _, shown = shape.shows.partition(": ")

    def answers(asked: Asked) -> Said:
        if asked.headers.get(header) != shown:
            return Said(status=401)
        return shape.answers(call(asked, source.url))

    with scripted(answers) as source:
        rest: Rest = module["system"](At(source.url))
        run = read(rest, "rows", SCHEMA)
    assert run.table is not None
    assert run.table.select(SCHEMA.names).to_pylist() == [shapes.named(n + 1) for n in range(ROWS)]
    (completed,) = run.of(Completed)
    witness = completed.witness and completed.witness.kind
    assert (witness not in (None, WitnessKind.DECLARED_TOTAL)) is shape.total


def test_the_page_says_how_many_lines_each_takes() -> None:
    """`docs/rest.md` has the figures of this file."""
    page = (REPOSITORY / "docs" / "rest.md").read_text()
    figures = ", ".join(f"{name} {written(shape).lines}" for name, shape in SHAPES.items())
    assert f"{figures}." in " ".join(page.split()), figures
