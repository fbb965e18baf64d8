"""Counting how two landings overlap: the keys of one looked for in the other, amounts compared.

    ours ─ batches ─ key by form ─ distinct, sums ─┐
    theirs ─ batches ─ key by form ─ distinct, sums ─┴─ join ─▶ KeysFound

What is held in memory is a few rows for each distinct key, however many rows there are (Polars'
own streaming holds more the more there are). Sums are decimals of 38 digits, and Polars does not
always say when they hold no more: `contracts.reconcilable` lets no amount be that long.
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
from contracts.reconcilable import whole

_KEY, _FORMLESS, _SUM = "key", "formless", "sum"
_BATCH = 262_144
"""Rows at a time; parts are gathered when they hold more, and more than was gathered before."""
_SLICE = 50_000
"""Sums at a time that are Python's numbers."""
_EXACT = Context(prec=200)
"""Digits enough for two numbers of 38 digits and a factor: nothing is ever rounded to them."""


def count(promised: Reconciliation, ours: Path, theirs: Path) -> KeysFound:
    """Count what `promised` says of two landed Parquet files that have its columns."""
    amount = promised.amount
    our_form, their_form = whole(promised.our_form), whole(promised.their_form)
    try:
        our_keys = _keys(ours, promised.ours, our_form, amount.ours if amount else None)
        their_keys = _keys(theirs, promised.theirs, their_form, amount.theirs if amount else None)
        both = our_keys.join(their_keys, on=_KEY, how="inner")  # a null joins with nothing
    except pl.exceptions.PanicException as error:  # a BaseException, which would end the run
        raise RuntimeError("polars panicked") from error
    return KeysFound(
        keys=our_keys.height,
        formless=our_keys[_KEY].null_count(),
        found=both.height,
        their_keys=their_keys.height - their_keys[_KEY].null_count(),
        amounts=_compared(both, amount) if amount else None,
    )


def _keys(path: Path, column: str, form: str, amount: str | None) -> pl.DataFrame:
    """Each distinct key of a file once, and each text without the form in place of its key; with
    the sum of its amounts, null where one is missing.
    """
    file = pq.ParquetFile(path, page_checksum_verification=True, pre_buffer=False)
    named = list(dict.fromkeys(filter(None, (column, amount))))
    none = _frame(file.schema_arrow.empty_table().select(named))
    text = pl.col(column).cast(pl.String)
    key = text.str.extract(form, 1)
    wanted = [key.alias(_KEY), pl.when(key.is_null()).then(text).alias(_FORMLESS)]
    if amount is not None:
        wanted.append(pl.col(amount).cast(_exact(none.schema[amount])).alias(_SUM))
    gathered = _distinct(none.select(wanted))
    parts: list[pl.DataFrame] = []
    for batch in file.iter_batches(_BATCH, columns=named):
        parts.append(_distinct(_frame(batch).select(wanted)))
        if sum(part.height for part in parts) > max(_BATCH, gathered.height):
            gathered, parts = _distinct(pl.concat([gathered, *parts])), []
    return _distinct(pl.concat([gathered, *parts]))


def _frame(arrow: pa.Table | pa.RecordBatch) -> pl.DataFrame:
    frame = pl.from_arrow(arrow)
    assert isinstance(frame, pl.DataFrame)
    return frame


def _exact(dtype: pl.DataType) -> pl.Decimal:
    return pl.Decimal(38, dtype.scale if isinstance(dtype, pl.Decimal) else 0)


def _distinct(rows: pl.DataFrame) -> pl.DataFrame:
    sums = pl.when(pl.col(_SUM).null_count() == 0).then(pl.col(_SUM).sum())
    return rows.group_by(_KEY, _FORMLESS).agg([sums] if _SUM in rows.columns else [])


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
    for part in both.select(_SUM, f"{_SUM}_right").iter_slices(_SLICE):
        yield from part.iter_rows()


def _rounded(number: float) -> float:
    """To four digits: enough to know a unit by, too few to know an amount by."""
    return float(f"{number:.4g}")
