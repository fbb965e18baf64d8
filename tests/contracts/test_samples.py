"""The rows that failed rules are shown with: which ones, and how much of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandera.polars as pandera
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from contracts.checks import check
from contracts.engines import evaluate, samples
from contracts.evaluation import MISSING, Sample
from contracts.promises import Contract, ContractError
from tests.contracts.landed import columns, contract, failures, land, row

EVERY = dict.fromkeys(columns(), "public")


def classified(**given: pandera.Column) -> Contract:
    return replace(contract(**given), classified=EVERY)


def dear(data: pandera.PolarsData) -> pl.LazyFrame:
    return data.lazyframe.select(pl.col("price").cast(pl.Float64) > pl.col("weight"))


def cheap_at_all(data: pandera.PolarsData) -> pl.LazyFrame:
    return data.lazyframe.select(pl.col("price").cast(pl.Float64).mean() < 1)


def sampled(path: Path, judged_by: Contract, rule: str, column: str | None) -> list[Sample]:
    found = evaluate(judged_by, path).samples
    return [one for one in found if (one.rule, one.column) == (rule, column)]


def told(samples: list[Sample]) -> list[tuple[tuple[int, ...], dict[str, str], dict[str, str]]]:
    return [
        (
            one.rows,
            {shown.column: shown.text for shown in one.key},
            {shown.column: shown.text for shown in one.values},
        )
        for one in samples
    ]


BAD = (
    row(1),
    row(2, mode="BOAT"),
    row(3, weight=-1.0),
    row(4, price=None, _rescued={"price": "12,50"}),
    row(5, segment=None),
    row(6, mode="A\x00"),
    row(7, line=None),
    row(2, mode="RAIL"),
    row(8, price="0.10"),
)


@pytest.mark.parametrize(
    ("rule", "column", "rows"),
    [
        ("isin(AIR, RAIL)", "mode", [((2,), "2", {"mode": '"BOAT"'}), ((6,), "6", ...)]),
        ("greater_than_or_equal_to(0)", "weight", [((3,), "3", {"weight": "-1.0"})]),
        ("type", "price", [((4,), "4", {"price": '"12,50"'})]),
        ("not_null", "price", [((4,), "4", {"price": '"12,50" that does not convert'})]),
        (MISSING, "segment", [((5,), "5", {})]),
        ("no_control_characters", "mode", [((6,), "6", {"mode": r'"A\x00"'})]),
        ("not_null", "line", [((7,), "7", {})]),
        ("unique", "key, line", [((2, 8), "2", {})]),
        ("dear()", None, [((9,), "8", {"weight": "1.5", "price": "0.10"})]),
        ("required", "mode", []),
        ("no_other_columns", None, []),
    ],
)
def test_each_rule_is_shown_with_its_own_rows(tmp_path, rule, column, rows):
    judged_by = replace(classified(), schema=with_check(dear))
    found = told(sampled(land(tmp_path, judged_by, BAD), judged_by, rule, column))
    assert len(found) == len(rows)
    for (places, key, values), (expected, number, read) in zip(found, rows, strict=True):
        assert (places, key["key"]) == (expected, number)
        assert values == read or read is ...


def with_check(function) -> pandera.DataFrameSchema:
    made = pandera.Check(function, name=function.__name__)
    return pandera.DataFrameSchema(columns(), checks=made, strict=True)


def in_two_steps(data: pandera.PolarsData) -> pl.LazyFrame:
    return data.lazyframe.with_columns(it=pl.col("weight") < 4).select(pl.col("it"))


def beside_another(data: pandera.PolarsData) -> pl.LazyFrame:
    return data.lazyframe.select(pl.col(data.key) < pl.col("key").cast(pl.Float64) * 0 + 4)


def below_the_mean(data: pandera.PolarsData) -> pl.LazyFrame:
    return data.lazyframe.select(pl.col(data.key) <= pl.col(data.key).mean())


def small(value: float) -> bool:
    return value < 4


@pytest.mark.parametrize("own", [in_two_steps, beside_another, below_the_mean, small])
def test_a_check_of_ones_own_is_shown_with_the_rows_that_it_names(tmp_path, own):
    """Whether an expression of it is recorded or its whole answer is needed."""
    made = pandera.Check(own, name=own.__name__, element_wise=own is small)
    judged_by = classified(weight=pandera.Column(pl.Float64, made, nullable=True, description="w"))
    rows = [row(n, weight=w) for n, w in enumerate((1.0, None, 9.0, 1.0, 9.5), 1)]
    path = land(tmp_path, judged_by, rows)
    assert failures(evaluate(judged_by, path))[f"{own.__name__}()", "weight"] == 2
    found = sampled(path, judged_by, f"{own.__name__}()", "weight")
    assert [one.rows for one in found] == [(3,), (5,)]
    assert [one.values[-1].text for one in found] == ["9.0", "9.5"]


def test_equal_rows_are_shown_in_pairs_without_nulls(tmp_path):
    judged_by = replace(
        contract(segment=pandera.Column(pl.String, unique=True, nullable=True, description="s")),
        classified=EVERY,
    )
    names = ("c", "b", None, "a", "b", None, "a", "b", "c", "d")
    rows = [row(n, segment=name) for n, name in enumerate(names, 1)]
    found = sampled(land(tmp_path, judged_by, rows), judged_by, "unique", "segment")
    assert [(one.rows, one.values[0].text) for one in found] == [
        ((1, 9), '"c"'),
        ((2, 5), '"b"'),
        ((4, 7), '"a"'),
    ]


def test_a_rule_on_the_whole_table_has_no_rows(tmp_path):
    judged_by = replace(classified(), schema=with_check(cheap_at_all))
    path = land(tmp_path, judged_by, [row(1), row(2)])
    assert failures(evaluate(judged_by, path)) == {("cheap_at_all()", None): 2}
    assert sampled(path, judged_by, "cheap_at_all()", None) == []


def test_a_column_of_another_type_has_no_rows_but_one_that_is_not_promised_has(tmp_path):
    judged_by = contract()
    rows = [row(1), row(2, _rescued={"colour": "Anna"})]
    path = land(tmp_path, judged_by, rows, types={"line": pa.int64()})
    assert sampled(path, judged_by, "type", "line") == []
    [one] = sampled(path, judged_by, "no_other_columns", "colour")
    assert [shown.text for shown in one.values] == ["text"]


def test_three_rows_are_shown_the_first_ones_across_row_groups(tmp_path):
    judged_by = classified()
    path = land(tmp_path, judged_by, [row(n, weight=-1.0) for n in range(1, 2)])
    table = land(tmp_path, judged_by, [row(n, weight=float(5 - n)) for n in range(1, 12)])
    pq.write_table(pq.read_table(table), path, row_group_size=4)
    found = sampled(path, judged_by, "greater_than_or_equal_to(0)", "weight")
    assert [one.rows for one in found] == [(6,), (7,), (8,)]
    assert [one.key[0].text for one in found] == ["6", "7", "8"]


def test_only_the_worst_rules_have_samples(tmp_path, monkeypatch):
    monkeypatch.setattr(samples, "MOST_RULES", 1)
    judged_by = classified()
    path = land(tmp_path, judged_by, [row(1, weight=-1.0), row(2, mode="X"), row(3, mode="X")])
    assert {one.column for one in evaluate(judged_by, path).samples} == {"mode"}


def test_nothing_of_a_value_is_shown_unless_its_column_is_classified(tmp_path):
    judged_by = contract()
    found = evaluate(judged_by, land(tmp_path, judged_by, BAD)).samples
    assert {one.key for one in found} == {()}
    shown = {shown.text for one in found for shown in one.values}
    assert shown == {"text", "text that does not convert", "number", "whole number"}


def test_of_a_key_only_public_columns_are_shown(tmp_path):
    judged_by = replace(contract(), classified={"key": "internal", "line": "public"})
    [one] = sampled(
        land(tmp_path, judged_by, [row(1, mode="X")]), judged_by, "isin(AIR, RAIL)", "mode"
    )
    assert [shown.column for shown in one.key] == ["line"]


def test_nobody_can_tell_the_rows_of_two_rules_of_one_name(tmp_path):
    twins = [
        pandera.Check(lambda d, n=n: d.lazyframe.select(pl.col(d.key) != n), name="no")
        for n in (1, 2)
    ]
    judged_by = classified(key=pandera.Column(pl.Int64, twins, description="number"))
    path = land(tmp_path, judged_by, [row(1), row(3)])
    assert [rule.failed for rule in evaluate(judged_by, path).rules if rule.failed] == [1]
    assert sampled(path, judged_by, "no()", "key") == []


def test_a_rule_whose_rows_cannot_be_fetched_has_failed_all_the_same(tmp_path, monkeypatch):
    def burst(*_: object, **__: object) -> None:
        raise pl.exceptions.PanicException("boom")

    monkeypatch.setattr(samples, "failing_rows", burst)
    judged_by = classified()
    found = evaluate(judged_by, land(tmp_path, judged_by, BAD))
    assert found.samples == ()
    assert sum(rule.failed for rule in found.rules) == 9


def test_a_clean_file_has_none(tmp_path):
    judged_by = classified()
    assert evaluate(judged_by, land(tmp_path, judged_by, [row(1), row(2)])).samples == ()


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"kye": "public"}, "classified names kye, which is not a column: correct the name"),
        ({"key": "open"}, "classified says 'open' of key: write public, internal, "),
        ({"_delivery": "public"}, "classified names _delivery, which is not a column"),
    ],
)
def test_a_class_that_means_nothing_is_refused(given, problem):
    with pytest.raises(ContractError) as refused:
        check(replace(contract(), classified=given))
    assert problem in str(refused.value)


def test_classes_of_another_type_are_refused_where_they_are_written():
    with pytest.raises(TypeError, match="classified is a tuple: give a Mapping"):
        replace(contract(), classified=(("key", "public"),))


def test_no_night_is_lost_when_a_column_is_classified():
    plain, shown = check(contract()), check(classified())
    assert (plain.current, plain.former) == (shown.current, shown.former)
