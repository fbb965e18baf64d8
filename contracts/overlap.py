"""Counting how two landings overlap: the keys of one looked for in the other, amounts compared.

    ours ─ key by form ─ distinct, sums ─┐
    theirs ─ key by form ─ distinct, sums ─┴─ join ─▶ KeysFound

Polars streams both files; what is held in memory is a row for each distinct key. Sums are decimals
of 38 digits, where more than they hold is an error, and are compared exactly.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from decimal import Context, Decimal, localcontext
from pathlib import Path
from statistics import median

import polars as pl

from contracts.interface import Amount, AmountsFound, KeysFound, Reconciliation
from contracts.reconcilable import whole

_KEY = "key"
_SLICE = 50_000
"""Sums at a time that are Python's numbers."""
_EXACT = Context(prec=200)
"""Digits enough for two numbers of 38 digits and a factor: nothing is ever rounded to them."""


def count(promised: Reconciliation, ours: Path, theirs: Path) -> KeysFound:
    """Count what `promised` says of two landed Parquet files that have its columns."""
    amount = promised.amount
    our_form, their_form = whole(promised.our_form), whole(promised.their_form)
    try:
        formless = _formless(ours, promised.ours, our_form)
        our_keys = _keys(ours, promised.ours, our_form, amount.ours if amount else None)
        their_keys = _keys(theirs, promised.theirs, their_form, amount.theirs if amount else None)
        both = our_keys.join(their_keys, on=_KEY, how="inner", suffix="_theirs")
    except pl.exceptions.PanicException as error:  # a BaseException, which would end the run
        raise RuntimeError("polars panicked") from error
    return KeysFound(
        keys=our_keys.height + formless,
        formless=formless,
        found=both.height,
        their_keys=their_keys.height,
        amounts=_compared(both, amount) if amount else None,
    )


def _formless(path: Path, column: str, form: str) -> int:
    """Distinct texts without the form, the null among them."""
    text = pl.col(column).cast(pl.String)
    without = pl.scan_parquet(path).select(text).filter(text.str.extract(form, 1).is_null())
    return int(without.select(pl.col(column).n_unique()).collect(engine="streaming").item())


def _keys(path: Path, column: str, form: str, amount: str | None) -> pl.DataFrame:
    """Each distinct key of a file once, with the sum of its amounts: null where one is missing."""
    rows = pl.scan_parquet(path)
    key = pl.col(column).cast(pl.String).str.extract(form, 1).alias(_KEY)
    if amount is None:
        return rows.select(key).drop_nulls().unique().collect(engine="streaming")
    exact = pl.col(amount).cast(pl.Decimal(38, _scale(rows, amount)))
    summed = pl.when(pl.col(amount).null_count() == 0).then(pl.col(amount).sum())
    grouped = rows.select(key, exact).drop_nulls(_KEY).group_by(_KEY).agg(summed.alias("sum"))
    return grouped.collect(engine="streaming")


def _scale(rows: pl.LazyFrame, amount: str) -> int:
    dtype = rows.collect_schema()[amount]
    return dtype.scale if isinstance(dtype, pl.Decimal) else 0


def _compared(both: pl.DataFrame, amount: Amount) -> AmountsFound:
    agreeing = 0
    ratios, differences = array("d"), array("d")
    with localcontext(_EXACT):
        for ours, theirs in _sums(both):
            if ours is None or theirs is None:
                continue
            converted = theirs * amount.factor
            if converted == ours:
                agreeing += 1
                continue
            differences.append(float(abs(converted - ours) / max(abs(converted), abs(ours))))
            if ours:
                ratios.append(float(converted / ours))
    return AmountsFound(
        compared=both.height,
        agreeing=agreeing,
        ratio=_rounded(median(ratios)) if ratios else None,
        largest_difference=_rounded(max(differences)) if differences else None,
    )


def _sums(both: pl.DataFrame) -> Iterator[tuple[Decimal | None, Decimal | None]]:
    for part in both.select("sum", "sum_theirs").iter_slices(_SLICE):
        yield from part.iter_rows()


def _rounded(number: float) -> float:
    """To four digits: enough to know a unit by, too few to know an amount by."""
    return float(f"{number:.4g}")
