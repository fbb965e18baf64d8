"""What docs/checks.md shows is what happens."""

from __future__ import annotations

from typing import Any

import pandera.polars as pa
import polars as pl
import pytest

from contracts.engines.answer import count_failures
from contracts.engines.strict import NotRun
from tests.docs import REPOSITORY, snippets

PAGE = REPOSITORY / "docs" / "checks.md"
FRAME = pl.DataFrame(
    {
        "x": pl.Series([0, 2], dtype=pl.UInt64),
        "y": pl.Series([2**63, 2], dtype=pl.UInt64),
        "text": ["a", "abcd"],
        "price": pl.Series(["0.05", "9.00"]).cast(pl.Decimal(12, 2)),
        "rate": pl.Series(["0.05", "0.50"]).cast(pl.Decimal(12, 2)),
        "pieces": pl.Series(["2.00", "3.00"]).cast(pl.Decimal(12, 2)),
    }
)
X, PRICE, LENGTH = pl.col("x"), pl.col("price"), pl.col("text").str.len_chars()
INSTEAD: list[tuple[pl.Expr, pl.Expr, int]] = [
    (X - 1 >= 0, X.cast(pl.Int128) - 1 >= 0, 1),
    (pl.col("y") * 2 >= 4, pl.col("y").cast(pl.Int128) * 2 >= 4, 0),
    (LENGTH - 3 >= 0, LENGTH >= 3, 1),
    (X**3 < 5, X * X * X < 5, 1),
    (PRICE * pl.col("rate") > 0, PRICE.cast(pl.Decimal(38, 4)) * pl.col("rate") > 0, 0),
    (PRICE / pl.col("pieces") <= 3, 3 * pl.col("pieces") >= PRICE, 0),
    (pl.col("y") < 1e18, pl.col("y") < 10**18, 1),
    (X.map_batches(lambda s: s < 9, return_dtype=pl.Boolean), pl.len().over("x") < 9, 0),
]


def test_the_example_is_judged_as_it_says() -> None:
    (example,) = snippets(PAGE, "python")
    held: dict[str, Any] = {}
    exec(compile(example, "docs/checks.md", "exec"), held)
    schema = held["schema"]
    frame = pl.DataFrame(
        {"price": [5, 3], "cost": [4, 4]}, schema=dict.fromkeys(("price", "cost"), pl.UInt64)
    )
    [earns], [settles] = schema.columns["price"].checks, schema.checks
    assert count_failures(earns, "price", frame) == 1
    assert count_failures(settles, None, frame) == 0
    nothing = frame.with_columns(price=pl.lit(None, dtype=pl.UInt64))
    assert count_failures(settles, None, nothing) == 2


@pytest.mark.parametrize(("wrong", "right", "failed"), INSTEAD, ids=lambda given: str(given)[:40])
def test_what_is_not_run_can_be_written(wrong: pl.Expr, right: pl.Expr, failed: int) -> None:
    def own(answer: pl.Expr) -> pa.Check:
        return pa.Check(lambda data: data.lazyframe.select(answer), name="own")

    with pytest.raises(NotRun):
        count_failures(own(wrong), None, FRAME)
    assert count_failures(own(right), None, FRAME) == failed
