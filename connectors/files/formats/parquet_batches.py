"""How many rows of a Parquet file are read at a time, by what they unpack to.

A page of a few bytes may hold a million values, and a dictionary of one long text may be all of a
million rows: neither the footer nor the encoded bytes tell. The pages' headers and the
dictionaries do, and bound what is in memory at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from connectors import bounds
from connectors.errors import SourceChanged
from connectors.files.formats.parquet_pages import DICTIONARY, Damaged, Page, pages

_BYTES = {"BOOLEAN": 1, "INT32": 4, "INT64": 8, "INT96": 12, "FLOAT": 4, "DOUBLE": 8}
_LEVELS_BYTES = 5
"""Beside each value: what says where it stands, and its place among texts."""
_BY_PREFIX = 7
"""DELTA_BYTE_ARRAY: a text is as much of the one before as it says, and more."""
_BY_DICTIONARY = (2, 8)
_PLAIN_LENGTH_BYTES = 4
_FIRST_ROWS = (1, 65_536)
"""Mostly one row brings the dictionary; one without values does not."""
_BUFFER_BYTES = 1 << 16
_AGAIN = "have it written again"
Dictionaries: TypeAlias = Callable[[], pq.ParquetFile]
"""The file, whose texts come as Arrow's dictionaries: unpacked, but each text once."""


@dataclass(slots=True, kw_only=True)
class _Column:
    """One leaf of the schema: the most of it that is in memory."""

    leaf: Any
    per_row: float = 0
    """Bytes that one row unpacks to."""
    page: int = 0
    """Bytes of its largest page and dictionary."""

    @property
    def fixed(self) -> int | None:
        """Bytes of each value; None for texts."""
        kind = self.leaf.physical_type
        return self.leaf.length if kind == "FIXED_LEN_BYTE_ARRAY" else _BYTES.get(kind)

    def weigh(self, page: Page, longest: float) -> None:
        """See a page of values; `longest` is the longest text of the dictionary."""
        if not page.values:
            return
        if self.fixed is not None:
            each: float = self.fixed
        elif page.encoding in _BY_DICTIONARY:
            each = longest
        elif page.encoding == _BY_PREFIX:
            each = page.unpacked
        else:
            each = page.unpacked / page.values
        # Nothing tells where the rows of a list end: all of a page may be one.
        many = page.values if self.leaf.max_repetition_level else 1
        self.per_row = max(self.per_row, many * (each + _LEVELS_BYTES))


def batch_rows(path: Path, name: str, file: pq.ParquetFile) -> int:
    """How many rows unpack to `bounds.BATCH_BYTES` at most. Raises SourceChanged where a page, the
    pages that are read at once, or one row are beyond our bounds.
    """
    columns = [_Column(leaf=file.schema.column(at)) for at in range(len(file.schema))]
    texts = [column.leaf.path for column in columns if column.fixed is None]
    chunks = [
        (column, _Chunk(file.metadata, group, at))
        for group in range(file.num_row_groups)
        for at, column in enumerate(columns)
    ]
    if sum(chunk.packed for _, chunk in chunks) > path.stat().st_size:
        raise SourceChanged(f"{name}: its footer names the same bytes twice: {_AGAIN}")
    with ExitStack() as opened:

        @cache
        def dictionaries() -> pq.ParquetFile:
            again = pq.ParquetFile(
                path,
                metadata=file.metadata,
                read_dictionary=texts,
                buffer_size=_BUFFER_BYTES,
                pre_buffer=False,
            )
            return opened.enter_context(again)

        raw = opened.enter_context(path.open("rb", buffering=0))
        try:
            for column, chunk in chunks:
                _see(raw, name, column, chunk, dictionaries)
        except Damaged:
            raise SourceChanged(f"{name}: it is damaged: {_AGAIN}") from None
    _require_room(name, sum(column.page for column in columns), "are unpacked at a time")
    per_row = sum(column.per_row for column in columns)
    _require_room(name, int(per_row), "may be one row")
    return max(1, int(bounds.BATCH_BYTES / max(per_row, 1)))


class _Chunk:
    """One column of one row group, by the footer."""

    def __init__(self, metadata: pq.FileMetaData, group: int, at: int) -> None:
        chunk: Any = metadata.row_group(group).column(at)
        self.group = group
        self.packed: int = chunk.total_compressed_size
        self.values: int = chunk.num_values
        self.start: int = chunk.data_page_offset
        if chunk.has_dictionary_page and 0 < (chunk.dictionary_page_offset or 0) < self.start:
            self.start = chunk.dictionary_page_offset


def _see(
    raw: IO[bytes], name: str, column: _Column, chunk: _Chunk, dictionaries: Dictionaries
) -> None:
    dictionary, largest, longest = 0, 0, 0.0
    for page in pages(raw, chunk.start, chunk.packed, chunk.values):
        where = f"{name}: column {column.leaf.path[:80]!a}"
        if page.unpacked > bounds.PAGE_BYTES:
            raise SourceChanged(
                f"{where} has a page that unpacks to {page.unpacked:,} bytes, of "
                f"{bounds.PAGE_BYTES:,} that are read at most: have it written in smaller pages"
            )
        if page.kind == DICTIONARY:
            dictionary = page.unpacked
            longest = _longest(page, column, chunk.group, dictionaries)
        else:
            largest = max(largest, page.unpacked)
            column.weigh(page, longest)
    column.page = max(column.page, dictionary + largest)


def _longest(page: Page, column: _Column, group: int, dictionaries: Dictionaries) -> float:
    """The longest text of a dictionary; where it cannot be long, the longest that it could be."""
    most = page.unpacked - _PLAIN_LENGTH_BYTES * page.values
    if column.fixed is not None or most <= bounds.SHORT_BYTES:
        return most
    file = dictionaries()
    for rows in _FIRST_ROWS:
        for batch in file.iter_batches(
            rows, row_groups=[group], columns=[column.leaf.path], use_threads=False
        ):
            for texts in _texts(batch.column(0)):
                if len(texts) >= page.values:
                    return pc.max(pc.binary_length(texts)).as_py() or 0
            if rows == 1:
                break
    return 0  # no row has a value


def _texts(array: Any) -> Iterator[Any]:
    """The dictionary in an array, at any depth."""
    if isinstance(array, pa.ExtensionArray):
        yield from _texts(array.storage)
    elif isinstance(array, pa.DictionaryArray):
        yield array.dictionary
    elif pa.types.is_struct(array.type):
        for at in range(array.type.num_fields):
            yield from _texts(array.field(at))
    elif pa.types.is_map(array.type):
        yield from _texts(array.keys)
        yield from _texts(array.items)
    elif pa.types.is_nested(array.type):
        yield from _texts(array.values)


def _require_room(name: str, held: int, what: str) -> None:
    if held > bounds.UNPACKED_BYTES:
        raise SourceChanged(
            f"{name}: {held:,} bytes {what}, of {bounds.UNPACKED_BYTES:,} that are read at most: "
            "have it written with fewer columns, or smaller values and pages"
        )
