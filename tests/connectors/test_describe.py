"""What sources say of their datasets, from real servers; and log-ins that ask for nothing."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import asyncssh
import pyarrow as pa
import pytest

from connectors.capabilities import Described, Describes, LogsIn
from connectors.errors import AccessDenied, SourceChanged, SourceUnavailable
from connectors.events import Answered, Authenticated, Completed, Declared, Delivered, Event
from connectors.secrets import Secret
from connectors.sql.connector import Sql
from estate.process import free_port
from tests.conformance import read
from tests.connectors.crm_fixture import Database, database
from tests.connectors.drop_fixture import Drop, drop
from tests.connectors.vendor_fixture import PARTS, Shop, plenty, shop

INSTANT = pa.timestamp("us", "UTC")


@pytest.fixture(scope="module")
def crm() -> Iterator[Database]:
    with database() as running:
        running.execute(
            "create domain cents as int8",
            "create type mood as enum ('glad', 'sad')",
            "create table every (small int2, line int4, id int8, price numeric(12,2), "
            "free numeric, whole numeric(5), back numeric(3,-2), ratio float4, exact float8, "
            "yes bool, day date, at timestamptz, local timestamp, hour time, code char(10), "
            "name varchar(40), note text, raw bytea, who uuid, doc jsonb, feel mood, many int4[], "
            "cost cents, cash money, primary key (id, line))",
            "create view seen as select id, name from every",
            'create schema "Old Sales"; create table "Old Sales"."Order Lines" ("Key" int4)',
            'grant usage on schema "Old Sales" to reader',
            "create table counted as select generate_series(1, 5000) n",
            "analyze counted",
        )
        yield running


@pytest.fixture(scope="module")
def logistics() -> Iterator[Drop]:
    with drop() as running:
        running.clear()
        yield running


@pytest.fixture(scope="module")
def vendor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with shop(tmp_path_factory.mktemp("v"), requests=10_000, seconds=1) as running:
        yield running


def described(connector: Describes, events: list[Event], dataset: str = "it") -> Described:
    return connector.describe(dataset, emit=events.append)


def types(found: Described) -> dict[str, pa.DataType]:
    return {column.name: column.lands_as for column in found.columns}


def test_a_database_tells_types_key_and_what_may_be_missing(crm: Database) -> None:
    found = described(crm.sql("every"), [])
    assert types(found) == {
        "small": pa.int16(),
        "line": pa.int32(),
        "id": pa.int64(),
        "price": pa.decimal128(12, 2),
        "whole": pa.decimal128(5, 0),
        "free": pa.decimal128(38, 9),
        "back": pa.decimal128(5, 0),
        "ratio": pa.float32(),
        "exact": pa.float64(),
        "yes": pa.bool_(),
        "raw": pa.binary(),
        "day": pa.date32(),
        "at": INSTANT,
        "local": pa.timestamp("us"),
        "cost": pa.int64(),
        **dict.fromkeys(("hour", "code", "name", "note", "who", "doc"), pa.string()),
        **dict.fromkeys(("feel", "many", "cash"), pa.string()),
    }
    assert set(found.key) == {"id", "line"}
    assert {c.name for c in found.columns if not c.nullable} == {"id", "line"}
    assert {c.type for c in found.columns if c.name in ("price", "at")} == {
        "numeric(12,2)",
        "timestamp with time zone",
    }
    assert found.sampled_rows is None


def test_a_table_never_analysed_has_no_estimate_and_a_counted_one_has(crm: Database) -> None:
    assert described(crm.sql("every"), []).estimated_rows is None
    assert described(crm.sql("counted"), []).estimated_rows == 5000


def test_a_reading_is_told_the_whole_table_also_what_nobody_asked_for(crm: Database) -> None:
    schema = pa.schema([("id", pa.int64()), ("cost", pa.int64())])
    (declared,) = read(crm.sql("every"), "it", schema).of(Declared)
    assert declared.by == "catalogue"
    assert set(declared.key) == {"id", "line"}
    told = {column.name: (column.type, column.nullable) for column in declared.columns}
    assert told["id"] == ("bigint", False)
    assert told["name"] == ("varchar(40)", True)
    assert told["cost"] == ("cents (bigint)", True)
    assert told["feel"] == ("mood (glad, sad)", True)
    assert told["at"][0] == "timestamp with time zone"


def test_a_view_has_no_key_and_odd_names_are_quoted(crm: Database) -> None:
    assert described(crm.sql("seen"), []).key == ()
    odd = described(crm.sql("Old Sales.Order Lines"), [])
    assert types(odd) == {"Key": pa.int32()}


def test_no_row_is_asked_for_where_the_catalogue_tells_all(crm: Database) -> None:
    events: list[Event] = []
    described(crm.sql("public.counted"), events)
    asked = [event.what for event in events if isinstance(event, Answered)]
    assert asked == [
        "SET LOCAL …",
        "catalogue: schema of public.counted",
        "catalogue of public.counted",
        "catalogue: types of public.counted",
        "catalogue: constraints of public.counted",
        "catalogue: rights on public.counted",
        "whether public.counted has a row",
    ]


def test_columns_whose_type_leaves_something_open_are_read_once(crm: Database) -> None:
    crm.execute("create table open (id int4 primary key, note text, raw bytea)")
    crm.execute("insert into open select n, 'a', '' from generate_series(1, 3000) n")
    events: list[Event] = []
    described(crm.sql("public.open"), events)
    asked = [event.what for event in events if isinstance(event, Answered)]
    assert asked[-1] == "SELECT note FROM public.open"
    assert not [event for event in events if isinstance(event, Completed)]


def test_a_table_that_is_not_there_is_named(crm: Database) -> None:
    with pytest.raises(SourceChanged, match="table gone: 42P01"):
        described(crm.sql("gone"), [])


def test_sqlite_tells_its_columns_too(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "shop") as connection:
        connection.execute("create table it (n integer primary key, price decimal(9,2), t text)")
    connection.close()
    shop = Sql(url=f"sqlite:///{tmp_path}/shop", password=None, tables={"it": "it"})
    found = described(shop, [])
    assert types(found) == {"n": pa.int64(), "price": pa.float64(), "t": pa.string()}
    assert found.key == ("n",)
    assert [column.nullable for column in found.columns] == [False, True, True]


def test_the_first_file_with_rows_tells_its_columns(logistics: Drop) -> None:
    logistics.clear()
    logistics.put(1, "customer,line,weight,at\n")
    logistics.put(2, "customer,line,weight,at\n007,1,1.50,2026-11-02T00:00:00Z\n007,2,,\n")
    logistics.put(3, "something,else\n1,2\n")
    found = described(logistics.sftp(), [])
    assert types(found) == {
        "customer": pa.string(),
        "line": pa.int64(),
        "weight": pa.decimal128(18, 2),
        "at": INSTANT,
    }
    assert found.key == ("customer", "line")
    assert [c.name for c in found.columns if c.nullable] == ["weight", "at"]
    assert (found.what, found.sampled_rows) == ("file shipments_20261102.csv", 2)


def open_files() -> set[str]:
    links = Path("/proc/self/fd").iterdir()
    return {str(link.readlink()) for link in links if link.is_symlink()}


def test_what_is_looked_at_has_no_name_on_our_disk(logistics: Drop) -> None:
    logistics.clear()
    logistics.put_rows(1, 10)
    held: set[str] = set()
    before = open_files()

    def emit(event: Event) -> None:
        if isinstance(event, Delivered):
            held.update(open_files() - before)

    logistics.sftp().describe("it", emit=emit)
    here = [name for name in held if name.startswith(tempfile.gettempdir())]
    assert here
    assert all(name.endswith("(deleted)") for name in here)


def test_a_header_alone_tells_names_and_nothing_else(logistics: Drop) -> None:
    logistics.clear()
    logistics.put(1, "")
    logistics.put(2, "customer,line\n")
    found = described(logistics.sftp(), [])
    assert types(found) == {"customer": pa.string(), "line": pa.string()}
    assert (found.key, found.sampled_rows) == ((), 0)


def test_no_file_is_nothing_to_describe(logistics: Drop) -> None:
    logistics.clear()
    with pytest.raises(SourceChanged, match=r"no file matches shipments_\S+: correct the glob"):
        described(logistics.sftp(), [])


def test_a_file_without_a_byte_is_not_taken_for_none(logistics: Drop) -> None:
    logistics.clear()
    logistics.put(1, "")
    logistics.put(2, "")
    said = r"no file that matches shipments_\S+ names its columns, as shipments_\S+ of 0 bytes"
    with pytest.raises(SourceChanged, match=said):
        described(logistics.sftp(), [])


def test_the_first_page_tells_its_columns_and_is_all_that_is_asked_for(vendor: Shop) -> None:
    events: list[Event] = []
    found = described(vendor.rest(plenty()), events, "parts")
    assert types(found) == {
        "part_key": pa.int64(),
        "name": pa.string(),
        "retail_price": pa.decimal128(18, 2),
        "size": pa.int64(),
    }
    assert (found.key, found.estimated_rows, found.sampled_rows) == (("part_key",), 1000, 50)
    pages = [e for e in events if isinstance(e, Answered) and e.what.startswith("GET")]
    assert len(pages) == 1


def test_a_page_without_rows_is_nothing_to_describe(vendor: Shop) -> None:
    empty = replace(PARTS, path=PARTS.path.replace("parts.json", "empty_one.json"))
    rest = vendor.rest(plenty(), endpoints={"parts": empty})
    with pytest.raises(SourceChanged, match="no rows with a field, nothing to describe"):
        described(rest, [], "parts")


def test_a_log_in_is_tried_and_nothing_else(crm: Database, logistics: Drop, vendor: Shop) -> None:
    connectors: tuple[LogsIn, ...] = (crm.sql(), logistics.sftp(), vendor.rest(plenty()))
    for connector in connectors:
        events: list[Event] = []
        connector.log_in(emit=events.append)
        assert [event for event in events if isinstance(event, Authenticated)]
        asked = {event.what.split()[0] for event in events if isinstance(event, Answered)}
        assert asked <= {"SET", "open", "list", "POST"}


def test_a_log_in_that_is_refused_says_so(
    crm: Database, logistics: Drop, vendor: Shop, tmp_path: Path
) -> None:
    key = tmp_path / "key"
    asyncssh.generate_private_key("ssh-ed25519").write_private_key(key)
    key.chmod(0o600)
    stranger = "stranger_0c2f"
    url = crm.environ["CRM_URL"].replace("reader@", f"{stranger}@")
    connectors: tuple[LogsIn, ...] = (
        crm.sql(url=url, password=Secret("env:X", "no")),
        logistics.sftp(user=stranger, key_file=key),
        vendor.rest(plenty(), auth=replace(vendor.auth("no"), client_id=stranger)),
    )
    for connector in connectors:
        with pytest.raises(AccessDenied):
            connector.log_in(emit=lambda _: None)


def test_a_server_that_is_down_does_not_answer(logistics: Drop, vendor: Shop) -> None:
    port = free_port()
    gone = vendor.rest(plenty(), base_url=f"https://127.0.0.1:{port}")
    connectors: tuple[LogsIn, ...] = (logistics.sftp(port=port), gone)
    for connector in connectors:
        with pytest.raises(SourceUnavailable):
            connector.log_in(emit=lambda _: None)
