"""Checks of a reconciliation: keys must have one text form, amounts must be exact numbers."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from contracts.promises import Reconciliation

if TYPE_CHECKING:
    import pandera.polars as pa


LONGEST = 28
"""Digits of an amount. The sum of ten thousand million of them fits into 38 digits."""


def anchor(form: str) -> str:
    """The pattern that matches `form` with the whole text of a key, line breaks included."""
    return f"^(?s:{form})$"


def problems_of_ours(promised: Reconciliation, schema: pa.DataFrameSchema) -> Iterator[str]:
    """What is wrong with the referring dataset's columns, and with the promise itself."""
    if not all(promised.dataset.partition(".")):
        yield f"reconciles names {promised.dataset}, which is no dataset: write source.dataset"
    for name, form in (("our_form", promised.our_form), ("their_form", promised.their_form)):
        yield from (f"{name} of reconciles {problem}" for problem in _form_problems(form))
    amount = promised.amount
    yield from _column_problems(promised.ours, amount.ours if amount else None, schema)
    if amount is not None and not _above_zero(amount.factor):
        yield "the factor of an amount must be a Decimal above 0"


def problems_of_theirs(promised: Reconciliation, schema: pa.DataFrameSchema) -> Iterator[str]:
    """What is wrong with the columns of the dataset that it refers to."""
    amount = promised.amount
    yield from _column_problems(promised.theirs, amount.theirs if amount else None, schema)


def _column_problems(key: str, amount: str | None, schema: pa.DataFrameSchema) -> Iterator[str]:
    for name in filter(None, (key, amount)):
        if name not in schema.columns:
            yield f"reconciles names {name}, which is not a column: correct the name"
            return
    dtype = schema.columns[key].dtype
    if dtype is not None and not (dtype.type.is_integer() or str(dtype) == "String"):
        yield f"reconciles names {key}, which is no key: keys are text or integers"
    dtype = schema.columns[amount].dtype if amount else None
    if dtype is not None and not (dtype.type.is_integer() or dtype.type.is_decimal()):
        yield f"reconciles names {amount}, which is no integer and no decimal: sums must be exact"
    elif dtype is not None and dtype.type.is_decimal() and dtype.type.precision > LONGEST:
        yield f"reconciles names {amount}: an amount has at most {LONGEST} digits, to be summed"


def _form_problems(form: str) -> Iterator[str]:
    import polars as pl

    groups = []
    for pattern in (form, anchor(form)):  # `a)|(b` is valid only inside the anchor's brackets
        try:
            captured = pl.select(pl.lit("").str.extract_groups(pattern)).to_series()
        except pl.exceptions.ComputeError:
            yield "is refused by the linear-time engine: use no look-around, close every bracket"
            return
        groups.append(len(captured.struct.fields))
    if groups != [1, 1]:
        yield "needs exactly one group, around what both sides have in common"


def _above_zero(factor: object) -> bool:
    return isinstance(factor, Decimal) and factor.is_finite() and factor > 0
