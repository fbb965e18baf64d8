"""Parquet files in batches, each page held against its checksum where it has one.

Types come as the file declares them: `connectors.convert.fit` brings them to the contract. A file
that is cut, damaged or not what its own footer says is read no further.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from connectors import bounds
from connectors.capabilities import Described
from connectors.errors import SourceChanged
from connectors.events import Declared, DeclaredColumn
from connectors.files import said
from connectors.files.formats import Block, Layout
from connectors.files.formats.parquet_batches import batch_rows
from connectors.files.formats.parquet_int96 import (
    MICROSECONDS,
    NANOSECONDS,
    columns_with_int96,
    exact_times,
    in_step,
)
from connectors.files.formats.parquet_refused import (
    refused,
    require_readable_columns,
    require_short_footer,
    require_valid,
)
from connectors.files.formats.parquet_types import described
from connectors.files.said import Word

BATCH_ROWS = 65_536
BATCH_BYTES = 8 << 20
"""Rows are handed over so few at a time that they are about this large as encoded in the file."""
_BUFFER_BYTES = 1 << 20
_NO_COLUMN = pa.record_batch({})


@dataclass(frozen=True, slots=True)
class Parquet:
    """Files of columns that declare their types themselves.

    >>> FileSet("lines/day=*/*.parquet", Parquet(footer="rows_sent={rows}")).format
    Parquet(footer='rows_sent={rows}')
    """

    footer: str | None = None
    """A key of the footer's metadata, and what its sender writes there when all rows are in:
    `rows_sent={rows}`, or `status=complete`. A file without it was cut."""

    def __post_init__(self) -> None:
        if self.footer is not None and (
            not all(self.footer.partition("=")) or said.fields(self.footer) not in ([], ["{rows}"])
        ):
            raise ValueError("a footer is KEY=TEXT, with {rows} in it once or not at all")

    def layout(self, path: Path, name: str) -> Layout:
        """The columns that the footer declares, whatever Arrow or pandas wrote beside it."""
        with opened(path, name) as file:
            if len(file.schema) > bounds.COLUMNS:
                raise SourceChanged(
                    f"{name}: it has {len(file.schema):,} columns, of {bounds.COLUMNS:,} that are "
                    "read at most: have fewer written"
                )
            names = tuple(file.schema_arrow.names)
            leaves = [file.schema.column(at) for at in range(len(file.schema))]
            word = self._word(file.metadata.metadata or {}, name)
        if not names or len(set(names)) < len(names) or not all(names):
            raise SourceChanged(f"{name}: its footer must name each column, and once: correct it")
        declared = Declared(by="footer", columns=tuple(map(_declared, leaves)))
        return Layout(names=names, declared=declared, said=word)

    @property
    def columns_are_last(self) -> bool:
        """In the footer."""
        return True

    def columns(self, path: Path, name: str) -> Declared | None:
        """What the footer declares."""
        return replace(self, footer=None).layout(path, name).declared

    def blocks(
        self,
        path: Path,
        name: str,
        layout: Layout,
        schema: pa.Schema,  # noqa: ARG002 - a Format
    ) -> Iterator[Block]:
        """All rows, in the order of the file."""
        rows = 0
        with opened(path, name) as file:
            declared = file.metadata.num_rows
            for batch, finer in _batches(file, path, name, layout):
                rows += batch.num_rows
                for values in batch.columns:
                    require_valid(values)
                columns = dict(zip(layout.names, map(_plain, batch.columns), strict=True))
                for column in finer.schema.names:
                    where = f"{name}: column {column[:80]!a}"
                    columns[column] = exact_times(columns[column], finer.column(column), where)
                yield Block(columns=columns)
        if rows != declared:
            raise SourceChanged(
                f"{name}: it holds {rows} of {declared} rows: have it written again"
            )

    def describe(self, path: Path, name: str) -> Described:
        """Its types by its footer, its key by the first rows."""
        layout = self.layout(path, name)
        block = next(self.blocks(path, name, layout, pa.schema([])), None)
        with opened(path, name) as file:
            return described(file, name, {} if block is None else block.columns)

    def _word(self, metadata: Mapping[bytes, bytes], name: str) -> Word | None:
        """What the sender wrote into the footer."""
        if self.footer is None:
            return None
        key = self.footer.partition("=")[0]
        value = metadata.get(key.encode(), b"").decode(errors="replace")
        one = said.read(self.footer, f"{key}={value}")
        if one is None:
            raise SourceChanged(
                f"{name}: its footer does not say {self.footer}: have it sent again"
            )
        return Word(by="its footer", said=one)


def _batches(
    file: pq.ParquetFile, path: Path, name: str, layout: Layout
) -> Iterator[tuple[pa.RecordBatch, pa.RecordBatch]]:
    """All rows, and beside them their INT96 times as nanoseconds."""
    rows = min(_batch_rows(file.metadata), batch_rows(path, name, file))
    batches = file.iter_batches(batch_size=rows)
    names = columns_with_int96(file.schema, layout.names)
    if not names:
        yield from ((batch, _NO_COLUMN) for batch in batches)
        return
    with opened(path, name, int96=NANOSECONDS) as other:
        yield from in_step(batches, other.iter_batches(batch_size=rows, columns=names))


@contextmanager
def opened(path: Path, name: str, *, int96: str = MICROSECONDS) -> Iterator[pq.ParquetFile]:
    """The file, which no fault in it leaves but as SourceChanged."""
    require_short_footer(path, name)
    try:
        with pq.ParquetFile(
            path,
            page_checksum_verification=True,
            # A column of a row group is read bit by bit, not whole.
            buffer_size=_BUFFER_BYTES,
            pre_buffer=False,
            coerce_int96_timestamp_unit=int96,
        ) as file:
            require_readable_columns(file, path, name)
            yield file
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise refused(name, error) from error


def _batch_rows(file: pq.FileMetaData) -> int:
    """How many rows of the file's heaviest row group are about BATCH_BYTES."""
    groups = [file.row_group(at) for at in range(file.num_row_groups)]
    heaviest = max((g.total_byte_size / g.num_rows for g in groups if g.num_rows), default=0)
    return max(1, min(BATCH_ROWS, int(BATCH_BYTES / heaviest) if heaviest > 0 else BATCH_ROWS))


def _declared(leaf: Any) -> DeclaredColumn:
    """`decimal(12, 2)`, `timestamp(microseconds, UTC)`; the plain type where it has no other. A
    column that was written without a value may say that it has no type (Parquet's UNKNOWN).
    """
    logical = {"Type": "None", **json.loads(leaf.logical_type.to_json())}
    name = logical.pop("Type").lower()
    details = [_FLAGS.get((key, value), value) for key, value in logical.items() if key in _TOLD]
    told = f"{name}({', '.join(map(str, details))})" if details else name
    return DeclaredColumn(
        name=leaf.path,
        type=None if name == "null" else leaf.physical_type.lower() if name == "none" else told,
        nullable=leaf.max_definition_level > 0,
    )


_FLAGS = {
    ("isAdjustedToUTC", True): "UTC",
    ("isAdjustedToUTC", False): "local",
    ("isSigned", True): "signed",
    ("isSigned", False): "unsigned",
}
_TOLD = ("precision", "scale", "timeUnit", "isAdjustedToUTC", "bitWidth", "isSigned")


def _plain(column: Any) -> pa.Array[Any]:
    """The values themselves, where Arrow's own hints in the file wrap them."""
    if isinstance(column, pa.ExtensionArray):
        column = column.storage
    if isinstance(column, pa.DictionaryArray):
        column = column.dictionary_decode()
    plain = _OF_VIEWS.get(column.type)  # few functions of Arrow know these; polars writes them
    return column if plain is None else pc.cast(column, plain)


_OF_VIEWS = {pa.string_view(): pa.string(), pa.binary_view(): pa.binary()}
