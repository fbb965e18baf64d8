"""Watches the arithmetic of a contract's own check.

The answer is polars' own. Beside it runs the strict form of the same expressions
(`contracts/engines/strict.py`), which raises where a number does not fit its type.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from contracts.engines.strict import Node, NotRun, strict, tree

_OVERFLOW = (
    "a result does not fit its type, or more than 15 digits meet a float: cast first, as "
    'pl.col("…").cast(pl.Int128) or .cast(pl.Decimal(38, 6)), and compare with no float'
)


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
            forms = [strict(one, checked) for one in expressions]
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
            found.update(n for one in expressions for n in _columns(tree(one)) if n not in made)
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
