"""Servers that others wrote, each read whole by what a user writes in twelve lines."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from harness.verdict import Outcome
from tests.connectors.servers import gateways, geo, kinto, node, tryton
from tests.connectors.servers.proven import Written, whole

HEAD = "from seatrial import Address, Pilot, Source\n"
TAIL = """
PILOT = Pilot(name="acme", sources=(Source(name="system", connect=system, contracts=(CONTRACT,)),))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    starts: Callable[[Path], AbstractContextManager[str]]
    key: str = ""
    """The credential that it knows; empty where anybody may read."""
    rows: int
    columns: str
    pilot: str


TRYTON = Server(
    starts=tryton.tryton,
    key=tryton.KEY,
    rows=tryton.PARTIES,
    columns='id="int64", __name__=str, name=str, code=str',
    pilot="""
from seatrial.rest import ROOT, Bearer, Endpoint, Header, RateLimiter, Rest, by_range, read_twice
AT, TOTAL = "/erp/rest/model/party.party?f=name&f=code", Header("Content-Range")
PAGES = by_range(50, unit="records", half_open=True)
ROWS = Endpoint(path=AT, pages=PAGES, rows=ROOT, total=TOTAL, unmoved=read_twice("id"))
def system(at: Address) -> Rest:
    return Rest(base_url=at.text("url"), auth=Bearer(token=at.secret("key")),
                endpoints={"rows": ROWS}, budget=RateLimiter(requests=50, seconds=1),
                stranger_allowed=True)
""",
)
KINTO = Server(
    starts=kinto.kinto,
    key=kinto.PASSWORD,
    rows=kinto.RECORDS,
    columns='id=str, last_modified="int64", name=str, price="int64"',
    pilot="""
from seatrial.rest import (Basic, Endpoint, Header, RateLimiter, Rest, counted_at, next_url,
                           one_snapshot, optional)
AT = "/v1/buckets/shop/collections/parts/records"
TOTAL, PAGES = counted_at(AT, Header("Total-Records"), head=True), optional(Header("Next-Page"))
ROWS = Endpoint(path=f"{AT}?_limit=20", pages=next_url(PAGES), rows="data", total=TOTAL,
                unmoved=one_snapshot(Header("ETag")))
def system(at: Address) -> Rest:
    return Rest(base_url=at.text("url"), auth=Basic(user="reader", password=at.secret("key")),
                endpoints={"rows": ROWS}, budget=RateLimiter(requests=50, seconds=1),
                stranger_allowed=True)
""",
)
GEO = Server(
    starts=geo.geo,
    rows=geo.STATIONS,
    columns='type=str, id="int64", geometry=str, properties=str, name=str, height="float64"',
    pilot="""
from seatrial.rest import Endpoint, NoAuth, RateLimiter, Rest, link_list, read_twice
ROWS = Endpoint(path="/collections/stations/items?f=json&limit=50", pages=link_list("links"),
                rows="features", total="numberMatched", unmoved=read_twice("id"),
                columns={"name": "properties.name", "height": "properties.height"},
                json_text=("geometry", "properties"))
def system(at: Address) -> Rest:
    return Rest(base_url=at.text("url"), auth=NoAuth(), endpoints={"rows": ROWS},
                budget=RateLimiter(requests=50, seconds=1))
""",
)
JSON_SERVER = Server(
    starts=node.json_server,
    rows=node.PARTS,
    columns='id="int64", name=str',
    pilot="""
from seatrial.rest import (ROOT, Endpoint, Header, NoAuth, RateLimiter, Rest, link_header,
                           read_twice)
ROWS = Endpoint(path="/parts?_page=1&_limit=50", pages=link_header(), rows=ROOT,
                total=Header("X-Total-Count"), unmoved=read_twice("id"))
def system(at: Address) -> Rest:
    return Rest(base_url=at.text("url"), auth=NoAuth(), endpoints={"rows": ROWS},
                budget=RateLimiter(requests=50, seconds=1))
""",
)
POUCHDB = Server(
    starts=node.pouchdb,
    rows=node.PARTS,
    columns="id=str, key=str, value=str, doc=str, name=str",
    pilot="""
from seatrial.rest import Endpoint, NoAuth, RateLimiter, Rest, offset, one_snapshot
ROWS = Endpoint(path="/parts/_all_docs?include_docs=true&update_seq=true&limit=50",
                pages=offset("skip"), rows="rows", total="total_rows",
                unmoved=one_snapshot("update_seq"), columns={"name": "doc.name"},
                json_text=("doc", "value"))
def system(at: Address) -> Rest:
    return Rest(base_url=at.text("url"), auth=NoAuth(), endpoints={"rows": ROWS},
                budget=RateLimiter(requests=50, seconds=1))
""",
)
DATASETTE = Server(
    starts=gateways.datasette,
    rows=gateways.PARTS,
    columns='id="int64", name=str',
    pilot="""
from seatrial.rest import Endpoint, NoAuth, RateLimiter, Rest, immutable_key, next_url
ROWS = Endpoint(path="/shop/parts.json?_shape=objects&_size=20", pages=next_url("next_url"),
                rows="rows", total="filtered_table_rows_count", unmoved=immutable_key("id"))
def system(at: Address) -> Rest:
    return Rest(base_url=at.text("url"), auth=NoAuth(), endpoints={"rows": ROWS},
                budget=RateLimiter(requests=50, seconds=1))
""",
)
SERVERS = {"tryton": TRYTON, "kinto": KINTO, "pygeoapi": GEO, "datasette": DATASETTE}
FROM_NPM = {"json-server": JSON_SERVER, "pouchdb": POUCHDB}


def read_whole(server: Server, folder: Path, url: str) -> None:
    written = Written(pilot=HEAD + server.pilot + TAIL, columns=server.columns, key="id")
    claims = ["complete", "conforms", *(["authenticated"] if server.key else [])]
    verdicts = written.prove(folder, url, server.key, *claims)
    whole(verdicts, server.rows)
    assert {one.outcome for one in verdicts.values()} == {Outcome.PROVEN}, verdicts


@pytest.mark.estate_full
@pytest.mark.parametrize("name", SERVERS)
def test_each_is_read_whole_in_twelve_lines(name: str, tmp_path: Path) -> None:
    with SERVERS[name].starts(tmp_path) as url:
        read_whole(SERVERS[name], tmp_path, url)


@pytest.mark.estate_full("npm")
@pytest.mark.parametrize("name", FROM_NPM)
def test_so_is_each_from_npm(name: str, tmp_path: Path) -> None:
    with FROM_NPM[name].starts(tmp_path) as url:
        read_whole(FROM_NPM[name], tmp_path, url)


@pytest.mark.estate_full("nginx")
@pytest.mark.parametrize("behind", [gateways.by_haproxy, gateways.by_nginx])
def test_within_its_budget_no_gateway_refuses_a_request(
    behind: Callable[[Path], AbstractContextManager[str]], tmp_path: Path
) -> None:
    """Datasette behind it is read whole in as many lines. The control has a budget that is none:
    it is refused, and reads it whole all the same.
    """
    budget = "requests=50, seconds=1"
    evenly = replace(DATASETTE, pilot=DATASETTE.pilot.replace(budget, "requests=1, seconds=0.3"))
    with behind(tmp_path) as url:
        read_whole(evenly, tmp_path, url)
        assert gateways.refused(tmp_path) == 0
        read_whole(DATASETTE, tmp_path, url)
        assert gateways.refused(tmp_path) > 0
