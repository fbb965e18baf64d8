"""The rules of a contract: which there are, on which columns, and how each is shown."""

from __future__ import annotations

from typing import Any

import pandera.polars as pa
import polars as pl
import pytest

from contracts.rules import Kind, builtin, is_text, plan_rules, rule_text, statistics
from tests.contracts.landed import contract


def agree(data: pa.PolarsData, **_: Any) -> pl.LazyFrame:
    return data.lazyframe


ROWS_AGREE = pa.Check(agree, name="rows_agree")


def test_a_contract_is_planned_column_by_column_then_the_table() -> None:
    made = contract(
        {"control_characters": ("mode",)},
        schema={"unique": ["key"], "checks": [ROWS_AGREE]},
        segment=pa.Column(pl.String, unique=True, nullable=True, description="segment"),
        weight=None,
        price=None,
        at=None,
    )
    above_0 = made.schema.columns["key"].checks[0]
    listed = made.schema.columns["mode"].checks[0]
    assert [(r.kind, r.columns, r.text, r.check) for r in plan_rules(made)] == [
        (Kind.REQUIRED, ("key",), "required", None),
        (Kind.TYPE, ("key",), "type", None),
        (Kind.NOT_NULL, ("key",), "not_null", None),
        (Kind.CHECK, ("key",), "greater_than(0)", above_0),
        (Kind.REQUIRED, ("line",), "required", None),
        (Kind.TYPE, ("line",), "type", None),
        (Kind.NOT_NULL, ("line",), "not_null", None),
        (Kind.REQUIRED, ("mode",), "required", None),
        (Kind.TYPE, ("mode",), "type", None),
        (Kind.NOT_NULL, ("mode",), "not_null", None),
        (Kind.CHECK, ("mode",), "isin(AIR, RAIL)", listed),
        (Kind.REQUIRED, ("segment",), "required", None),
        (Kind.TYPE, ("segment",), "type", None),
        (Kind.NO_CONTROL_CHARACTERS, ("segment",), "no_control_characters", None),
        (Kind.UNIQUE, ("segment",), "unique", None),
        (Kind.CHECK, (), "rows_agree()", ROWS_AGREE),
        (Kind.UNIQUE, ("key", "line"), "unique", None),
        (Kind.UNIQUE, ("key",), "unique", None),
        (Kind.NO_OTHER_COLUMNS, (), "no_other_columns", None),
    ]


def test_a_rule_that_is_told_twice_is_planned_once() -> None:
    twice = contract({"key": ("key",)}, schema={"unique": ["key"]})
    same = [r for r in plan_rules(twice) if r.kind is Kind.UNIQUE]
    assert [r.columns for r in same] == [("key",)]
    once = pa.Check(agree, name="own", limit=1)
    checks = [once, once, pa.Check(agree, name="own", limit=1)]
    planned = plan_rules(contract(schema={"checks": checks}))
    assert [r.text for r in planned if not r.columns] == ["own(1)", "own(1)", "no_other_columns"]


def own(limit: object) -> pa.Check:
    return pa.Check(agree, name="own", limit=limit)


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (pa.Check.in_range(1, 50), "in_range(1, 50)"),
        (pa.Check.in_range(1, 50, include_max=False), "in_range(1, 50, include_max=False)"),
        (
            pa.Check.in_range(1, 50, include_min=False, include_max=False),
            "in_range(1, 50, include_min=False, include_max=False)",
        ),
        (pa.Check.str_length(1, None), "str_length(1)"),
        (pa.Check.str_length(None, 5), "str_length(5)"),
        (pa.Check.eq(1, name="one"), "one(1)"),
        (ROWS_AGREE, "rows_agree()"),
        (own(3), "own(3)"),
        (own([2, 1]), "own(1, 2)"),
        (own((2, 1)), "own(1, 2)"),
        (own({2, 1}), "own(1, 2)"),
        (own(frozenset("ba")), "own(a, b)"),
    ],
)
def test_a_check_is_shown_by_its_name_and_what_it_was_given(check: pa.Check, text: str) -> None:
    assert rule_text(check) == text


def test_a_built_in_check_is_known_under_any_name_and_ours_is_none() -> None:
    assert builtin(pa.Check.eq(1, name="one")) == "equal_to"
    assert builtin(ROWS_AGREE) is None


def test_what_a_check_was_given_is_a_copy() -> None:
    """Whoever changes it does not change the check."""
    check = pa.Check.eq(1)
    statistics(check)["value"] = 2
    assert check.statistics == {"value": 1}
    check.statistics = None
    assert statistics(check) == {}


def test_only_a_column_of_strings_is_text() -> None:
    kinds: tuple[Any, ...] = (pl.String, pl.Int64, None)
    assert [is_text(pa.Column(kind)) for kind in kinds] == [True, False, False]
