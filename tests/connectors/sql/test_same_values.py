"""COPY and the driver's own values say the same of every value, whatever is promised."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping

import psycopg
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conformance import read
from tests.connectors.crm_fixture import Database
from tests.connectors.sql.by_cursor import read_by_cursor

PROMISED = (
    *(pa.int16(), pa.int64(), pa.decimal128(12, 2), pa.decimal128(38, 10), pa.float32()),
    *(pa.float64(), pa.bool_(), pa.date32(), pa.timestamp("us"), pa.timestamp("us", "UTC")),
    *(pa.string(), pa.binary()),
)
ENDLESS = st.sampled_from(["infinity", "-infinity"])
FAR = st.sampled_from(["0044-03-15 BC", "10000-01-01", "0001-01-01", "9999-12-31"])
INTEGERS = {f"int{n}": st.integers(-(1 << 8 * n - 1), (1 << 8 * n - 1) - 1) for n in (2, 4, 8)}
ODD_TEXTS = st.sampled_from(
    [
        *("", "\\.", "\\N", "NULL", "\ufeff1", "\ufeff\ufeff", '"', '""', ",", "\n", "\r", "\r\n"),
        *("\t", " 7 ", "7", "1e3", "0x1F", "t", "true", "NaN", "2026-01-01", "\x1f\x7f"),
        *("\u2028", "\U0010ffff"),
    ]
)
TEXTS = st.one_of(
    ODD_TEXTS, st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
)
NUMBERS = st.one_of(
    st.sampled_from(["NaN", "Infinity", "-Infinity", "-0.00", "1e-30", "9" * 401, "1e131071"]),
    st.decimals(allow_nan=False, allow_infinity=False, places=3).map(str),
    st.from_regex(r"\A-?[0-9]{1,40}(\.[0-9]{1,12})?\Z"),
)
DATES = st.one_of(ENDLESS, FAR, st.just("5874897-12-31"), st.dates().map(str))
TIMES = st.one_of(
    ENDLESS,
    FAR,
    st.just("294276-12-31 23:59:59.999999"),
    st.datetimes().map(str),
    st.sampled_from(["2026-03-29 02:30:00", "2026-10-25 02:30:00.000001"]),
)
VALUES: Mapping[str, st.SearchStrategy[object]] = {
    **INTEGERS,
    "numeric": NUMBERS,
    "numeric(9,2)": st.integers(-999_999_999, 999_999_999).map(lambda n: f"{n / 100:.2f}"),
    "numeric(3,-2)": st.integers(-99_900, 99_900),
    "float4": st.one_of(st.floats(width=32), st.just(1e-45)).map(repr),
    "float8": st.one_of(st.floats(), st.sampled_from([5e-324, -0.0, 1e22])).map(repr),
    "text": TEXTS,
    "varchar(20)": TEXTS.map(lambda text: text[:20]),
    "char(4)": TEXTS.map(lambda text: text[:4]),
    "small_real": st.floats(width=32).map(repr),
    "mood": st.sampled_from(["7", "a,b", 'a"b', " "]),
    "bytea": st.binary(max_size=40).map(lambda data: f"\\x{data.hex()}"),
    "bool": st.booleans(),
    "date": DATES,
    "timestamp": TIMES,
    "timestamptz": TIMES,
    "time": st.one_of(st.just("24:00:00"), st.times().map(str)),
    "timetz": st.just("13:05:00.000001+05:30"),
    "interval": st.sampled_from(["infinity", "-1 year 2 days 03:04:05.678", "0", "7 days"]),
    "uuid": st.uuids().map(str),
    "json": st.sampled_from(['{"a": 1.10, "b": "x,\\"y\\""}', "7", "null", '"\\n"']),
    "jsonb": st.sampled_from(['{"a": 1.10}', "7", "null", "[1, 2]"]),
    "int4[]": st.sampled_from(["{}", "{7}", "{1,NULL,3}", "{{1,2},{3,4}}"]),
    "text[]": st.sampled_from(["{}", '{"a,b","c\\"d",NULL,""}']),
    "int4range": st.sampled_from(["empty", "[1,7)", "(,)"]),
    "bit(3)": st.just("101"),
    "money": st.sampled_from(["7", "-1234.56"]),
    "inet": st.sampled_from(["10.0.0.7", "10.0.0.0/8", "::1"]),
    "pair": st.sampled_from(['(7,"x,y")', "(,)", '(1,"")']),
    "hstore": st.just('"a"=>"7", "b"=>NULL'),
    "oid": st.integers(0, (1 << 32) - 1),
}
TYPES = tuple(VALUES)
ROW = st.fixed_dictionaries({type_: st.none() | value for type_, value in VALUES.items()})


@pytest.fixture(scope="module")
def zoo(server: Database) -> Iterator[Database]:
    columns = ", ".join(f'"{type_}" {type_}' for type_ in TYPES)
    server.execute(
        "drop schema if exists zoo cascade",
        "drop extension if exists hstore cascade",
        "create schema zoo",
        "create type zoo.mood as enum ('7', 'a,b', 'a\"b', ' ')",
        "create type zoo.pair as (a int, b text)",
        "create domain zoo.small_real as real",
        "create extension hstore schema zoo",
        f"set search_path = zoo; create table zoo ({columns})",
        "grant usage on schema zoo to reader",
        "grant select on zoo.zoo to reader",
    )
    yield server
    server.execute("drop schema zoo cascade")


@given(
    rows=st.lists(ROW, min_size=1, max_size=4),
    wanted=st.dictionaries(st.sampled_from(TYPES), st.sampled_from(PROMISED), min_size=1),
)
@settings(max_examples=120, deadline=None)
def test_each_value_is_the_driver_s(
    zoo: Database, rows: list[dict[str, object]], wanted: dict[str, pa.DataType]
) -> None:
    _fill(zoo, rows)
    schema = pa.schema(list(wanted.items()))
    read_now = read(zoo.sql("zoo.zoo"), "it", schema).table
    before = pa.Table.from_batches([read_by_cursor(zoo, "zoo.zoo", schema)])
    assert read_now.schema == before.schema
    assert repr(read_now.to_pylist()) == repr(before.to_pylist()), "signs of zero, too"


def test_doubles_are_the_same_bits(zoo: Database) -> None:
    """Of which a tenth are small."""
    zoo.execute(
        "create table zoo.doubles as select (n * 1.1e-308 * random())::float8 as d "
        "from generate_series(1, 10000) n union all "
        "select (random() - 0.5) * 10 ^ (random() * 600 - 300)::int "
        "from generate_series(1, 90000)",
        "grant select on zoo.doubles to reader",
    )
    schema = pa.schema([("d", pa.float64())])
    ours = read(zoo.sql("zoo.doubles"), "it", schema).table["d"].to_pylist()
    with psycopg.connect(zoo.dsn) as owner:
        theirs = owner.cursor(binary=True).execute("select d from zoo.doubles").fetchall()
    assert [struct.pack("d", d) for d in ours] == [struct.pack("d", d) for (d,) in theirs]


def _fill(zoo: Database, rows: list[dict[str, object]]) -> None:
    marks = ", ".join("%s::text::" + type_ for type_ in TYPES)
    with psycopg.connect(zoo.dsn, autocommit=True) as owner:
        owner.execute(b"set search_path = zoo; truncate zoo")
        for row in rows:
            owner.execute(
                f"insert into zoo values ({marks})".encode(),
                [None if row[type_] is None else str(row[type_]) for type_ in TYPES],
            )
