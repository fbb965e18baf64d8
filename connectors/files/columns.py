"""The columns of a dataset whose files have columns of their own.

    the first file and the newest ─▶ the columns that land ─▶ a file's block in those columns

What only files between them have is rescued: it stands in `_rescued`, as it came. A column that a
file lacks is missing in its rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

import pyarrow as pa

from connectors.convert.fit import fit
from connectors.convert.names import require_names
from connectors.events import Declared, DeclaredColumn
from connectors.files.formats import Block


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Those that land, in order."""

    schema: pa.Schema
    """The contract's, as far as a file has them."""
    extra: tuple[str, ...]
    """Others, as text."""

    @staticmethod
    def of(names: Iterable[str], schema: pa.Schema) -> Columns:
        """These columns, with the types of `schema`."""
        known = dict.fromkeys(names)
        return Columns(
            schema=pa.schema([field for field in schema if field.name in known]),
            extra=tuple(name for name in known if name not in schema.names),
        )

    def placed(self, block: Block, delivery: str) -> pa.RecordBatch:
        """The rows of one file, in the columns of all."""
        names = {*self.schema.names, *self.extra}
        lacking = names.difference(block.columns)
        nothing = pa.nulls(block.rows, pa.string())
        return fit(
            {**block.columns, **dict.fromkeys(lacking, nothing)} if lacking else block.columns,
            self.schema,
            extra=self.extra,
            delivery=delivery,
            as_written=block.as_written,
            unplaced=[name for name in block.columns if name not in names],
        )


class Told:
    """What the files told of their columns so far."""

    def __init__(self) -> None:
        self._latest: Collection[DeclaredColumn] | None = None
        self._types: dict[str, str] = {}
        self._names: set[str] = set()

    def news(self, declared: Declared) -> Declared | None:
        """What a file declares, if it is not what the file before it does. Order is no difference,
        and a column without a type has that of the files before.
        """
        columns = tuple(
            replace(one, type=self._types.get(one.name)) if one.type is None else one
            for one in declared.columns
        )
        self._types.update({one.name: one.type for one in columns if one.type is not None})
        before, self._latest = self._latest, frozenset(columns)
        return None if self._latest == before else replace(declared, columns=columns)

    def require_few(self, names: Collection[str], where: str) -> None:
        """SourceChanged for too many columns, in one file or in all of them together."""
        require_names(names, where)
        if not self._names.issuperset(names):
            together = self._names.union(names)
            require_names(together, f"{where}: with the files before it, the dataset")
            self._names = together
