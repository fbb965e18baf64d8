"""Checks that can never run on their column's type are refused before the night."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pandera.polars as pa
import polars as pl
import pytest

from contracts.bounds import argument_problems
from contracts.checks import check
from contracts.engines import evaluate
from contracts.engines.trial import try_once
from contracts.promises import ContractError
from tests.contracts.landed import contract, land, row

NEW_YEAR = datetime.fromisoformat("2026-01-01T00:00:00")
BERLIN = NEW_YEAR.replace(tzinfo=ZoneInfo("Europe/Berlin"))
UTC_TIME = pl.Datetime("us", "UTC")
X = pl.col("x")

NEVER: dict[str, tuple[Any, pa.Check]] = {
    "isin: its bound 0.1 is a float": (pl.Decimal(12, 2), pa.Check.isin([0.1, 0.2])),
    "isin: its bound 'a' does not fit the type Int64": (pl.Int64, pa.Check.isin(["a"])),
    "isin: its bound 'a' does not fit the type Float64": (pl.Float64, pa.Check.isin(["a"])),
    "give times with a zone, as": (UTC_TIME, pa.Check.ge(NEW_YEAR)),
    "give times without a zone": (pl.Datetime("us"), pa.Check.ge(NEW_YEAR.replace(tzinfo=UTC))),
    "give dates, as date(": (pl.Date, pa.Check.isin([NEW_YEAR])),
    "str_matches: it is for texts": (pl.Int64, pa.Check.str_matches("^1")),
    "str_length: it is for texts": (pl.Date, pa.Check.str_length(1, 2)),
    "str_startswith: it is for texts": (pl.Decimal(12, 2), pa.Check.str_startswith("1")),
    "give texts": (pl.String, pa.Check.gt(5)),
    "give True or False": (pl.Boolean, pa.Check.isin([1, 0])),
    "give bytes": (pl.Binary, pa.Check.eq("a")),
}


@pytest.mark.parametrize(("says", "given"), NEVER.items(), ids=NEVER)
def test_a_check_that_can_never_run_says_what_to_write(says, given):
    dtype, never = given
    refused(says, contract(x=pa.Column(dtype, never, description="x")))


OWN: dict[str, pl.Expr] = {
    "it raises even where there is nothing": pl.col("nowhere") > 0,
    "it raises even": X.str.len_chars() > 0,
    "it answers no true and false": X,
}


@pytest.mark.parametrize(("says", "answer"), OWN.items(), ids=OWN)
@pytest.mark.parametrize("of", ["column", "table"])
def test_an_own_check_that_can_never_run_is_refused(says, answer, of):
    never = pa.Check(lambda data: data.lazyframe.select(answer), name="own")
    of_column = never if of == "column" else []
    x = pa.Column(pl.Int64, of_column, description="x")
    where = "column x" if of == "column" else "the table"
    schema = {} if of == "column" else {"checks": [never]}
    refused(f"{where} has a check that cannot run: own: {says}", contract(schema=schema, x=x))


def test_a_frame_that_is_not_watched_is_refused_by_day():
    collects = pa.Check(lambda data: data.lazyframe.collect().select(X > 0).lazy(), name="own")
    refused("own: collect is not", contract(x=pa.Column(pl.Int64, collects, description="x")))


RUN: dict[str, tuple[Any, pa.Check]] = {
    "a float that is whole": (pl.Int64, pa.Check.in_range(0, 1e18)),
    "a finer decimal": (pl.Decimal(12, 2), pa.Check.le(Decimal("0.125"))),
    "a decimal": (pl.Int64, pa.Check.gt(Decimal("0.5"))),
    "a float": (pl.Float64, pa.Check.in_range(0, 0.5)),
    "a time in UTC": (UTC_TIME, pa.Check.ge(BERLIN.astimezone(UTC))),
    "a time elsewhere": (UTC_TIME, pa.Check.ge(BERLIN)),
    "whole numbers for floats": (pl.Float64, pa.Check.isin([1, 2])),
    "a day": (UTC_TIME, pa.Check.ge(NEW_YEAR.date())),
    "a value of the only row": (
        pl.Int64,
        pa.Check(lambda data: data.lazyframe.select(X.get(0) > 0), name="first"),
    ),
    "python": (pl.Int64, pa.Check(lambda value: value > 0, element_wise=True, name="python")),
}


@pytest.mark.parametrize(("dtype", "runs"), RUN.values(), ids=RUN)
def test_a_check_that_can_run_is_accepted(dtype, runs):
    check(contract(x=pa.Column(dtype, runs, description="x")))


def test_the_engine_refuses_what_nobody_checked(tmp_path):
    """A contract that was never checked is judged by the same rule."""
    loose = contract(key=pa.Column(pl.Int64, pa.Check.gt(0.5), description="number"))
    found = evaluate(loose, land(tmp_path, loose, [row(1)]))
    [failed] = [rule for rule in found.rules if rule.error]
    assert failed.checked == 0
    assert failed.error == (
        "its bound 0.5 is a float, which is compared inexactly here: "
        "give Decimal('0.5') or a whole number"
    )


DTYPES: list[Any] = [
    *(pl.Int8(), pl.Int64(), pl.UInt64(), pl.Decimal(12, 2), pl.Float32(), pl.Float64()),
    *(pl.String(), pl.Boolean(), pl.Binary(), pl.Date(), pl.Datetime("us"), UTC_TIME),
    *(pl.Datetime("ns"), pl.Datetime("ms"), pl.Datetime("ns", "Europe/Berlin")),
]
BOUNDS: list[Any] = [
    *(5, 2**70, -(2**70), 1.5, 2.0, Decimal("0.5"), Decimal("0.0055"), "a", True, b"a"),
    *(NEW_YEAR.date(), NEW_YEAR, NEW_YEAR.replace(tzinfo=UTC), BERLIN, NEW_YEAR - NEW_YEAR),
]


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_what_is_not_refused_runs_on_its_type(dtype):
    """The other way round the table of types would be a guess about polars."""
    table = pl.DataFrame(schema={"x": dtype})
    checks = [
        *(getattr(pa.Check, name)(one) for name in ("eq", "ne", "ge", "lt") for one in BOUNDS),
        *(pa.Check.isin([*some]) for some in [*((one,) for one in BOUNDS), *pairwise(BOUNDS)]),
        *(pa.Check.str_matches("a"), pa.Check.str_length(1, 2), pa.Check.str_endswith("a")),
    ]
    runs = [one for one in checks if not list(argument_problems(one, (dtype,)))]
    assert [one for one in runs if try_once(one, "x", table)] == []
    assert len(runs) >= len(checks) // 20


@pytest.mark.parametrize("pattern", ["(?x) a b", "(?ix)a", "^(?x:a b)$"])
def test_a_pattern_in_verbose_form_is_refused(pattern):
    column = pa.Column(pl.String, pa.Check.str_contains(pattern), description="x")
    refused("str_contains has a pattern in verbose form", contract(x=column))


@pytest.mark.parametrize("pattern", [r"\(?x", "[(?x]", "(?P<x>a)", "(?i)x"])
def test_an_x_that_is_no_flag_is_fine(pattern):
    check(contract(x=pa.Column(pl.String, pa.Check.str_contains(pattern), description="x")))


def refused(says, bad):
    with pytest.raises(ContractError) as raised:
        check(bad)
    assert says in str(raised.value)
    assert "\n" not in str(raised.value)
