"""Counts how two landings overlap: finds the keys of one in the other and compares amounts.

    ours ─ batches ─ key by form ─ distinct, sums ─┐
    theirs ─ batches ─ key by form ─ distinct, sums ─┴─ join ─▶ KeysFound

Memory grows with the number of distinct keys, not with the number of rows (Polars' own streaming
grows with the rows). Sums are decimals of 38 digits. Polars does not always report their overflow,
so `contracts.reconcilable` limits the digits of an amount.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from decimal import Context, Decimal, localcontext
from pathlib import Path
from statistics import median

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from contracts.evaluation import AmountsFound, KeysFound
from contracts.promises import Amount, Reconciliation
from contracts.reconcilable import anchor

_KEY, _FORMLESS, _SUM = "key", "formless", "sum"
_BATCH = 262_144
"""Rows per batch. Parts are merged when they exceed this and what was merged before."""
_SLICE = 50_000
"""Sums that are Python numbers at one time."""
_EXACT = Context(prec=200)
"""Enough digits to multiply numbers of 38 digits by a factor without rounding."""


def count(promised: Reconciliation, ours: Path, theirs: Path) -> KeysFound:
    """Count keys and amounts of `promised` in two landed Parquet files that have its columns.

    Raises RuntimeError where Polars panics.
    """
    amount = promised.amount
    our_form, their_form = anchor(promised.our_form), anchor(promised.their_form)
    try:
        our_keys = _keys(ours, promised.ours, our_form, amount.ours if amount else None)
        their_keys = _keys(theirs, promised.theirs, their_form, amount.theirs if amount else None)
        both = our_keys.join(their_keys, on=_KEY, how="inner")  # a null never joins
    except pl.exceptions.PanicException as error:  # a BaseException, which would end the run
        raise RuntimeError("polars panicked") from error
    return KeysFound(
        keys=our_keys.height,
        formless=our_keys[_KEY].null_count(),
        found=both.height,
        their_keys=their_keys.height - their_keys[_KEY].null_count(),
        amounts=_compare(both, amount) if amount else None,
    )


def _keys(path: Path, column: str, form: str, amount: str | None) -> pl.DataFrame:
    """Each distinct key of a file with the sum of its amounts, which is null if one is missing. A
    text that does not match the form has a null key and stands in `formless`.
    """
    file = pq.ParquetFile(path, page_checksum_verification=True, pre_buffer=False)
    columns = list(dict.fromkeys(filter(None, (column, amount))))
    none = _frame(file.schema_arrow.empty_table().select(columns))
    text = pl.col(column).cast(pl.String)
    key = text.str.extract(form, 1)
    wanted = [key.alias(_KEY), pl.when(key.is_null()).then(text).alias(_FORMLESS)]
    if amount is not None:
        wanted.append(pl.col(amount).cast(_wide_decimal(none.schema[amount])).alias(_SUM))
    merged = _distinct(none.select(wanted))
    parts: list[pl.DataFrame] = []
    for batch in file.iter_batches(_BATCH, columns=columns):
        parts.append(_distinct(_frame(batch).select(wanted)))
        if sum(part.height for part in parts) > max(_BATCH, merged.height):
            merged, parts = _distinct(pl.concat([merged, *parts])), []
    return _distinct(pl.concat([merged, *parts]))


def _frame(arrow: pa.Table | pa.RecordBatch) -> pl.DataFrame:
    frame = pl.from_arrow(arrow)
    assert isinstance(frame, pl.DataFrame)
    return frame


def _wide_decimal(dtype: pl.DataType) -> pl.Decimal:
    return pl.Decimal(38, dtype.scale if isinstance(dtype, pl.Decimal) else 0)


def _distinct(rows: pl.DataFrame) -> pl.DataFrame:
    sums = pl.when(pl.col(_SUM).null_count() == 0).then(pl.col(_SUM).sum())
    return rows.group_by(_KEY, _FORMLESS).agg([sums] if _SUM in rows.columns else [])


def _compare(both: pl.DataFrame, amount: Amount) -> AmountsFound:
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
        ratio=_round(median(ratios)) if ratios else None,
        largest_difference=_round(max(differences)) if differences else None,
    )


def _sums(both: pl.DataFrame) -> Iterator[tuple[Decimal | None, Decimal | None]]:
    for part in both.select(_SUM, f"{_SUM}_right").iter_slices(_SLICE):
        yield from part.iter_rows()


def _round(number: float) -> float:
    """To four digits: enough to recognise a unit, too few to reveal an amount."""
    return float(f"{number:.4g}")
