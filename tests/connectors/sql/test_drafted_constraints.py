"""What PostgreSQL enforces is told as a rule where both say the same, and else in its words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from connectors.capabilities import ColumnRule, Described
from harness.onboarding.draft_text import contract_text
from tests.connectors.crm_fixture import Database, database
from tests.harness.drafted import hold, loaded, rejected


@pytest.fixture(scope="module")
def crm() -> Iterator[Database]:
    with database() as running:
        running.execute(
            "create type mood as enum ('glad', 'so so')",
            "create domain share as numeric(3,2) check (value between 0 and 1)",
            "create domain short as varchar(3) check (value <> '')",
            "create domain code as short check (value not in ('xx', 'y''y'))",
            "create extension citext",
        )
        yield running


def described(crm: Database, *statements: str) -> Described:
    crm.execute("drop table if exists it, other cascade", *statements)
    crm.execute("grant select on all tables in schema public to reader")
    sql = replace(crm.sql("it"), tables={"it": "it", "others": "public.other"})
    return sql.describe("it", emit=lambda _: None)


def rule(check: str, *values: object) -> ColumnRule:
    return ColumnRule(check=check, values=values)


EXACT = {
    "n > 5": ("n", [rule("gt", 5)], ["5", "6", None]),
    "5 >= n": ("n", [rule("le", 5)], ["5", "6", None]),
    "n between -1 and 9": ("n", [rule("ge", -1), rule("le", 9)], ["-2", "-1", "9", "10"]),
    "n in (1, -2)": ("n", [rule("isin", [1, -2])], ["1", "-2", "2", None]),
    "n not in (1, 2)": ("n", [rule("notin", [1, 2])], ["1", "3", None]),
    "n > 1.5": ("n", [rule("gt", Decimal("1.5"))], ["1", "2"]),
    "n <> 3": ("n", [rule("ne", 3)], ["3", "4"]),
    "n = 3": ("n", [rule("eq", 3)], ["3", "4"]),
    "d >= 0.10": ("d", [rule("ge", Decimal("0.10"))], ["0.1", "0.09", "1"]),
    "i > -1": ("i", [rule("gt", -1)], ["-1", "0"]),
    "i::integer > 1": (None, [], []),  # refuses more, by an error
    "f > -1": ("f", [rule("gt", -1.0)], ["-1", "-0.5"]),
    "d > -1": ("d", [rule("gt", -1)], ["-1", "-0.99"]),
    "f < 0.1": ("f", [rule("lt", 0.1)], ["0.1", "0.09999999999999999"]),
    "t in ('a', 'b''c')": ("t", [rule("isin", ["a", "b'c"])], ["a", "A", "b'c", None]),
    "v <> ''": ("v", [rule("str_length", None, 9), rule("ne", "")], ["", " "]),
    "length(t) <= 2": ("t", [rule("str_length", None, 2)], ["ab", "äöü", "ä"]),
    "char_length(v) = 2": (
        "v",
        [rule("str_length", None, 9), rule("str_length", 2, 2)],
        ["ab", "abc", "a"],
    ),
    "length(t) > 1": ("t", [rule("str_length", 2, None)], ["ab", "a"]),
    "y >= '2026-01-31'": ("y", [rule("ge", date(2026, 1, 31))], ["2026-01-30", "2026-01-31"]),
    "l < '2026-01-31 12:00'": (
        "l",
        [rule("lt", datetime(2026, 1, 31, 12))],  # noqa: DTZ001 - it has no zone
        ["2026-01-31 12:00", "2026-01-31 11:59"],
    ),
    "z > '2026-01-31 12:00:00.5+02'": (
        "z",
        [rule("gt", datetime(2026, 1, 31, 10, 0, 0, 500_000, tzinfo=UTC))],
        ["2026-01-31 12:00:00.5+02", "2026-01-31 12:00:00.500001+02"],
    ),
    "n > 0 and t <> 'x' or false": (None, [], []),
    "n > 0 or n is null": (None, [], []),
    "not n > 0": (None, [], []),
    "n in (1, null)": (None, [], []),
    "n < m": (None, [], []),
    "n % 2 = 0": (None, [], []),
    "n::smallint > 0": (None, [], []),
    "d::integer > 1": (None, [], []),
    "d > 1.5::integer": (None, [], []),
    "r > 0.1": (None, [], []),  # compared as a double, and read as one of four bytes
    "t > 'a'": (None, [], []),  # by a collation
    "t like 'a%'": (None, [], []),
    "t ~ '^a'": (None, [], []),
    "lower(t) = 'a'": (None, [], []),
    't collate "C" = $$a$$': (None, [], []),
    "k = 'a'": (None, [], []),  # without case
    "c in ('a', 'b')": (None, [], []),  # padded with spaces
    "e <> 'glad'": (None, [], []),
    "b": (None, [], []),
    "y > 'infinity'": (None, [], []),
    "y > current_date": (None, [], []),
    "t <> E'a\\\\b' or false": (None, [], []),
}
COLUMNS = (
    "id int primary key, n int, m int, i int8, d numeric(12,2), f float8, r real, t text, "
    "v varchar(9), y date, l timestamp, z timestamptz, k citext, c char(3), e mood, b bool"
)


@pytest.mark.parametrize("check", EXACT)
def test_a_check_is_a_rule_only_where_it_rejects_the_same_values(
    crm: Database, check: str
) -> None:
    column, rules, values = EXACT[check]
    found = described(crm, f"create table it ({COLUMNS}, check ({check}))")
    by_column = {one.name: list(one.rules) for one in found.columns}
    if column is None:
        assert len(found.unsaid) == 1
        assert sum(map(len, by_column.values())) == LENGTHS
        return
    assert (by_column[column], found.unsaid) == (rules, ())
    contract = loaded(contract_text("it", found))
    crm.execute("drop table it", f"create table it ({COLUMNS})", "grant select on it to reader")
    for n, value in enumerate(values):
        text = "null" if value is None else "'" + value.replace("'", "''") + "'"
        crm.execute(f"insert into it (id, {column}) values ({n}, {text})")
    assert rejected(crm.sql("it"), contract) == crm.scalar(
        f"select count(*) from it where not ({check})"
    )


LENGTHS = 3
"""Rules that the types alone give: two lengths and the labels of an enum."""


def test_a_domain_brings_its_own_and_those_of_the_domain_below(crm: Database) -> None:
    found = described(crm, "create table it (id int primary key, s share, c code)")
    assert [list(column.rules) for column in found.columns] == [
        [],
        [rule("ge", 0), rule("le", 1)],
        [rule("notin", ["xx", "y'y"]), rule("ne", "")],
    ]


def test_comments_and_labels_come_with_it(crm: Database) -> None:
    found = described(
        crm,
        "create table it (id int primary key, e mood)",
        "comment on table it is 'What customers feel'",
        "comment on column it.e is 'Said\n on the phone'",
    )
    assert found.comment == "What customers feel"
    assert [column.comment for column in found.columns] == [None, "Said\n on the phone"]
    assert found.columns[1].rules == (rule("isin", ["glad", "so so"]),)
    contract = loaded(contract_text("it", found))
    assert contract.schema.description == "What customers feel"
    assert contract.schema.columns["e"].description == "Said on the phone"


@pytest.mark.parametrize(
    ("statements", "unsaid", "nullable"),
    [
        (
            [
                "create table it (id int primary key, n int)",
                "insert into it values (1, -1)",
                "alter table it add check (n > 0) not valid",
            ],
            ("CHECK ((n > 0)) NOT VALID",),
            {"n"},
        ),
        (
            [
                "create table it (id int primary key, n int)",
                "insert into it values (1, null)",
                "alter table it add constraint nn not null n not valid",
            ],
            (),
            {"n"},
        ),
        (["create table it (id int primary key, n int, check (n is not null))"], (), set()),
        (
            [
                "create table it (id int primary key, n int not null check (n > 0) no inherit)",
                "create table young () inherits (it)",
                "insert into young values (1, 1), (1, -1)",
            ],
            ("CHECK ((n > 0)) NO INHERIT",),
            {"id", "n"},
        ),
    ],
    ids=["a check not valid", "a not null not valid", "a check of not null", "inheritance"],
)
def test_what_not_every_row_keeps_is_no_rule(
    crm: Database, statements: list[str], unsaid: tuple[str, ...], nullable: set[str]
) -> None:
    found = described(crm, *statements)
    assert found.unsaid == unsaid
    assert {column.name for column in found.columns if column.nullable} == nullable
    assert hold(crm.sql("it")).failed == ()


def test_a_foreign_key_says_where_its_values_are_found(crm: Database) -> None:
    found = described(
        crm,
        "create table other (id int8 primary key, code varchar(9) unique, k citext "
        "unique, d numeric unique, a int, b int, unique (a, b))",
        "create table it (id int primary key references it, other int not null references other, "
        "code text not null references other (code), k citext not null references "
        "other (k), d numeric not null references other (d), maybe int references other, "
        "a int, b int, foreign key (a, b) references other (a, b))",
    )
    said = {(k.column, k.dataset, k.theirs) for k in found.foreign_keys if k.unsaid is None}
    assert said == {("id", "it", "id"), ("other", "others", "id"), ("code", "others", "code")}
    assert {key.column for key in found.foreign_keys if key.unsaid} == {"k", "d", "maybe"}
    assert found.unsaid == ("FOREIGN KEY (a, b) REFERENCES public.other (a, b)",)
