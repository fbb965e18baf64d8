"""A table of PostgreSQL keeps the contract that was drafted from it, whatever its types and rows.

The draft's descriptions are filled in and nothing else. A column whose values no type holds has
none in the draft, so that its contract is refused, and never broken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql

from connectors.sql import describe
from tests.connectors.crm_fixture import Database, database
from tests.harness.drafted import hold

SETTINGS = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=5)
PLAIN = st.text("abc Ä'\"\\%", max_size=5)
DAYS = st.dates().map(str)
TIMES = st.datetimes().map(str)
DOUBLES = st.floats(allow_nan=False, allow_infinity=False).map(repr)
SINGLES = st.floats(width=32, allow_nan=False, allow_infinity=False).map(repr)
NUMBERS = st.decimals(-(10**12), 10**12, allow_nan=False, places=16).map(str)
ODD = ["NaN", "Infinity", "-Infinity"]


def whole(bits: int) -> st.SearchStrategy[str]:
    return st.integers(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1).map(str)


HOLDABLE: dict[str, st.SearchStrategy[str]] = {
    "smallint": whole(16),
    "integer": whole(32),
    "bigint": whole(64),
    "numeric": NUMBERS,
    "numeric(12,2)": st.decimals(-(10**9), 10**9, places=2).map(str),
    "numeric(38,38)": st.just("0." + "1" * 38) | st.just("-0.5"),
    "numeric(5)": st.integers(-99_999, 99_999).map(str),
    "numeric(3,-2)": st.integers(-99_000, 99_000).map(str),
    "numeric(3,5)": st.decimals("-0.009", "0.009", places=5).map(str),
    "numeric(50,10)": NUMBERS,
    "real": SINGLES,
    "double precision": DOUBLES,
    "money": st.decimals(-(10**9), 10**9, places=2).map(str),
    "boolean": st.sampled_from(["true", "false"]),
    "date": DAYS,
    "time": st.times().map(str),
    "time with time zone": st.times().map("{}+02".format),
    "timestamp": TIMES,
    "timestamp(0)": TIMES,
    "timestamp with time zone": TIMES,
    "interval": st.integers(-(10**6), 10**6).map("{} seconds".format),
    "text": TEXT,
    "varchar": TEXT,
    "varchar(5)": TEXT,
    "char(5)": TEXT,
    '"char"': st.sampled_from("aB"),
    "name": PLAIN,
    "mood": st.sampled_from(["glad", "sad 'n' \"so\"", "wéird\\"]),
    "bytea": st.binary(max_size=4).map(lambda data: f"\\x{data.hex()}"),
    "uuid": st.uuids().map(str),
    "json": st.sampled_from(['{"a": 1}', "[1,\t2]", "null"]),
    "jsonb": st.sampled_from(['{"a": 1}', '"\\u0001"']),
    "bit(3)": st.sampled_from(["101", "000"]),
    "inet": st.ip_addresses().map(str),
    "integer[]": st.sampled_from(["{}", "{1,NULL}", "{{1,2},{3,4}}"]),
    "text[]": st.sampled_from(["{}", '{"a\x01b"}']),
    "oid": st.integers(0, 2**32 - 1).map(str),
    "int4range": st.sampled_from(["[1,5)", "empty"]),
    "point": st.sampled_from(["(1,2)", "(NaN,0)"]),
    "pair": st.sampled_from(["(7,x)", "(,)"]),
    "tsvector": PLAIN.map(lambda text: text.replace("'", "").replace("\\", "")),
    "cents": whole(32),
    "share": st.sampled_from(["0", "0.5", "1"]),
    "code": st.sampled_from(["AB", "ABC"]),
}
"""Values of which each has a type in a contract."""
ANY: dict[str, st.SearchStrategy[str]] = HOLDABLE | {
    "numeric": NUMBERS | st.sampled_from([*ODD, "1e-30", "-1e37", "1e40", "1e30"]),
    "numeric(12,2)": HOLDABLE["numeric(12,2)"] | st.just("NaN"),
    "numeric(50,10)": NUMBERS | st.sampled_from(["9" * 40, "NaN"]),
    "real": SINGLES | st.sampled_from(ODD),
    "double precision": DOUBLES | st.sampled_from(ODD),
    "date": DAYS | st.sampled_from(["infinity", "-infinity", "0044-03-15 BC", "12026-01-01"]),
    "timestamp": TIMES | st.sampled_from(["infinity", "0044-03-15 BC", "292026-01-01"]),
    "timestamp with time zone": TIMES | st.sampled_from(["-infinity", "12026-01-01"]),
}
MADE = (
    "create type mood as enum ('glad', 'sad ''n'' \"so\"', 'wéird\\')",
    "create type pair as (n integer, t text)",
    "create domain cents as bigint",
    "create domain share as numeric(3,2) check (value >= 0 and value <= 1)",
    "create domain short as varchar(3) check (value <> '')",
    "create domain code as short check (length(value) > 1)",
)


@pytest.fixture(scope="module")
def crm() -> Iterator[Database]:
    with database() as running:
        running.execute(*MADE)
        yield running


Columns = Sequence[tuple[str, Sequence[str | None]]]


def tables(values: dict[str, st.SearchStrategy[str]]) -> st.SearchStrategy[Columns]:
    """Some columns, each with its type and its values."""

    def columns(rows: int) -> st.SearchStrategy[Columns]:
        one = st.sampled_from(sorted(values)).flatmap(
            lambda type_: st.tuples(
                st.just(type_),
                st.lists(st.none() | values[type_], min_size=rows, max_size=rows),
            )
        )
        return st.lists(one, min_size=1, max_size=4)

    return st.integers(0, 6).flatmap(columns)


def make(crm: Database, columns: Columns) -> None:
    """The table `it` with a key, and with NOT NULL wherever no value is missing."""
    declared = [
        f"c{n} {type_}{'' if None in values else ' not null'}"
        for n, (type_, values) in enumerate(columns)
    ]
    with psycopg.connect(crm.dsn) as connection:
        connection.execute("drop table if exists it")
        connection.execute(
            f"create table it (id integer primary key, {', '.join(declared)})".encode()
        )
        insert = sql.SQL("insert into it values (%s, {})").format(
            sql.SQL(", ").join(
                sql.SQL("cast(cast(%s as text) as {})").format(sql.SQL(type_))  # type: ignore[arg-type]
                for type_, _ in columns
            )
        )
        for n, row in enumerate(zip(*(values for _, values in columns), strict=True)):
            connection.execute(insert, (n, *row))
        connection.execute("grant select on it to reader")


def test_no_table_breaks_the_contract_that_was_drafted_from_it(crm: Database) -> None:
    @SETTINGS
    @given(tables(ANY))
    def holds(columns: Columns) -> None:
        make(crm, columns)
        held = hold(crm.sql("it"))
        assert held.failed == ()
        assert held.refused is None or "no type: give " in held.refused

    holds()


def test_a_table_whose_values_have_a_type_is_drafted_whole(crm: Database) -> None:
    """No draft keeps its law by being refused."""

    @SETTINGS
    @given(tables(HOLDABLE))
    def holds(columns: Columns) -> None:
        make(crm, columns)
        held = hold(crm.sql("it"))
        assert (held.refused, held.failed) == (None, ())

    holds()


@pytest.mark.parametrize("type_", sorted(HOLDABLE))
def test_an_empty_table_has_a_type_for_every_column(crm: Database, type_: str) -> None:
    make(crm, [(type_, [])])
    assert hold(crm.sql("it")).refused is None


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("numeric", "0.123456789012"),
        ("real", "NaN"),
        ("date", "infinity"),
        ("text", "a\x1bb"),
    ],
)
def test_without_a_look_at_the_rows_it_would_be_broken(
    crm: Database, monkeypatch: pytest.MonkeyPatch, type_: str, value: str
) -> None:
    make(crm, [(type_, [value])])
    assert hold(crm.sql("it")).failed == ()
    monkeypatch.setattr(describe, "look", lambda *_: True)
    assert hold(crm.sql("it")).failed != ()
