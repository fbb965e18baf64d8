"""Any comparison of a column with literals: the rule rejects what PostgreSQL does, and no more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.sql.check_rules import rules
from harness.onboarding.draft_text import contract_text
from tests.connectors.crm_fixture import Database, database
from tests.harness.drafted import hold, loaded, rejected

SETTINGS = settings(deadline=None, max_examples=80)
COLUMNS = (
    "id int primary key, n int, i int8, d numeric(5,2), f float8, t text, v varchar(4), y date"
)
INTEGERS = st.integers(-3, 3).map(str)
DECIMALS = st.decimals(-3, 3, places=2).map(str)
TEXTS = st.text("aB' \\é", max_size=3).map(lambda text: "'" + text.replace("'", "''") + "'")
DAYS = st.sampled_from(["'2026-01-31'", "'2026-02-01'", "'1999-12-31'"])
LITERALS = {
    "n": INTEGERS | DECIMALS,
    "i": INTEGERS,
    "d": INTEGERS | DECIMALS,
    "f": INTEGERS | DECIMALS,
    "t": TEXTS,
    "v": TEXTS,
    "y": DAYS,
}
VALUES = LITERALS | {"n": INTEGERS}


def comparisons(column: str) -> st.SearchStrategy[tuple[str, str]]:
    literal = LITERALS[column]
    listed = st.lists(literal, min_size=1, max_size=3).map(", ".join)
    signs = ["=", "<>"] if column in "tv" else ["=", "<>", "<", "<=", ">", ">="]
    forms = [
        st.tuples(st.sampled_from(signs), literal).map(lambda it: f"{column} {it[0]} {it[1]}"),
        st.tuples(literal, st.sampled_from(signs)).map(lambda it: f"{it[0]} {it[1]} {column}"),
        listed.map(lambda values: f"{column} in ({values})"),
        listed.map(lambda values: f"{column} not in ({values})"),
    ]
    if column in "tv":
        forms.append(
            st.tuples(st.sampled_from(["<", "<=", "=", ">", ">="]), st.integers(1, 3)).map(
                lambda it: f"length({column}) {it[0]} {it[1]}"
            )
        )
    return st.tuples(st.just(column), st.one_of(forms))


ONE = st.sampled_from(sorted(LITERALS)).flatmap(comparisons)


def rows(column: str) -> st.SearchStrategy[Sequence[str]]:
    return st.lists(VALUES[column] | st.just("null"), max_size=6)


@pytest.fixture(scope="module")
def crm() -> Iterator[Database]:
    with database() as running:
        yield running


def make(crm: Database, *conditions: str) -> None:
    checks = "".join(f", check ({condition})" for condition in conditions)
    crm.execute(
        "drop table if exists it",
        f"create table it ({COLUMNS}{checks})",
        "grant select on it to reader",
    )


def test_a_rule_rejects_what_its_check_rejects(crm: Database) -> None:
    @SETTINGS
    @given(ONE.flatmap(lambda one: st.tuples(st.just(one), rows(one[0]))))
    def holds(drawn: tuple[tuple[str, str], Sequence[str]]) -> None:
        (column, condition), values = drawn
        make(crm, condition)
        found = crm.sql("it").describe("it", emit=lambda _: None)
        assert bool(found.unsaid) == ("\\" in condition)
        contract = loaded(contract_text("it", found))
        make(crm)
        for n, value in enumerate(values):
            crm.execute(f"insert into it (id, {column}) values ({n}, {value})")
        if not found.unsaid:
            refused = crm.scalar(f"select count(*) from it where not ({condition})")
            assert rejected(crm.sql("it"), contract) == refused

    holds()


def test_a_table_keeps_several_together(crm: Database) -> None:
    @SETTINGS
    @given(ONE, ONE, st.lists(st.fixed_dictionaries(VALUES), max_size=6))
    def holds(
        one: tuple[str, str], other: tuple[str, str], drawn: Sequence[dict[str, str]]
    ) -> None:
        make(crm, f"{one[1]} and {other[1]}")
        with psycopg.connect(crm.dsn, autocommit=True) as connection:
            for n, row in enumerate(drawn):
                names, values = ", ".join(row), ", ".join(row.values())
                insert = f"insert into it (id, {names}) values ({n}, {values})"
                try:
                    connection.execute(insert.encode())
                except psycopg.errors.CheckViolation:
                    continue
        held = hold(crm.sql("it"))
        assert (held.refused, held.failed) == (None, ())

    holds()


@given(st.text("()'\"=<>-,1a:[] ABandorinysul", max_size=40))
def test_no_text_makes_the_parser_fail(expression: str) -> None:
    rules(expression, {"a": None})
