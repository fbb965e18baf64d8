"""The form of an expression in which nothing wraps unseen: polars lets numbers and times wrap.

    UInt64 0 - 1 is 18446744073709551615       Int8 month * 100 is -80       UInt32 length - 3

Each operation that could wrap is done in 128 bits and cast back strictly, so that it raises in
place of wrapping, as SQL does. By induction over the expression nothing wrapped if nothing raised.
A product of decimals raises where polars would round it to the larger scale.

The form of an expression is polars' own JSON, which it may change between releases: each operation
below has a test that fails if it is no longer found.
"""

from __future__ import annotations

import io
import json
import operator
from collections.abc import Callable
from typing import Any

import polars as pl

Node = Any
"""A part of polars' JSON."""

_DIVIDED = "polars divides decimals to their scale: compare products, or cast to pl.Float64 first"
_EXACT: dict[str, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    "Plus": operator.add,
    "Minus": operator.sub,
    "Multiply": operator.mul,
    "FloorDivide": operator.floordiv,
}
_COMPARED = {"Eq", "NotEq", "Lt", "LtEq", "Gt", "GtEq", "EqValidity", "NotEqValidity"}
_ONE_BY_ONE = {"CumSum", "SumHorizontal", "Diff", "Abs", "Negate"}
_UNWATCHED = {
    "Pow": "x * x",
    "Product": 'pl.col("…").cast(pl.Float64).product()',
    "CumProd": 'pl.col("…").cast(pl.Float64).cum_prod()',
    "RollingExpr.Sum": 'pl.col("…").cast(pl.Float64).rolling_sum(…)',
    "RollingExprBy.SumBy": 'pl.col("…").cast(pl.Float64).rolling_sum_by(…)',
    "ListExpr.Sum": "it without lists",
    "TemporalExpr.TotalNanoseconds": "dt.total_microseconds()",
    "TemporalExpr.Duration": 'pl.col("…") * timedelta(days=1)',
}
"""Functions that may wrap even in 128 bits, and what to write in their place."""
_NANOSECONDS = {"ns": 1, "us": 1_000, "ms": 1_000_000}
_DAY = 86_400 * 10**9
_FLOAT_DIGITS = 15
"""Any number of so many digits survives a double (IEEE 754 binary64)."""


class NotRun(Exception):
    """A check gave no answer. The message says what to write, and quotes no data."""


def tree(expression: pl.Expr) -> Node:
    """An expression as polars writes it in JSON."""
    try:
        return json.loads(expression.meta.serialize(format="json"))
    except pl.exceptions.ComputeError as error:
        raise NotRun("it calls Python in an expression: use element_wise=True") from error


def _read(node: Node) -> pl.Expr:
    return pl.Expr.deserialize(io.StringIO(json.dumps(node)), format="json")


def strict(expression: pl.Expr, frame: pl.LazyFrame) -> pl.Expr:
    """`expression` on `frame`, raising where it wraps or rounds; itself if it cannot.

    Raises NotRun where that cannot be told, with what to write.
    """
    given = tree(expression)
    try:
        checked = _checked(given, frame)
        return expression if checked == given else _read(checked)
    except pl.exceptions.PolarsError as error:
        says = "its arithmetic cannot be watched: write it on one plain column at a time"
        raise NotRun(says) from error


def _checked(node: Node, frame: pl.LazyFrame) -> Node:
    if isinstance(node, list):
        return [_checked(part, frame) for part in node]
    if not isinstance(node, dict):
        return node
    [kind, *others] = node
    if kind == "Literal" or others:
        return node if kind == "Literal" else {k: _checked(v, frame) for k, v in node.items()}
    inner = {kind: _checked(node[kind], frame)}
    expression = _FORMS[kind](inner, frame) if kind in _FORMS else None
    return inner if expression is None else tree(expression)


def _binary(node: Node, frame: pl.LazyFrame) -> pl.Expr | None:
    left, right, op = (node["BinaryExpr"][part] for part in ("left", "right", "op"))
    if op in (*_EXACT, "TrueDivide"):
        native = _dtype(node, frame)
        if native.is_decimal():
            kinds = [_dtype(side, frame) for side in (left, right)]
            return _unrounded(op, _read(left), _read(right), kinds, native.scale)
        if op == "TrueDivide":
            return None
        wide = _widening(native)
        if wide is None:
            return None
        sides = [wide(_read(side), _dtype(side, frame)) for side in (left, right)]
        return _back(_EXACT[op](*sides), native)
    if op in _COMPARED and (short := _short([left, right], frame)):
        return _read(short[0]) == _read(short[1])
    return None


def _unrounded(
    op: str, left: pl.Expr, right: pl.Expr, kinds: list[pl.DataType], scale: int
) -> pl.Expr | None:
    """A product of decimals that raises where it is rounded; polars keeps the larger scale."""
    if op == "TrueDivide":
        raise NotRun(_DIVIDED)
    digits = sum(kind.scale for kind in kinds if isinstance(kind, pl.Decimal))
    if op != "Multiply" or digits <= scale:
        return None  # polars raises itself where a decimal overflows
    exact = left.cast(pl.Decimal(38, digits)) * right.cast(pl.Decimal(38, digits))
    kept = exact.cast(pl.Decimal(38, scale))
    lost: pl.Expr = (exact - kept.cast(pl.Decimal(38, digits))) * 10 ** (digits + 3)
    return kept + lost.cast(pl.Int8)  # a lost digit is 1,000 at least, which no Int8 holds


def _aggregate(node: Node, frame: pl.LazyFrame) -> pl.Expr | None:
    [(kind, inner)] = node["Agg"].items()
    native = _dtype(node, frame)
    wide = _widening(native)
    if kind != "Sum" or wide is None:
        return None
    return _back(wide(_read(inner), _dtype(inner, frame)).sum(), native)


def _name(function: Node) -> str:
    """`CumSum`, or `ListExpr.Sum`: functions of one kind stand in a group."""
    if isinstance(function, str):
        return function
    [(name, inner)] = function.items()
    if name in ("RollingExpr", "RollingExprBy"):
        return f"{name}.{inner.get('function', inner.get('function_by'))}"
    return f"{name}.{_name(inner)}" if name in ("ListExpr", "TemporalExpr", "Boolean") else name


def _function(node: Node, frame: pl.LazyFrame) -> pl.Expr | None:
    function = node["Function"]["function"]
    name = _name(function)
    if name == "Boolean.IsBetween" and (inputs := _short(node["Function"]["input"], frame)):
        return _read({"Function": {"input": inputs, "function": function}})
    if name not in _ONE_BY_ONE and name not in _UNWATCHED:
        return None
    native = _dtype(node, frame)
    wide = _widening(native)
    if wide is None:
        return None
    if name in _UNWATCHED:
        raise NotRun(f"{name} may wrap unseen on whole numbers: write {_UNWATCHED[name]}")
    first, *others = node["Function"]["input"]
    if name == "SumHorizontal":
        others = [tree(wide(_read(one), _dtype(one, frame))) for one in others]
    inputs = [tree(wide(_read(first), _dtype(first, frame))), *others]
    return _back(_read({"Function": {"input": inputs, "function": function}}), native)


_FORMS: dict[str, Callable[[Node, pl.LazyFrame], pl.Expr | None]] = {
    "BinaryExpr": _binary,
    "Agg": _aggregate,
    "Function": _function,
}


def _dtype(node: Node, frame: pl.LazyFrame) -> Any:
    dtypes = frame.select(_read(node)).collect_schema().dtypes()
    if len(dtypes) != 1:
        raise NotRun("its arithmetic is on several columns at once: write one at a time")
    return dtypes[0]


def _short(compared: list[Node], frame: pl.LazyFrame) -> list[Node] | None:
    """Exact sides that meet a float, so that they raise where they have too many digits for it."""
    kinds = [_dtype(side, frame) for side in compared]
    if not any(kind.is_float() for kind in kinds) or all(kind.is_float() for kind in kinds):
        return None
    return [
        tree(_read(side).cast(pl.Decimal(_FLOAT_DIGITS, kind.scale if kind.is_decimal() else 0)))
        if kind.is_integer() or kind.is_decimal()
        else side
        for side, kind in zip(compared, kinds, strict=True)
    ]


def _widening(native: pl.DataType) -> Callable[[pl.Expr, pl.DataType], pl.Expr] | None:
    """How to widen operands of a result of this type; None if it cannot wrap."""
    if native in (pl.Int128, pl.UInt128):
        return lambda side, _: side.cast(pl.Decimal(38, 0))  # raises where it would overflow
    if native.is_integer():
        return lambda side, _: side.cast(pl.Int128)
    if isinstance(native, pl.Date | pl.Datetime | pl.Duration):
        return lambda side, own: _ticks(side, own, _unit(native))
    return None


def _unit(dtype: pl.DataType) -> int:
    """Nanoseconds of one unit of a time; numbers have none."""
    if isinstance(dtype, pl.Datetime | pl.Duration):
        return _NANOSECONDS[dtype.time_unit]
    return _DAY if dtype == pl.Date else 0


def _ticks(side: pl.Expr, own: pl.DataType, unit: int) -> pl.Expr:
    """A time as a number of `unit`; a factor stays what it is."""
    whole = side.to_physical().cast(pl.Int128)
    return whole if _unit(own) in (0, unit) else whole * _unit(own) // unit


def _back(wide: pl.Expr, native: pl.DataType) -> pl.Expr:
    if native.is_integer():
        return wide.cast(native)
    return wide.cast(pl.Int32 if native == pl.Date else pl.Int64).cast(native)
