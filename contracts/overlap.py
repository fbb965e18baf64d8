"""Counts how two landings overlap: finds the keys of one in the other and compares amounts.

    ours ─ keys, sums ─┐
    theirs ─ keys, sums ─┴─ part by part: join ─▶ KeysFound

Keys that are too many for memory are compared in parts by their hash (`contracts.keys`).
"""

from __future__ import annotations

import tempfile
from array import array
from collections.abc import Iterator
from decimal import Context, Decimal, localcontext
from pathlib import Path

import polars as pl
import pyarrow as pa

from contracts.evaluation import AmountsFound, KeysFound
from contracts.keys import KEY, SUM, Bounds, Keys, MakeRoom
from contracts.promises import Amount, Reconciliation
from contracts.reconcilable import anchor

_SLICE = 50_000
"""Sums that are Python numbers at one time."""
_EXACT = Context(prec=200)
"""Enough digits to multiply numbers of 38 digits by a factor without rounding."""
_BOUNDS = Bounds()


def count(
    promised: Reconciliation,
    ours: Path,
    theirs: Path,
    *,
    bounds: Bounds = _BOUNDS,
    make_room: MakeRoom = lambda *_: None,
) -> KeysFound:
    """Count keys and amounts of `promised` in two landed Parquet files that have its columns.

    Raises RuntimeError where Polars panics, and what `make_room` raises of a temporary folder.
    """
    amount, parts = promised.amount, bounds.parts(ours, theirs)
    our_amount, their_amount = (amount.ours, amount.theirs) if amount else (None, None)
    with tempfile.TemporaryDirectory(prefix="keys-") as folder:  # for us alone (0700)
        our_keys, their_keys = (
            Keys(Path(folder, side), parts, bounds, make_room) for side in ("ours", "theirs")
        )
        try:
            our_keys.read(ours, promised.ours, anchor(promised.our_form), our_amount)
            their_keys.read(theirs, promised.theirs, anchor(promised.their_form), their_amount)
            return _count(our_keys, their_keys, amount)
        except pl.exceptions.PanicException as error:  # a BaseException, which would end the run
            raise RuntimeError("polars panicked") from error


def _count(ours: Keys, theirs: Keys, amount: Amount | None) -> KeysFound:
    keys = formless = found = known = 0
    compared = _Compared(amount) if amount else None
    for our_part, their_part in _parts(ours, theirs):
        both = our_part.join(their_part, on=KEY, how="inner")  # a null never joins
        keys += our_part.height
        formless += our_part[KEY].null_count()
        found += both.height
        known += their_part.height - their_part[KEY].null_count()
        if compared is not None:
            compared.add(both)
    return KeysFound(
        keys=keys,
        formless=formless,
        found=found,
        their_keys=known,
        amounts=compared.found() if compared else None,
    )


def _parts(ours: Keys, theirs: Keys) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """All keys at once, or part by part where one side is on disk."""
    if ours.are_on_disk or theirs.are_on_disk:
        yield from ((ours.part(number), theirs.part(number)) for number in range(ours.parts))
    else:
        yield ours.whole(), theirs.whole()


class _Compared:
    """The amounts of matching keys, compared so far: eight bytes for each pair that differs."""

    def __init__(self, amount: Amount) -> None:
        self._factor = amount.factor
        self._compared = self._agreeing = 0
        self._ratios = array("d")
        self._largest: float | None = None

    def add(self, both: pl.DataFrame) -> None:
        """Compare the sums of more keys."""
        self._compared += both.height
        with localcontext(_EXACT):
            for ours, theirs in _sums(both):
                if ours is not None and theirs is not None:
                    self._compare(ours, theirs * self._factor)

    def found(self) -> AmountsFound:
        """What all the pairs come to."""
        return AmountsFound(
            compared=self._compared,
            agreeing=self._agreeing,
            ratio=_round(_median(self._ratios)) if self._ratios else None,
            largest_difference=None if self._largest is None else _round(self._largest),
        )

    def _compare(self, ours: Decimal, converted: Decimal) -> None:
        if converted == ours:
            self._agreeing += 1
            return
        difference = float(abs(converted - ours) / max(abs(converted), abs(ours)))
        self._largest = max(difference, self._largest or 0.0)
        if ours:
            self._ratios.append(float(converted / ours))


def _sums(both: pl.DataFrame) -> Iterator[tuple[Decimal | None, Decimal | None]]:
    for part in both.select(SUM, f"{SUM}_right").iter_slices(_SLICE):
        yield from part.iter_rows()


def _median(ratios: array[float]) -> float:
    buffers = [None, pa.py_buffer(ratios)]
    values = pl.Series(pa.Array.from_buffers(pa.float64(), len(ratios), buffers))
    median = values.median()
    assert isinstance(median, float)
    return median


def _round(number: float) -> float:
    """To four digits: enough to recognise a unit, too few to reveal an amount."""
    return float(f"{number:.4g}")
