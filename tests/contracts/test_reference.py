from __future__ import annotations

import math
import tempfile
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandera.errors
import pandera.polars as pa
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.arrow_schema import arrow_schema
from contracts.engines import evaluate
from contracts.rules import plan_rules
from tests.contracts.landed import NOON, contract, failures, found, land, row

CONTRACT = contract()
INT32 = arrow_schema(CONTRACT.schema).field("line").type


def test_good_rows_keep_every_rule_on_every_row(tmp_path):
    result = evaluate(CONTRACT, land(tmp_path, CONTRACT, [row(n) for n in range(1, 8)]))
    assert (result.dataset, result.rows) == ("orders", 7)
    assert {(r.checked, r.failed, r.error) for r in result.rules} == {(7, 0, None)}
    assert result.engine.startswith("pandera 0.")


def test_every_planned_rule_is_answered_once(tmp_path):
    result = evaluate(CONTRACT, land(tmp_path, CONTRACT, [row(1)]))
    answered = [(r.rule, r.column) for r in result.rules]
    assert answered == [(r.text, r.column) for r in plan_rules(CONTRACT)]
    assert len(set(answered)) == len(answered)
    assert {r for r, _ in answered} == {
        *("required", "type", "not_null", "unique", "no_control_characters", "no_other_columns"),
        *("greater_than(0)", "isin(AIR, RAIL)", "in_range(0, 100)"),
        "greater_than_or_equal_to(0)",
    }


def test_checks_that_differ_in_a_number_alone_are_two_rules(tmp_path):
    """Pandera compares their compiled code, which is the same."""

    def more_than(least):
        def check(data):
            return data.lazyframe.select(pl.col(data.key) > least)

        return pa.Check(check, name="more_than")

    key = pa.Column(pl.Int64, [more_than(0), more_than(5)], description="number")
    strict = contract(key=key)
    result = evaluate(strict, land(tmp_path, strict, [row(n) for n in range(1, 8)]))
    assert [r.failed for r in result.rules if r.rule == "more_than()"] == [0, 5]


def test_each_kind_of_failure_is_counted_under_its_own_rule(tmp_path):
    rows = [
        row(1),
        row(1, mode="SHIP"),
        row(0, at=None),
        row(3, price="100.01"),
        row(4, weight=-0.5, segment=None),
        row(5, line=None, _rescued={"line": "one"}),
    ]
    result = evaluate(CONTRACT, land(tmp_path, CONTRACT, rows))
    assert failures(result) == {
        ("unique", "key, line"): 2,
        ("isin(AIR, RAIL)", "mode"): 1,
        ("greater_than(0)", "key"): 1,
        ("not_null", "at"): 1,
        ("in_range(0, 100)", "price"): 1,
        ("greater_than_or_equal_to(0)", "weight"): 1,
        ("type", "line"): 1,
        ("not_null", "line"): 1,
    }


def test_a_column_that_was_not_sent_fails_required_and_nothing_else_can_run(tmp_path):
    path = land(tmp_path, CONTRACT, [row(1), row(2)], without=["line"])
    result = evaluate(CONTRACT, path)
    assert failures(result) == {("required", "line"): 2}
    assert found(result, "not_null", "line").error == "line was not sent"
    assert found(result, "unique", "key, line").error == "line was not sent"
    assert found(result, "not_null", "key").error is None


def test_every_other_column_is_named(tmp_path):
    path = land(tmp_path, CONTRACT, [row(1)], extra={"colour": "red", "shade": "dark"})
    result = evaluate(CONTRACT, path)
    assert failures(result) == {
        ("no_other_columns", "colour"): 1,
        ("no_other_columns", "shade"): 1,
    }


def test_reserved_columns_are_not_other_columns(tmp_path):
    result = evaluate(CONTRACT, land(tmp_path, CONTRACT, [row(1)]))
    assert found(result, "no_other_columns", None).failed == 0


def test_a_landed_type_that_is_not_the_promised_one_fails_every_row(tmp_path):
    path = land(tmp_path, CONTRACT, [row(1), row(2)], types={"key": INT32})
    result = evaluate(CONTRACT, path)
    assert failures(result) == {("type", "key"): 2}


def test_a_rescued_value_of_an_unknown_column_is_another_column(tmp_path):
    """One that only some files have: the rows of those count."""
    rows = [row(1, _rescued={"ghost": "?"}), row(2)]
    result = evaluate(CONTRACT, land(tmp_path, CONTRACT, rows))
    assert failures(result) == {("no_other_columns", "ghost"): 1}


def test_rows_with_a_null_in_the_key_are_no_duplicates(tmp_path):
    """They fail not_null; Pandera would call two of them duplicates as well."""
    result = evaluate(CONTRACT, land(tmp_path, CONTRACT, [row(1, line=None), row(1, line=None)]))
    assert failures(result) == {("not_null", "line"): 2}


def test_nan_is_a_missing_value_and_no_number(tmp_path):
    strict = contract(weight=pa.Column(pl.Float64, pa.Check.ge(0), description="in kg"))
    result = evaluate(strict, land(tmp_path, strict, [row(1, weight=math.nan), row(2)]))
    assert failures(result) == {("not_null", "weight"): 1}
    assert [m.missing for m in result.missing if m.column == "weight"] == [1]


def test_missing_values_of_a_field_that_was_not_sent_are_not_counted_as_none(tmp_path):
    result = evaluate(CONTRACT, land(tmp_path, CONTRACT, [row(1)], without=["segment"]))
    assert [m.column for m in result.missing] == ["weight"]
    assert result.missing_jointly is None


def test_an_empty_table_checks_nothing(tmp_path):
    result = evaluate(CONTRACT, land(tmp_path, CONTRACT, []))
    assert result.rows == 0
    assert {(r.checked, r.failed) for r in result.rules} == {(0, 0)}
    assert len(result.rules) == len(plan_rules(CONTRACT))


def divides(data: pa.PolarsData) -> pl.LazyFrame:
    raise ZeroDivisionError("secret value 42")


@pytest.mark.parametrize(
    "check",
    [
        pa.Check(divides),
        pa.Check(lambda d: d.lazyframe.select(pl.col("nowhere") > 0), name="looks_elsewhere"),
        pa.Check(lambda d: d.lazyframe.select(pl.col(d.key).head(2) > 0), name="sees_two_rows"),
        pa.Check(lambda d: d.lazyframe.select(pl.col(d.key)), name="answers_numbers"),
        pa.Check(lambda d: d.lazyframe.select(pl.col(d.key).str.len_chars() > 0), name="retypes"),
    ],
    ids=lambda check: check.name,
)
def test_a_check_that_cannot_answer_is_an_error_of_its_own(tmp_path, check):
    """Never a pass, and no other rule is spoilt; its text may quote data, so it is not told."""
    odd = contract(key=pa.Column(pl.Int64, check, description="number"))
    result = evaluate(odd, land(tmp_path, odd, [row(n) for n in range(1, 5)]))
    [failed] = [r for r in result.rules if r.error]
    assert (failed.rule, failed.checked) == (f"{check.name}()", 0)
    assert "42" not in failed.error


def test_a_check_of_ones_own_answers_for_rows_or_for_the_whole_table(tmp_path):
    even = pa.Check(lambda d: d.lazyframe.select(pl.col(d.key) % 2 == 0), name="even")
    few = pa.Check(lambda d: d.lazyframe.select(pl.col(d.key).sum() < 5), name="few")
    single = pa.Check(lambda value: value != 3, element_wise=True, name="not_three")
    own = contract(key=pa.Column(pl.Int64, [even, few, single], description="number"))
    result = evaluate(own, land(tmp_path, own, [row(1), row(2), row(3)]))
    assert failures(result) == {
        ("even()", "key"): 2,
        ("few()", "key"): 3,
        ("not_three()", "key"): 1,
    }


def test_a_check_across_columns_runs_too(tmp_path):
    heavier = pa.Check(lambda d: d.lazyframe.select(pl.col("weight") > pl.col("line")), name="up")
    across = contract(schema={"checks": heavier})
    rows = [row(1), row(2, weight=0.5), row(3, weight=None)]
    result = evaluate(across, land(tmp_path, across, rows))
    assert failures(result) == {("up()", None): 1}


@pytest.mark.parametrize("damage", ["absent", "garbage", "flipped", "no rescued"])
def test_a_file_that_cannot_be_trusted_fails_every_rule(tmp_path, damage):
    path = land(
        tmp_path,
        CONTRACT,
        [row(n) for n in range(1, 500)],
        without=["_rescued"] if damage == "no rescued" else (),
    )
    if damage == "absent":
        path.unlink()
    elif damage == "garbage":
        path.write_bytes(b"PAR1 nothing PAR1")
    elif damage == "flipped":
        whole = bytearray(path.read_bytes())
        whole[4:200] = bytes(196)
        path.write_bytes(whole)
    result = evaluate(CONTRACT, path)
    assert result.rows == 0
    assert all(r.error and r.checked == 0 for r in result.rules)
    assert len(result.rules) == len(plan_rules(CONTRACT))
    assert (result.missing, result.missing_jointly) == ((), None)


values = st.fixed_dictionaries(
    {
        "key": st.none() | st.integers(-1, 4),
        "line": st.none() | st.integers(1, 2),
        "mode": st.none() | st.sampled_from(["AIR", "RAIL", "SHIP", "", "air"]),
        "weight": st.none() | st.floats(allow_subnormal=False) | st.sampled_from([0.0, -0.0]),
        "price": st.none() | st.decimals(-1, 101, places=2).map(str),
        "segment": st.none() | st.text(max_size=2).filter(lambda t: t.isprintable()),
        "at": st.none() | st.just(NOON),
    },
    optional={
        "_rescued": st.dictionaries(st.sampled_from(["key", "price", "at"]), st.text(max_size=3))
    },
)


@given(st.lists(values, max_size=12))
def test_counts_are_those_of_a_plain_loop_over_the_rows(rows):
    with tempfile.TemporaryDirectory() as folder:
        result = evaluate(CONTRACT, land(Path(folder), CONTRACT, rows))
    assert result.rows == len(rows)
    assert all((r.checked, r.error) == (len(rows), None) for r in result.rules)
    assert failures(result) == counted(rows)
    absent = [[is_absent(r["segment"]), is_absent(r["weight"])] for r in rows]
    assert {m.column: m.missing for m in result.missing} == {
        "segment": sum(a for a, _ in absent),
        "weight": sum(b for _, b in absent),
    }
    assert result.missing_jointly == sum(map(any, absent))


def counted(rows: list[dict[str, Any]]) -> dict[tuple[str, str | None], int]:
    count: Counter[tuple[str, str | None]] = Counter()
    keys = Counter((r["key"], r["line"]) for r in rows)
    for r in rows:
        key, weight, price = r["key"], r["weight"], r["price"]
        count.update(
            ("not_null", c) for c in ("key", "line", "mode", "price", "at") if r[c] is None
        )
        count.update(("type", c) for c in r.get("_rescued", {}))
        count["greater_than(0)", "key"] += key is not None and not key > 0
        count["isin(AIR, RAIL)", "mode"] += r["mode"] not in (None, "AIR", "RAIL")
        count["greater_than_or_equal_to(0)", "weight"] += weight is not None and weight < 0
        count["in_range(0, 100)", "price"] += price is not None and not 0 <= Decimal(price) <= 100
        shared = None not in (key, r["line"]) and keys[key, r["line"]] > 1
        count["unique", "key, line"] += shared
    return {rule: n for rule, n in count.items() if n}


def is_absent(value: Any) -> bool:
    return value is None or is_nan(value) or (isinstance(value, str) and not value.strip())


def is_nan(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)


@given(st.lists(values, min_size=1, max_size=12))
def test_pandera_itself_refuses_exactly_the_tables_in_which_a_rule_failed(rows):
    """But for NaN, which it lets pass, and misfits, which it cannot see once they have landed."""
    rows = [
        {**{k: v for k, v in r.items() if k != "_rescued"}, "weight": r["weight"] or 0.0}
        for r in rows
    ]
    rows = [{**r, "weight": 0.0 if is_nan(r["weight"]) else r["weight"]} for r in rows]
    whole = contract(schema={"unique": ["key", "line"]})
    with tempfile.TemporaryDirectory() as folder:
        path = land(Path(folder), whole, rows)
        frame = pl.read_parquet(path).drop("_delivery", "_rescued")
        result = evaluate(whole, path)
    try:
        whole.schema.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors:
        assert failures(result)
    else:
        assert not failures(result)
