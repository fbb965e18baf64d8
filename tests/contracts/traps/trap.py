"""A trap: a valid table and one rule on it that engines have been seen to answer wrongly.

The right count of failed rows is written by hand, from what the rule says, before any engine runs.
An engine answers right, or refuses: the rule is NOT RUN, with a reason. A file beside this one
holds traps of one kind; `tests/contracts/traps/rooms.py` lists them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import pandera.polars as pandera
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from contracts.arrow_schema import arrow_schema
from contracts.evaluation import RuleCount
from contracts.promises import Contract, Promises
from contracts.rules import Kind, rule_text

Column: TypeAlias = tuple[Any, Sequence[object]]
"""A polars type, and the values of the column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trap:
    """One row of the table of traps."""

    title: str
    table: Mapping[str, Column]
    rule: pandera.Check | Kind
    """A check, `Kind.NOT_NULL` or `Kind.UNIQUE`."""
    of: str | None
    """The rule's column; None where it is on all columns together."""
    right: int | None
    """Rows that fail. None where no count would be right: an engine must refuse."""

    @property
    def contract(self) -> Contract:
        """A contract with the rule; all columns that it does not forbid may be null."""
        columns = {
            name: pandera.Column(
                dtype,
                [self.rule] if isinstance(self.rule, pandera.Check) and name == self.of else [],
                nullable=(self.rule, name) != (Kind.NOT_NULL, self.of),
                unique=(self.rule, name) == (Kind.UNIQUE, self.of),
                description="as it came",
            )
            for name, (dtype, _) in {"id": (pl.Int64, []), **self.table}.items()
        }
        on_all = self.of is None
        return Contract(
            name="traps",
            promises=Promises(key=("id",)),
            schema=pandera.DataFrameSchema(
                columns,
                checks=[self.rule] if on_all and isinstance(self.rule, pandera.Check) else [],
                unique=list(self.table) if on_all and self.rule is Kind.UNIQUE else None,
                strict=True,
            ),
        )

    def land(self, folder: Path) -> Path:
        """The table as a reading lands it."""
        rows = max(len(values) for _, values in self.table.values())
        values_by_name = {"id": range(rows), **{n: v for n, (_, v) in self.table.items()}}
        fields = arrow_schema(self.contract.schema)
        arrays = [pa.array(values_by_name[one.name], one.type) for one in fields]
        for reserved, value in (("_delivery", "a.csv"), ("_rescued", None)):
            fields = fields.append(pa.field(reserved, pa.string()))
            arrays.append(pa.array([value] * rows, pa.string()))
        path = folder / "landed.parquet"
        table = pa.Table.from_arrays(arrays, schema=fields)
        pq.write_table(table, path, compression="zstd", write_page_checksum=True, row_group_size=2)
        return path

    def found(self, rules: Sequence[RuleCount]) -> RuleCount:
        """The count of this trap's own rule."""
        text = rule_text(self.rule) if isinstance(self.rule, pandera.Check) else self.rule.value
        column = self.of
        if column is None and self.rule is Kind.UNIQUE:
            column = ", ".join(self.table)
        [one] = [r for r in rules if (r.rule, r.column) == (text, column)]
        return one


def one(
    title: str, dtype: Any, values: Sequence[object], rule: pandera.Check | Kind, right: int | None
) -> Trap:
    """A trap of one column, `x`."""
    return Trap(title=title, table={"x": (dtype, values)}, rule=rule, of="x", right=right)


def two(title: str, a: Column, b: Column, rule: pandera.Check | Kind, right: int | None) -> Trap:
    """A trap of two columns, `a` and `b`, that the rule is on together."""
    return Trap(title=title, table={"a": a, "b": b}, rule=rule, of=None, right=right)


def own(answer: pl.Expr, **given: Any) -> pandera.Check:
    """A check of a contract's own that selects one expression."""
    return pandera.Check(lambda data: data.lazyframe.select(answer), name="own", **given)


def asks(answer: Callable[[pl.LazyFrame], Any]) -> pandera.Check:
    """A check of a contract's own, whatever it does with the frame."""
    return pandera.Check(lambda data: answer(data.lazyframe), name="own")


x = pl.col("x")
a, b = pl.col("a"), pl.col("b")
