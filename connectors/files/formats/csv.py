"""One CSV file in blocks of text columns (RFC 4180, UTF-8). Nothing is guessed: a row too short
or too long, a quote that swallows what follows, bytes that are no text end the reading.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.csv

from connectors.convert.cast import kind_of
from connectors.errors import SourceChanged

BLOCK_BYTES = 4 << 20
"""What is held at a time, and so the longest record."""


@dataclass(slots=True)
class Glance:
    """What the bytes of a file tell before it is parsed; each of them must be taken."""

    quoted: bool = False
    """There is a quote somewhere."""
    is_ascii: bool = True
    """All is ASCII, and so UTF-8."""

    def take(self, data: bytes) -> None:
        """Look at more bytes."""
        self.quoted = self.quoted or b'"' in data
        self.is_ascii = self.is_ascii and data.isascii()


def header(path: Path, name: str) -> tuple[str, ...]:
    """The column names in the first line; none for an empty file. `name` is the source's."""
    with path.open("rb") as file:
        line = file.readline(BLOCK_BYTES)
    if not line:
        return ()
    try:
        names = tuple(next(csv.reader([line.decode("utf-8-sig").rstrip("\r\n")], strict=True)))
    except (UnicodeDecodeError, csv.Error, StopIteration) as error:
        raise SourceChanged(f"{name}: row 1 is no header in UTF-8: correct the file") from error
    if not names or len(set(names)) < len(names) or not all(names):
        raise SourceChanged(f"{name}: the header must name each column, and once: correct it")
    return names


def blocks(
    path: Path, name: str, columns: Sequence[str], schema: pa.Schema, glance: Glance
) -> Iterator[pa.RecordBatch]:
    """The rows below the header, as text; only an unquoted empty field is null. Instants come in
    `schema`'s type up to the block in which one does not fit it.
    """
    if glance.quoted:
        _check_quotes(path, name)
    text: dict[str, pa.DataType] = dict.fromkeys(columns, pa.string())
    instants = {
        field.name: field.type
        for field in schema
        if field.name in text and kind_of(field.type) == "instant"
    }
    done = 0
    try:
        # `fit` reads instants by the same rules; of numbers and dates the parser cuts off spaces.
        for block in _parsed(path, {**text, **instants}, glance, []):
            yield block
            done += 1
    except pa.ArrowInvalid:
        wrong: list[int | None] = []
        try:
            yield from islice(_parsed(path, text, glance, wrong), done, None)
        except pa.ArrowInvalid as error:
            reason = _reason(str(error), wrong)
            raise SourceChanged(f"{name}: {reason}: correct the file") from error


def _parsed(
    path: Path, types: dict[str, pa.DataType], glance: Glance, wrong: list[int | None]
) -> Iterator[pa.RecordBatch]:
    """Blocks that begin and end at the same rows whatever the types; the number of a row with
    too few or too many fields comes into `wrong`.
    """

    def remember(row: pa.csv.InvalidRow) -> Literal["error"]:
        wrong.append(row.number)
        return "error"

    with path.open("rb") as file:
        below_header = len(file.readline())
    below: Any = pa.OSFile(str(path), "rb")  # a file of Arrow's own: a seventh less CPU
    with below as rows:
        if rows.size() == below_header:
            return
        rows.seek(below_header)
        yield from pa.csv.open_csv(
            rows,
            # Without threads: rows can be numbered.
            pa.csv.ReadOptions(
                column_names=list(types), block_size=BLOCK_BYTES, use_threads=False
            ),
            pa.csv.ParseOptions(
                newlines_in_values=True,
                ignore_empty_lines=len(types) > 1,  # else it is a missing value
                invalid_row_handler=remember,
            ),
            pa.csv.ConvertOptions(
                check_utf8=not glance.is_ascii,  # value by value it costs an eighth of the parsing
                column_types=types,
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
                null_values=[""],
            ),
        )


def _reason(words: str, wrong: Sequence[int | None]) -> str:
    """Why the parser stopped, without the data it quotes."""
    if wrong:
        return f"row {(wrong[0] or 0) + 1} has too few or too many fields"
    row = re.search(r"Row #(\d+)", words)
    where = f"row {int(row[1]) + 1}" if row else "a row"
    if "UTF8" in words:
        return f"{where} is not UTF-8"
    if "straddling" in words:
        return f"{where} is longer than {BLOCK_BYTES >> 20} MiB"
    return f"{where} cannot be read"


def _check_quotes(path: Path, name: str) -> None:
    """Arrow takes an unclosed quote and text behind a closing one: both swallow rows."""
    csv.field_size_limit(BLOCK_BYTES)
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.reader(lines, strict=True)
        try:
            for _ in rows:
                pass
        except UnicodeDecodeError as error:
            raise SourceChanged(f"{name}: not UTF-8: correct the file") from error
        except csv.Error as error:
            raise SourceChanged(
                f"{name}: a quote before the end of line {rows.line_num} is not closed: correct it"
            ) from error
