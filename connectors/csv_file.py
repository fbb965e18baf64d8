"""One CSV file as text columns, in blocks (RFC 4180, UTF-8). Nothing is guessed: a row too short
or too long, a quote that swallows what follows, bytes that are no text end the reading.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.csv

from connectors.interface import SourceChanged

BLOCK_BYTES = 4 << 20
"""What is held at a time, and so the longest record."""


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


def blocks(path: Path, name: str, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """The rows below the header, all as text; only an unquoted empty field is null."""
    _check_quotes(path, name)
    wrong: list[int | None] = []

    def remember(row: pa.csv.InvalidRow) -> Literal["error"]:
        wrong.append(row.number)
        return "error"

    text = pa.string()
    try:
        with path.open("rb") as file:
            file.readline()
            if not file.peek(1):
                return
            yield from pa.csv.open_csv(
                file,
                # Without threads: rows can be numbered.
                pa.csv.ReadOptions(
                    column_names=list(columns), block_size=BLOCK_BYTES, use_threads=False
                ),
                pa.csv.ParseOptions(
                    newlines_in_values=True,
                    ignore_empty_lines=len(columns) > 1,  # else it is a missing value
                    invalid_row_handler=remember,
                ),
                pa.csv.ConvertOptions(
                    column_types=dict.fromkeys(columns, text),
                    strings_can_be_null=True,
                    quoted_strings_can_be_null=False,
                    null_values=[""],
                ),
            )
    except pa.ArrowInvalid as error:
        raise SourceChanged(f"{name}: {_reason(str(error), wrong)}: correct the file") from error


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
    with path.open("rb") as file:
        if not any(b'"' in block for block in iter(lambda: file.read(BLOCK_BYTES), b"")):
            return
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
