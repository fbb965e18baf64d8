"""Checks of a promise by groups: what a group is told by must be exact, short and public."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from contracts.classification import class_of
from contracts.promises import Contract, Groups

if TYPE_CHECKING:
    import polars as pl


def group_problems(promised: Groups, contract: Contract) -> Iterator[str]:
    """Why a column cannot be grouped by, or is not to be shown, and numbers that cannot be."""
    name = promised.by
    if name not in contract.schema.columns:
        yield f"groups.by names {name}, which is not a column: correct the name"
        return
    if class_of(contract.classified, name) != "public":
        yield (
            f"groups.by names {name}, whose values evidence may not show, and groups are told by "
            f'name: say classified={{"{name}": "public"}}, or group by another column'
        )
    low, high = promised.volume.minimum, promised.volume.maximum
    if low < 0 or (high is not None and high < low):
        yield "groups.volume must run from a minimum of at least 0 up to its maximum"
    dtype = contract.schema.columns[name].dtype
    if dtype is None:
        return
    kinds = _kinds(dtype.type)
    if not kinds:
        yield (
            f"groups.by names {name} of type {dtype}: group by texts, whole numbers, dates or "
            "booleans"
        )
        return
    for value in promised.ended:
        if type(value) not in kinds:
            wanted = " or ".join(kind.__name__ for kind in kinds)
            yield f"ended of groups has {value!a}, which {name} never holds: give a {wanted}"


def _kinds(dtype: pl.DataType | type[pl.DataType]) -> tuple[type, ...]:
    """The types that a value of this type has in Python; none for what is not grouped by."""
    if dtype.is_integer():
        return (int,)
    return {"String": (str,), "Boolean": (bool,), "Date": (date,)}.get(str(dtype), ())
