"""A table of SQLite keeps the contract that was drafted from it, whatever is in it.

SQLite enforces no type: a column may hold any value beside its declared type.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.sql.connector import Sql
from tests.harness.drafted import hold

SETTINGS = settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
TYPES = (
    *("integer", "int", "bigint", "real", "float", "double precision", "numeric", "numeric(9,2)"),
    *("decimal(9)", "boolean", "date", "datetime", "timestamp", "time", "text", "varchar(3)"),
    *("char(4)", "blob", "json", "money", ""),
)
INTEGERS = st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 3)
FLOATS = st.floats(allow_nan=False) | st.sampled_from([0.1, 1.0, float("inf")])
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=5) | st.sampled_from(
    [
        "007",
        "12",
        "true",
        "2026-11-20",
        "2026-11-20 12:00:00",
        "2026-11-20T12:00:00Z",
        "1.5",
        "0x1",
    ]
)
Value = int | float | str | bytes | None
OF_ONE_KIND = [INTEGERS, FLOATS, TEXTS, st.binary(max_size=3)]
Columns = Sequence[tuple[str, Sequence[Value]]]


def columns(rows: int) -> st.SearchStrategy[Columns]:
    kinds = [*OF_ONE_KIND, st.one_of(OF_ONE_KIND), INTEGERS | FLOATS]
    values = st.sampled_from(kinds).flatmap(
        lambda kind: (
            st.lists(kind | st.none(), min_size=rows, max_size=rows)
            | st.lists(kind, min_size=rows, max_size=rows)
        )
    )
    return st.lists(st.tuples(st.sampled_from(TYPES), values), min_size=1, max_size=4)


def make(path: Path, statements: Sequence[str], rows: Sequence[Sequence[Value]] = ()) -> Sql:
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)
        for row in rows:
            marks = ", ".join("?" * len(row))
            with suppress(sqlite3.IntegrityError):  # it refuses that row
                connection.execute(f"insert into it values ({marks})", row)
    return Sql(url=f"sqlite:///{path}", password=None, tables={"it": "it"})


def test_no_table_breaks_the_contract_that_was_drafted_from_it(tmp_path: Path) -> None:
    @SETTINGS
    @given(st.integers(0, 6).flatmap(columns), st.sampled_from(["c0", "c0, k", "k"]))
    def holds(columns: Columns, key: str) -> None:
        declared = ", ".join(f"c{n} {type_}" for n, (type_, _) in enumerate(columns))
        create = f"create table it (k integer, {declared}, primary key ({key}))"
        rows = [(n, *row) for n, row in enumerate(zip(*(v for _, v in columns), strict=True))]
        held = hold(make(tmp_path / "db", [create], rows))
        assert held.failed == ()
        assert held.refused is None or "no type" in held.refused or "a key" in held.refused

    holds()


@pytest.mark.parametrize(
    ("type_", "values", "drafted"),
    [
        ("real", [0.1, 2, None], "Float64"),  # of eight bytes
        ("float", [1e300], "Float64"),
        ("decimal(9,2)", [1.5, 2, 12], "Float64"),  # a fraction is kept as a double
        ("decimal(9,2)", [], "Float64"),
        ("numeric(9,0)", [1, 2], "Int64"),
        ("integer", [2**63 - 1], "Int64"),
        ("integer", [1, 2.5], "Float64"),
        ("boolean", [0, 1], "Int64"),
        ("boolean", ["true", "false"], "Boolean"),
        ("date", ["2026-11-20"], "Date"),
        ("date", ["2026-11-20 00:00:00"], "Datetime(time_unit='us', time_zone=None)"),
        ("datetime", ["2026-11-20T12:00:00Z"], "Datetime(time_unit='us', time_zone='UTC')"),
        ("datetime", [1_764_000_000], "Int64"),
        ("date", ["tomorrow"], "String"),
        ("text", ["007"], "String"),
        ("varchar(3)", ["abc"], "String"),
        ("blob", [b"a"], "Binary"),
        ("", ["a"], "String"),
        ("integer", ["abc", 1], "None"),
        ("", ["1", 1], "None"),
        ("integer", [2**60 + 1, 0.5], "None"),
        ("real", [float("inf")], "None"),
    ],
)
def test_a_type_holds_each_value_that_is_there(
    tmp_path: Path, type_: str, values: Sequence[Value], drafted: str
) -> None:
    create = f"create table it (k integer primary key, c {type_})"
    held = hold(make(tmp_path / "db", [create], list(enumerate(values))))
    assert held.types["c"] == drafted
    assert held.failed == ()
    assert (held.refused is None) == (drafted != "None")


@pytest.mark.parametrize(
    ("declared", "rows", "key", "nullable"),
    [
        ("k integer primary key, c text", [(1, "a")], ("k",), {"c"}),
        ("k text primary key, c text not null", [("a", "a")], ("k",), set()),
        ("k text primary key, c text", [("a", "a"), (None, "b")], (), {"k", "c"}),
        ("k integer, c text, primary key (k, c)", [(1, "a")], ("k", "c"), set()),
        ("k text primary key, c text", [], ("k",), {"c"}),
    ],
)
def test_a_key_is_never_missing_unless_a_row_says_so(
    tmp_path: Path,
    declared: str,
    rows: list[Sequence[Value]],
    key: tuple[str, ...],
    nullable: set[str],
) -> None:
    """But for whole numbers, SQLite lets the columns of a primary key be NULL."""
    held = hold(make(tmp_path / "db", [f"create table it ({declared})"], rows))
    assert held.described.key == key
    assert {c.name for c in held.described.columns if c.nullable} == nullable


def rules_of(connector: Sql) -> dict[str, list[str]]:
    contract = hold(connector).contract
    return {
        name: [str(check) for check in column.checks]
        for name, column in contract.schema.columns.items()
    }


def test_what_sqlite_checks_is_a_rule_where_both_say_the_same(tmp_path: Path) -> None:
    create = (
        "create table it (k integer primary key, n int check (n between 1 and 9), "
        "t text check (T in ('a', 'b''c')), x real check (x >= 0.5), l varchar(3), "
        "check (length(t) <= 4), check (n < k), check (t like 'a%'))"
    )
    connector = make(tmp_path / "db", [create], [(10, 1, "a", 0.5, "abc")])
    assert rules_of(connector) == {
        "k": [],
        "n": [
            "<Check greater_than_or_equal_to: greater_than_or_equal_to(1)>",
            "<Check less_than_or_equal_to: less_than_or_equal_to(9)>",
        ],
        "t": ["<Check isin: isin(['a', \"b'c\"])>", "<Check str_length: str_length(None, 4)>"],
        "x": ["<Check greater_than_or_equal_to: greater_than_or_equal_to(0.5)>"],
        "l": ["<Check str_length: str_length(None, 3)>"],
    }
    held = hold(connector)
    assert (held.refused, held.failed) == (None, ())
    assert set(held.described.unsaid) == {"CHECK (n < k)", "CHECK (t like 'a%')"}


def test_a_check_that_a_row_does_not_keep_is_no_rule(tmp_path: Path) -> None:
    create = "create table it (k integer primary key, n int check (n > 0))"
    connector = make(tmp_path / "db", [create, "pragma ignore_check_constraints = on"], [(1, -1)])
    assert rules_of(connector) == {"k": [], "n": []}
    assert hold(connector).described.unsaid == ("CHECK (n > 0)",)


def test_a_text_that_is_longer_than_declared_is_no_failure(tmp_path: Path) -> None:
    connector = make(tmp_path / "db", ["create table it (k integer primary key, c varchar(2))"])
    assert rules_of(connector)["c"] == ["<Check str_length: str_length(None, 2)>"]
    longer = make(
        tmp_path / "db", ["create table it (k integer primary key, c varchar(2))"], [(1, "abc")]
    )
    assert rules_of(longer)["c"] == []


def test_text_that_is_compared_without_case_has_no_rule(tmp_path: Path) -> None:
    create = (
        "create table it (k integer primary key, c text collate nocase check (c in ('a', 'b')))"
    )
    connector = make(tmp_path / "db", [create], [(1, "A")])
    held = hold(connector)
    assert (held.refused, held.failed) == (None, ())
    assert held.described.unsaid == ("CHECK (c in ('a', 'b'))",)


FOREIGN = (
    "create table customers (id integer primary key, code text unique)",
    """create table it (
        k integer primary key, customer integer not null references customers,
        code text not null references customers (code), maybe integer references customers
    )""",
    "insert into customers values (1, 'a')",
)


@pytest.mark.parametrize(
    ("rows", "unsaid"),
    [
        ([(1, 1, "a", 1)], {"maybe": "a missing key"}),
        ([(1, 1, "b", None)], {"code": "not every row", "maybe": "a missing key"}),
    ],
)
def test_a_foreign_key_that_every_row_keeps_can_be_reconciled(
    tmp_path: Path, rows: list[Sequence[Value]], unsaid: dict[str, str]
) -> None:
    one = make(tmp_path / "db", FOREIGN, rows)
    both = replace(one, tables={"it": "it", "buyers": "main.customers"})
    keys = both.describe("it", emit=lambda _: None).foreign_keys
    assert {(k.column, k.dataset, k.theirs) for k in keys} == {
        *(("customer", "buyers", "id"), ("maybe", "buyers", "id"), ("code", "buyers", "code")),
    }
    told = {key.column: key.unsaid or "" for key in keys if key.unsaid}
    assert told.keys() == unsaid.keys()
    assert all(told[column].startswith(reason) for column, reason in unsaid.items())
