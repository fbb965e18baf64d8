"""A source that writes something where it has no value has a missing value there all the same."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pandera.polars as pa
import polars as pl
import pytest

from contracts.engines import evaluate
from contracts.evaluation import ColumnProfile, Evaluation
from contracts.grid import grid
from contracts.profile import profile
from contracts.promises import Promises
from tests.contracts.landed import contract, failures, land, row

PLAIN = contract()
TOLD = contract({"missing_as": ("N/A", r"\N", "-")})


def evaluated(folder: Path, judged: Any, *segments: str | None) -> Evaluation:
    rows = [row(n, segment=segment) for n, segment in enumerate(segments, 1)]
    return evaluate(judged, land(folder, judged, rows))


def missing(result: Evaluation) -> dict[str, int]:
    return {field.column: field.missing for field in result.missing}


BLANK = ["", " ", "\t", " \r\n", "\N{NO-BREAK SPACE}", "\N{IDEOGRAPHIC SPACE}\N{EM SPACE}"]
BLANK += ["\N{ZERO WIDTH SPACE}", "\ufeff", "\N{SOFT HYPHEN} ", "\0\0\0"]


@pytest.mark.parametrize("text", BLANK, ids=ascii)
def test_a_blank_text_is_missing_where_a_bound_is_promised(text: str, tmp_path: Path) -> None:
    assert missing(evaluated(tmp_path, PLAIN, "A", text))["segment"] == 1


def test_missing_values_are_counted_alone_and_jointly(tmp_path: Path) -> None:
    rows = [
        row(1, segment=None),
        row(2, weight=math.nan),
        row(3, segment=None, weight=None),
        row(4, segment=""),
        row(5),
    ]
    result = evaluate(PLAIN, land(tmp_path, PLAIN, rows))
    assert {m.column: (m.missing, m.rows) for m in result.missing} == {
        "segment": (3, 5),
        "weight": (2, 5),
    }
    assert result.missing_jointly == 4


def test_without_a_bound_a_blank_text_is_a_value(tmp_path: Path) -> None:
    free = contract({"missing": {"weight": 0.05}, "missing_jointly": 0.05})
    result = evaluated(tmp_path, free, "A", "")
    assert (missing(result), result.missing_jointly) == ({"weight": 0}, 0)
    assert failures(result) == {}


def test_a_text_that_the_contract_names_is_missing(tmp_path: Path) -> None:
    result = evaluated(tmp_path, TOLD, "A", "N/A", r"\N", " - ", "n/a", "N/A?", None)
    assert missing(result)["segment"] == 4
    assert result.missing_jointly == 4


def test_a_text_that_no_contract_names_is_a_value(tmp_path: Path) -> None:
    assert missing(evaluated(tmp_path, PLAIN, "A", "N/A"))["segment"] == 0


def test_every_other_rule_takes_it_for_text(tmp_path: Path) -> None:
    """A rule on values says itself what it allows."""
    some = pa.Column(pl.String, pa.Check.isin(["A"]), nullable=True, description="segment")
    judged = contract({"missing_as": ("N/A",)}, segment=some)
    assert failures(evaluated(tmp_path, judged, "A", "N/A", None)) == {("isin(A)", "segment"): 1}


def counted(folder: Path, *segments: str | None, on: Any = TOLD) -> ColumnProfile:
    """The profile of these values on the grid of the first ones."""
    usual = land(folder, on, [row(n, segment="AB"[n % 2]) for n in range(1, 41)])
    chosen = grid(on, usual, dataset="shop.orders")
    rows = [row(n, segment=segment) for n, segment in enumerate(segments, 1)]
    found = profile(on, chosen, land(folder, on, rows))
    return next(column for column in found.columns if column.column == "segment")


def test_the_profile_counts_the_same_values_as_missing(tmp_path: Path) -> None:
    """A comment left blank is no new category: the model has nothing to learn from it."""
    column = counted(tmp_path, "A", "", " N/A", None, "C")
    assert column.categories is not None
    assert (column.missing, column.categories.counts) == (3, (1, 0, 1))


def test_a_category_of_the_reference_stays_one(tmp_path: Path) -> None:
    """A reference that was made before has `N/A` as a value, and is compared as it was made."""
    before = contract({"missing": {"weight": 0.05}, "missing_jointly": 0.05})
    usual = [row(n, segment=("A", "N/A")[n % 2]) for n in range(1, 41)]
    chosen = grid(before, land(tmp_path, before, usual), dataset="shop.orders")
    found = profile(TOLD, chosen, land(tmp_path, TOLD, usual))
    column = next(column for column in found.columns if column.column == "segment")
    assert column.categories is not None
    assert (column.missing, column.categories.counts) == (0, (20, 20, 0))


@pytest.mark.parametrize("promise", ["missing_as", "control_characters"])
def test_one_text_is_no_tuple(promise: str) -> None:
    with pytest.raises(TypeError, match=f"{promise} is a str: write it as a tuple"):
        Promises(key=("key",), **{promise: "N/A"})
