"""Positive controls: what the guards of the engine stop passes where Pandera alone decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandera.polars as pa
import polars as pl
import pytest

from contracts.engines import answer
from contracts.engines.answer import count_failures
from contracts.engines.arithmetic import Watched
from contracts.engines.strict import NotRun

X = pl.col("x")


def own(expression: pl.Expr) -> pa.Check:
    return pa.Check(lambda data: data.lazyframe.select(expression), name="own")


def column(*values: int | None, dtype: Any = pl.Int64) -> pl.DataFrame:
    return pl.DataFrame({"x": pl.Series(values, dtype=dtype)})


STOPPED: dict[str, tuple[pa.Check, pl.DataFrame]] = {
    "the mean of nothing": (own(X.mean() > 3), column(None, None)),
    "a condition without its else": (own(pl.when(X > 3).then(X < 9)), column(4, 2)),
    "one row for three": (own(X.head(1) > 0), column(1, -2, -30)),
    "an unsigned number below 0": (own(X - 1 >= 0), column(5, 0, dtype=pl.UInt64)),
    "a square beyond 32 bits": (own(X * X <= 2_000_000_000), column(100_000, dtype=pl.Int32)),
    "a float bound": (pa.Check.in_range(0, 1e18), column(10**18 + 63)),
}


@pytest.mark.parametrize(("check", "frame"), STOPPED.values(), ids=STOPPED)
def test_it_passes_where_nothing_guards(check, frame):
    assert check(frame.lazy(), "x").check_passed.collect().item() is True


@pytest.mark.parametrize(("check", "frame"), STOPPED.values(), ids=STOPPED)
def test_it_never_passes_here(check, frame):
    try:
        failed = count_failures(check, "x", frame)
    except NotRun:
        return
    assert failed > 0


def unwatched(_: object) -> None:
    """Says nothing of what wrapped."""


SWITCHES: dict[str, tuple[str, object, str, Callable[..., Any]]] = {
    "rows or table": ("one row for three", answer, "_speaks_of_table", lambda *_: True),
    "arithmetic": ("an unsigned number below 0", Watched, "verify", unwatched),
    "values of the row": (
        "a condition without its else",
        answer,
        "_left_out",
        lambda _, frame: pl.Series([True] * frame.collect().height),
    ),
    "exact bounds": (
        "a float bound",
        answer,
        "exact_arguments",
        lambda check, _: dict(check.statistics),
    ),
}


@pytest.mark.parametrize(("of", "owner", "name", "off"), SWITCHES.values(), ids=SWITCHES)
def test_without_its_guard_it_would_pass_here_too(monkeypatch, of, owner, name, off):
    monkeypatch.setattr(owner, name, off)
    check, frame = STOPPED[of]
    assert count_failures(check, "x", frame) == 0
