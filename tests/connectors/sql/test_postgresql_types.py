"""Every type of PostgreSQL: its value comes exactly in the promised type, or it is rescued.

The values look like the number 7 wherever a type allows it, and are none.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import psycopg
import pyarrow as pa
import pytest

from connectors.connector import RESCUED
from tests.conformance import read
from tests.connectors.crm_fixture import Database

TEXTS = {
    '"char"': "7",
    "character varying": "7",
    "citext": "7",
    "mood": "7",  # an enum
    "name": "7",
    "text": "7",
}
"""Text may be the plain notation of a number, as in a CSV file."""
OTHERS = {
    "aclitem": "reader=r/estate",
    "bit varying": "1",
    "bit(3)": "101",
    "bits": "101",  # a domain over bit
    "bitsofbits": "101",  # a domain over a domain
    "box": "(1,1),(0,0)",
    "character(3)": "7  ",
    "cid": "7",
    "cidr": "10.0.0.0/8",
    "circle": "<(1,2),3>",
    "datemultirange": "{[2026-11-20,2026-11-21)}",
    "daterange": "[2026-11-20,2026-11-21)",
    "hstore": '"a"=>"7"',
    "inet": "10.0.0.7/32",
    "int2vector": "7",
    "int4multirange": "{[7,8)}",
    "int4range": "[7,8)",
    "int8multirange": "{[7,8)}",
    "int8range": "[7,8)",
    "integer[]": "{7}",
    "interval": "7 days",
    "json": "7",
    "jsonb": "7",
    "jsonpath": "7",
    "line": "{1,2,3}",
    "lseg": "[(0,0),(1,1)]",
    "macaddr": "08:00:2b:01:02:03",
    "macaddr8": "08:00:2b:01:02:03:04:05",
    "money": "$7.00",
    "nummultirange": "{[7,8)}",
    "numrange": "[7,8)",
    "oidvector": "7",
    "pair": "(7,x)",  # a composite type
    "path": "[(0,0),(1,1)]",
    "pg_lsn": "0/7",
    "pg_snapshot": "7:7:",
    "point": "(1,2)",
    "polygon": "((0,0),(1,1))",
    "refcursor": "7",
    "regclass": "7",
    "regcollation": "7",
    "regconfig": "7",
    "regdictionary": "7",
    "regnamespace": "7",
    "regoper": "7",
    "regoperator": "7",
    "regproc": "7",
    "regprocedure": "7",
    "regrole": "7",
    "regtype": "7",
    "tid": "(0,7)",
    "time with time zone": "13:05:00.000001+05:30",
    "time without time zone": "24:00:00",
    "tsmultirange": "{}",
    "tsquery": "'7'",
    "tsrange": "empty",
    "tstzmultirange": "{}",
    "tstzrange": "empty",
    "tsvector": "'7'",
    "txid_snapshot": "7:7:",
    "uuid": "12345678-1234-1234-1234-123456789012",
    "xid": "7",
    "xid8": "7",
}
"""These are text, whatever they look like."""
AT = "2026-11-20 13:05:00.000001"
PLAIN = {
    "bigint": "7",
    "boolean": "true",
    "bytea": "\\x37",
    "date": "2026-11-20",
    "double precision": "0.1",
    "integer": "7",
    "numeric": "7",
    "oid": "4294967295",
    "real": "0.1",
    "small_real": "0.1",  # a domain over real
    "smallint": "7",
    "timestamp with time zone": f"{AT}Z",
    "timestamp without time zone": AT,
}
WRITTEN = TEXTS | OTHERS | PLAIN
INTERNAL = {
    *("gtsvector", "pg_brin_bloom_summary", "pg_brin_minmax_multi_summary", "pg_dependencies"),
    *("pg_mcv_list", "pg_ndistinct", "pg_node_tree"),
}
"""Types that take no value from outside."""
NOT_BUILT = {"xml"}
"""The tests' server is built without libxml."""

_SEVENS = {*TEXTS, "bigint", "integer", "numeric", "smallint"}
_HELD_IN_32_BITS = 0.10000000149011612
"""What 0.1 is as a real."""
LANDS: tuple[tuple[pa.DataType, dict[str, Any]], ...] = (
    (pa.int64(), {**dict.fromkeys(_SEVENS, 7), "oid": 4294967295}),
    (
        pa.decimal128(38, 9),
        {**dict.fromkeys(_SEVENS, Decimal(7)), "oid": Decimal(4294967295)},
    ),
    (
        pa.float64(),
        {
            **dict.fromkeys(_SEVENS, 7.0),
            "oid": 4294967295.0,
            "double precision": 0.1,
            "real": _HELD_IN_32_BITS,
            "small_real": _HELD_IN_32_BITS,
        },
    ),
    (
        pa.float32(),  # holds neither 0.1 nor 4294967295
        {
            **dict.fromkeys(_SEVENS, 7.0),
            "real": _HELD_IN_32_BITS,
            "small_real": _HELD_IN_32_BITS,
        },
    ),
    (pa.bool_(), {"boolean": True}),
    (pa.date32(), {"date": date(2026, 11, 20)}),
    (pa.timestamp("us"), {"timestamp without time zone": datetime.fromisoformat(AT)}),
    (
        pa.timestamp("us", "UTC"),
        {"timestamp with time zone": datetime.fromisoformat(AT).replace(tzinfo=UTC)},
    ),
    (pa.binary(), {"bytea": b"7"}),
    (pa.string(), {**TEXTS, **OTHERS, "oid": "4294967295"}),
)


def column(type_: str) -> str:
    return type_.replace('"', "'")


@pytest.fixture
def zoo(crm: Database) -> Database:
    columns = ", ".join(f'"{column(type_)}" {type_}' for type_ in WRITTEN)
    values = ", ".join("'" + text.replace("'", "''") + "'" for text in WRITTEN.values())
    crm.execute(
        "create type mood as enum ('7')",
        "create type pair as (a int, b text)",
        "create domain bits as bit(3)",
        "create domain bitsofbits as bits",
        "create domain small_real as real",
        "create extension hstore schema public",
        "create extension citext schema public",
        f"create table zoo ({columns})",
        f"insert into zoo values ({values})",
    )
    return crm


@pytest.mark.parametrize(("wanted", "landed"), LANDS, ids=[str(wanted) for wanted, _ in LANDS])
def test_each_value_comes_exactly_or_is_rescued(
    zoo: Database, wanted: pa.DataType, landed: dict[str, Any]
) -> None:
    schema = pa.schema([(column(type_), wanted) for type_ in WRITTEN])
    (row,) = read(zoo.sql("zoo"), "it", schema).table.to_pylist()
    rescued = json.loads(row.pop(RESCUED) or "{}")
    came = {name: value for name, value in row.items() if value is not None}
    assert came == {column(type_): value for type_, value in landed.items()}
    assert rescued.keys() == row.keys() - came.keys(), "no value is lost"
    for type_, text in OTHERS.items():
        assert rescued.get(column(type_), text) == text


def test_no_type_of_the_server_is_left_out(zoo: Database) -> None:
    query = """
        select oid::regtype::text from pg_type
        where typnamespace = 'pg_catalog'::regnamespace and typtype in ('b', 'r', 'm')
        and typcategory <> 'A' and typrelid = 0
    """
    with psycopg.connect(zoo.dsn) as owner:
        types = {type_ for (type_,) in owner.execute(query)}
    tried = {type_.partition("(")[0] for type_ in WRITTEN}
    assert types - tried == INTERNAL | NOT_BUILT


def test_what_has_no_end_and_what_is_no_number_is_rescued(zoo: Database) -> None:
    values = {
        "timestamptz": "infinity",
        "timestamp": "-infinity",
        "date": "infinity",
        "numeric": "NaN",
        "double precision": "NaN",
        "real": "-Infinity",
    }
    columns = ", ".join(f'"{type_}" {type_}' for type_ in values)
    written = ", ".join(f"'{text}'" for text in values.values())
    zoo.execute(f"create table odd ({columns})", f"insert into odd values ({written})")
    wanted = [
        *(pa.timestamp("us", "UTC"), pa.timestamp("us"), pa.date32()),
        *(pa.decimal128(38, 9), pa.float64(), pa.float32()),
    ]
    schema = pa.schema(list(zip(values, wanted, strict=True)))
    (row,) = read(zoo.sql("odd"), "it", schema).table.to_pylist()
    rescued = json.loads(row.pop(RESCUED))
    assert set(row.values()) == {None}
    assert {name: text.lower()[:4] for name, text in rescued.items()} == {
        name: text.lower()[:4] for name, text in values.items()
    }


def test_a_server_that_writes_fewer_digits_is_asked_for_all(zoo: Database) -> None:
    """The setting of a role or a database would round every double."""
    exact = 0.1 + 0.2
    zoo.execute(
        "alter role reader set extra_float_digits = -5",
        "alter role reader set intervalstyle = 'sql_standard'",
        "create table doubles (d double precision, i interval)",
        f"insert into doubles values ({exact!r}, '5 days')",
    )
    schema = pa.schema([("d", pa.float64()), ("i", pa.string())])
    try:
        (row,) = read(zoo.sql("doubles"), "it", schema).table.to_pylist()
    finally:
        zoo.execute("alter role reader reset all")
    assert row == {"d": exact, "i": "5 days", RESCUED: None}
