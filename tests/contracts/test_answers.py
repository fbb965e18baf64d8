"""What a contract's own check answers: of each row, of the table, or nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandera.polars as pa
import polars as pl
import pytest

from contracts.engines.answer import count_failures
from contracts.engines.strict import NotRun

X = pl.col("x")


def own(answer: Callable[[Any], Any], **given: Any) -> pa.Check:
    return pa.Check(lambda data: answer(data.lazyframe), name="own", **given)


def said(check: pa.Check, values: list[Any], **others: list[Any]) -> int:
    frame = pl.DataFrame({"x": pl.Series(values, dtype=pl.Int64), **others})
    return count_failures(check, "x", frame)


FEW = (pl.col("x") < 3).alias("few")


@pytest.mark.parametrize("null", [None, [None], [None, None]], ids=["none", "one", "all"])
def test_null_for_the_table_is_no_answer(null):
    mean = own(lambda frame: frame.select(X.mean() > 3))
    if null is None:
        assert said(mean, [4, 5]) == 0
        assert said(mean, [1, 2]) == 2
        return
    with pytest.raises(NotRun, match="null, as over no values"):
        said(mean, null)


def test_null_for_a_row_whose_value_is_there_is_no_answer():
    partial = own(lambda frame: frame.select(pl.when(X > 3).then(X < 9)))
    assert said(partial, [4, 5, 10]) == 1
    with pytest.raises(NotRun, match="otherwise"):
        said(partial, [4, 2])


def test_a_row_whose_value_is_missing_is_left_out():
    assert said(own(lambda frame: frame.select(X > 3)), [4, None, 2]) == 1
    assert said(own(lambda frame: frame.select(X > 3), ignore_na=False), [4, None, 2]) == 2


def test_a_row_is_left_out_where_another_value_of_it_is_missing():
    above = own(lambda frame: frame.select(pl.col("y") < X))
    assert said(above, [4, 5, 1], y=[1, None, 3]) == 1


@pytest.mark.parametrize(
    "answer",
    [
        lambda frame: frame.select(pl.col("y").mean() < X),
        lambda frame: frame.select(pl.col("y").max().over("x") < X),
        lambda frame: frame.with_columns(y=pl.col("y").mean()).select(pl.col("y") < X),
    ],
)
def test_an_aggregate_of_nothing_is_no_missing_value_of_the_row(answer):
    nothing = pl.Series("y", [None, None], dtype=pl.Int64)
    with pytest.raises(NotRun, match="nothing is missing"):
        count_failures(own(answer), "x", pl.DataFrame({"x": [4, 5], "y": nothing}))


def test_a_function_of_python_may_answer_nothing_only_where_nothing_is():
    def even(value: int) -> bool | None:
        return None if value == 3 else value % 2 == 0

    check = pa.Check(even, element_wise=True)
    assert said(check, [2, None, 5]) == 1
    with pytest.raises(NotRun, match="null where nothing is missing"):
        said(check, [2, 3])


OF_THE_TABLE = {
    "an aggregate": own(lambda frame: frame.select(X.sum() < 10)),
    "an aggregate of some rows": own(lambda frame: frame.filter(X > 1).select(X.max() < 9)),
    "a bool": own(lambda _: True),
    "Pandera's own": pa.Check.unique_values_eq([1, 2, 3]),
}


@pytest.mark.parametrize("check", OF_THE_TABLE.values(), ids=OF_THE_TABLE)
def test_a_statement_on_the_table_is_told_by_its_form(check):
    assert said(check, [1, 2, 3]) == 0


def test_a_statement_on_the_table_fails_all_its_rows():
    assert said(OF_THE_TABLE["an aggregate"], [5, 2, 3]) == 3
    assert said(own(lambda _: False), [5, 2, 3]) == 3


OF_SOME_ROWS = {
    "head": own(lambda frame: frame.select(X.head(1) > 0)),
    "a filter that leaves one row": own(lambda frame: frame.filter(X > 10).select(X > 20)),
    "a filter inside": own(lambda frame: frame.select(X.filter(X > 10) > 20)),
    "a filter that leaves none": own(lambda frame: frame.filter(X > 99).select(X > 20)),
    "two": own(lambda frame: frame.select(X.head(2) > 0)),
}


@pytest.mark.parametrize("check", OF_SOME_ROWS.values(), ids=OF_SOME_ROWS)
def test_an_answer_for_some_rows_is_none_for_the_others(check):
    with pytest.raises(NotRun, match="no value for each row"):
        said(check, [1, -2, 30])


def test_a_table_of_one_row_is_answered_by_one_value():
    assert said(OF_SOME_ROWS["head"], [1]) == 0
    assert said(OF_SOME_ROWS["head"], [-1]) == 1
    with pytest.raises(NotRun, match="null"):
        said(own(lambda frame: frame.select(X.mean() > 0)), [None])


UNWATCHED = {
    "sort is not watched": own(lambda frame: frame.sort("x").select(X > 0)),
    "collect is not watched": own(lambda frame: frame.collect().select(X > 0).lazy()),
    "group_by is not watched": own(lambda frame: frame.group_by("x").agg(pl.len() > 0)),
    "it answers no frame": own(lambda _: pl.LazyFrame({"x": [True]})),
    "use element_wise": own(
        lambda frame: frame.select(X.map_batches(lambda s: s > 0, return_dtype=pl.Boolean))
    ),
    "it answers no true and false": own(lambda frame: frame.select(X)),
}


@pytest.mark.parametrize(("says", "check"), UNWATCHED.items(), ids=UNWATCHED)
def test_what_cannot_be_watched_says_what_to_write(says, check):
    with pytest.raises(NotRun, match=says):
        said(check, [1, 2])


def test_several_columns_of_answers_are_one_answer():
    both = own(lambda frame: frame.select(a=X > 1, b=X < 4))
    assert said(both, [1, 2, 5, None]) == 2
