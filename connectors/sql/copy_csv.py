"""Types the CSV of PostgreSQL's COPY as the driver would pass its values on.

An empty field without quotes is NULL, one with quotes is the empty text. The server quotes every
value with a quote, a comma or the end of a line in it.
"""

from __future__ import annotations

import re
from binascii import unhexlify
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from connectors.errors import SourceChanged, SourceError
from connectors.sql.copy_out import Lines
from connectors.sql.sqlstate import source_error

_BOM = b"\xef\xbb\xbf"
_HEX = "\\x"
_ONE, _TWO = pa.scalar(1, pa.int32()), pa.scalar(2, pa.int32())
_PARSE = csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False)
_IN_COLUMN = re.compile(r"In CSV column #([0-9]+): (?=(?:.*(invalid UTF8 data)$)?)")
_NO_CSV = "the server sent what PostgreSQL does not write: ask what stands before it"


def columns(
    lines: Lines, types: Mapping[str, pa.DataType], what: str
) -> Mapping[str, pa.Array[Any]]:
    """The rows as columns of text, bytes, int64, float64 or boolean. Raises SourceChanged,
    beginning with `what`, for what is no CSV of PostgreSQL's.
    """
    text = _BOM + lines.text if lines.text.startswith(_BOM) else lines.text  # Arrow drops one
    file: Any = pa.BufferReader(text)
    try:
        table = csv.read_csv(
            file,
            csv.ReadOptions(column_names=list(types), block_size=len(text) + 1, use_threads=False),
            _PARSE,
            csv.ConvertOptions(
                column_types={name: _written(type_) for name, type_ in types.items()},
                null_values=[""],
                true_values=["t"],
                false_values=["f"],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid as error:
        raise _failure(str(error), list(types), what) from None
    if table.num_rows != lines.rows:
        raise SourceChanged(f"{what}: {_NO_CSV}")
    return {name: _decoded(table[name], type_, what) for name, type_ in types.items()}


def _written(type_: pa.DataType) -> pa.DataType:
    return pa.string() if type_ == pa.binary() else type_


def _decoded(column: Any, type_: pa.DataType, what: str) -> pa.Array[Any]:
    """The column whole; bytes from their hexadecimal digits, all values at once."""
    array: pa.Array[Any] = column.combine_chunks()
    if type_ != pa.binary():
        return array
    digits: Any = pc.utf8_slice_codeunits(array, len(_HEX))
    _, ends, data = digits.buffers()
    try:
        bytes_ = unhexlify(data or b"")
    except ValueError:
        raise SourceChanged(f"{what}: {_NO_CSV}") from None
    positions: Any = pa.Array.from_buffers(pa.int32(), len(digits) + 1, [None, ends])
    is_odd = pc.any(pc.equal(pc.bit_wise_and(positions, _ONE), _ONE)).as_py()
    if is_odd or pc.all(pc.starts_with(array, _HEX)).as_py() is False:
        raise SourceChanged(f"{what}: {_NO_CSV}")
    halves = pc.divide(positions, _TWO)
    return pa.Array.from_buffers(
        type_,
        len(digits),
        [digits.is_valid().buffers()[1], halves.buffers()[1], pa.py_buffer(bytes_)],
    )


def _failure(said: str, names: list[str], what: str) -> SourceError:
    """Without the library's words, which quote the data."""
    found = _IN_COLUMN.search(said)
    if found is None:
        return SourceChanged(f"{what}: {_NO_CSV}")
    column = f"{what}: column {names[int(found[1])]}"
    return source_error(column, "22021") if found[2] else SourceChanged(f"{column}: {_NO_CSV}")
