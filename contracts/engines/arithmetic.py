"""Watches the arithmetic of a contract's own check: polars lets whole numbers and times wrap.

    UInt64 0 - 1 is 18446744073709551615       Int8 month * 100 is -80       UInt32 length - 3

The answer is polars' own. Beside it runs a second form of the same expressions, in which each
operation that could wrap is done in 128 bits and cast back strictly, so that it raises in place of
wrapping, as SQL does. By induction over the expression nothing wrapped if nothing raised.

The form of an expression is polars' own JSON, which it may change between releases: each operation
below has a test that fails if it is no longer found.
"""

from __future__ import annotations

import io
import json
import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

Node = Any
"""A part of polars' JSON."""

_OVERFLOW = (
    "numbers outgrow their type in it, or more than 15 digits meet a float: "
    'cast first, as pl.col("…").cast(pl.Int128), and compare with whole numbers or Decimal'
)
_EXACT: dict[str, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    "Plus": operator.add,
    "Minus": operator.sub,
    "Multiply": operator.mul,
    "FloorDivide": operator.floordiv,
}
_COMPARED = {"Eq", "NotEq", "Lt", "LtEq", "Gt", "GtEq"}
_ONE_BY_ONE = {"CumSum", "SumHorizontal", "Diff", "Abs", "Negate"}
_UNWATCHED = {
    "Pow": "x * x",
    "Product": 'pl.col("…").cast(pl.Float64).product()',
    "CumProd": 'pl.col("…").cast(pl.Float64).cum_prod()',
    "RollingExpr": 'pl.col("…").cast(pl.Float64)',
    "RollingExprBy": 'pl.col("…").cast(pl.Float64)',
}
"""Functions that may wrap even in 128 bits, and what to write in their place."""
_NANOSECONDS = {"ns": 1, "us": 1_000, "ms": 1_000_000}
_DAY = 86_400 * 10**9
_FLOAT_DIGITS = 15
"""Any number of so many digits survives a double (IEEE 754 binary64)."""


class NotRun(Exception):
    """A check gave no answer. The message says what to write, and quotes no data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """Stands in for the LazyFrame of an own check: offers the methods whose arithmetic is seen."""

    base: pl.LazyFrame
    frame: pl.LazyFrame
    steps: tuple[tuple[str, tuple[pl.Expr, ...]], ...] = ()

    def select(self, *expressions: Any, **named: Any) -> Watched:
        """As `LazyFrame.select`."""
        return self._then("select", expressions, named)

    def with_columns(self, *expressions: Any, **named: Any) -> Watched:
        """As `LazyFrame.with_columns`."""
        return self._then("with_columns", expressions, named)

    def filter(self, *predicates: Any) -> Watched:
        """As `LazyFrame.filter`."""
        return self._then("filter", predicates, {})

    def collect_schema(self) -> pl.Schema:
        """As `LazyFrame.collect_schema`."""
        return self.frame.collect_schema()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise NotRun(f"{name} is not watched: write it with select, with_columns and filter")

    def _then(self, method: str, expressions: Any, named: dict[str, Any]) -> Watched:
        all_of_them = (*_each(expressions), *(_one(e).alias(n) for n, e in named.items()))
        return Watched(
            base=self.base,
            frame=getattr(self.frame, method)(*all_of_them),
            steps=(*self.steps, (method, all_of_them)),
        )

    def verify(self) -> None:
        """Raises NotRun if a number wrapped, or if that cannot be told."""
        checked = self.base
        changed = False
        for method, expressions in self.steps:
            forms = [_strict(one, checked) for one in expressions]
            changed |= any(a is not b for a, b in zip(forms, expressions, strict=True))
            checked = getattr(checked, method)(*forms)
        if not changed:
            return
        try:
            checked.collect()
        except pl.exceptions.PolarsError as error:
            raise NotRun(_OVERFLOW) from error

    def columns_by_row(self) -> set[str]:
        """Columns whose value in a row the answer for that row depends on."""
        made: set[str | None] = set()
        found: set[str] = set()
        for _, expressions in self.steps:
            found.update(n for one in expressions for n in _columns(_tree(one)) if n not in made)
            made.update(one.meta.output_name(raise_if_undetermined=False) for one in expressions)
        return found


def _each(expressions: Any) -> Iterator[pl.Expr]:
    for one in expressions:
        if isinstance(one, pl.Expr | pl.Series | str) or not hasattr(one, "__iter__"):
            yield _one(one)
        else:
            yield from _each(one)


def _one(given: Any) -> pl.Expr:
    if isinstance(given, pl.Expr):
        return given
    return pl.col(given) if isinstance(given, str) else pl.lit(given)


def _tree(expression: pl.Expr) -> Node:
    try:
        return json.loads(expression.meta.serialize(format="json"))
    except pl.exceptions.ComputeError as error:
        raise NotRun("it calls Python in an expression: use element_wise=True") from error


def _read(node: Node) -> pl.Expr:
    return pl.Expr.deserialize(io.StringIO(json.dumps(node)), format="json")


def _columns(node: Node) -> Iterator[str]:
    if isinstance(node, list):
        for part in node:
            yield from _columns(part)
    elif isinstance(node, dict):
        for kind, part in node.items():
            if kind == "Column":
                yield part
            elif kind not in ("Agg", "Over", "Literal"):  # no value of the row itself
                yield from _columns(part)


def _strict(expression: pl.Expr, frame: pl.LazyFrame) -> pl.Expr:
    tree = _tree(expression)
    try:
        checked = _checked(tree, frame)
        return expression if checked == tree else _read(checked)
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
    return inner if expression is None else _tree(expression)


def _binary(node: Node, frame: pl.LazyFrame) -> pl.Expr | None:
    left, right, op = (node["BinaryExpr"][part] for part in ("left", "right", "op"))
    if op in _EXACT:
        native = _dtype(node, frame)
        wide = _widening(native)
        if wide is None:
            return None
        sides = [wide(_read(side), _dtype(side, frame)) for side in (left, right)]
        return _back(_EXACT[op](*sides), native)
    if op in _COMPARED:
        sides = [_read(left), _read(right)]
        kinds = [_dtype(side, frame) for side in (left, right)]
        for place, other in ((0, 1), (1, 0)):
            if kinds[other].is_float() and _is_exact(kinds[place]):
                sides[place] = sides[place].cast(_short(kinds[place]))
                return sides[0] == sides[1]
    return None


def _aggregate(node: Node, frame: pl.LazyFrame) -> pl.Expr | None:
    [(kind, inner)] = node["Agg"].items()
    native = _dtype(node, frame)
    wide = _widening(native)
    if kind != "Sum" or wide is None:
        return None
    return _back(wide(_read(inner), _dtype(inner, frame)).sum(), native)


def _function(node: Node, frame: pl.LazyFrame) -> pl.Expr | None:
    function = node["Function"]["function"]
    name = function if isinstance(function, str) else next(iter(function))
    if name not in _ONE_BY_ONE and name not in _UNWATCHED:
        return None
    native = _dtype(node, frame)
    wide = _widening(native)
    if wide is None:
        return None
    if name in _UNWATCHED:
        raise NotRun(f"{name} of whole numbers may wrap unseen: write {_UNWATCHED[name]}")
    first, *others = node["Function"]["input"]
    if name == "SumHorizontal":
        others = [_tree(wide(_read(one), _dtype(one, frame))) for one in others]
    inputs = [_tree(wide(_read(first), _dtype(first, frame))), *others]
    return _back(_read({"Function": {"input": inputs, "function": function}}), native)


_FORMS: dict[str, Callable[[Node, pl.LazyFrame], pl.Expr | None]] = {
    "BinaryExpr": _binary,
    "Agg": _aggregate,
    "Function": _function,
}


def _dtype(node: Node, frame: pl.LazyFrame) -> pl.DataType:
    dtypes = frame.select(_read(node)).collect_schema().dtypes()
    if len(dtypes) != 1:
        raise NotRun("its arithmetic is on several columns at once: write one at a time")
    return dtypes[0]


def _is_exact(dtype: pl.DataType) -> bool:
    return dtype.is_integer() or dtype.is_decimal()


def _short(dtype: pl.DataType) -> pl.Decimal:
    return pl.Decimal(_FLOAT_DIGITS, dtype.scale if isinstance(dtype, pl.Decimal) else 0)


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
