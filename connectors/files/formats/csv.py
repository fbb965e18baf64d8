"""CSV files in blocks of text columns. Their dialect is declared; RFC 4180 in UTF-8 by default.

Nothing is guessed: a row too short or too long, a quote that swallows what follows, bytes that are
no text, a trailer that is not there end the reading of the file.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from itertools import islice
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.csv

from connectors.capabilities import Described
from connectors.convert.cast import kind_of
from connectors.errors import SourceChanged
from connectors.events import Declared, declare_names
from connectors.files.formats import Block, Layout, sampled
from connectors.files.formats.csv_numbers import Numbers
from connectors.files.formats.csv_proposal import proposed
from connectors.files.formats.csv_text import (
    BLOCK_BYTES,
    REMEDY,
    REPLACED,
    Ends,
    Glance,
    Text,
    is_utf8,
    require_closed_quotes,
    too_long,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Csv:
    """A dialect of CSV. Who writes the files knows it; `seatrial draft` proposes one.

    >>> Csv(delimiter=";", decimal=",", thousands=".", encoding="windows-1252").skip_lines
    0
    """

    delimiter: str = ","
    quote: str | None = '"'
    """Around a field that holds delimiters, quotes or line breaks; None where no quote is one."""
    escape: str | None = None
    """Before a quote in a quoted field; None where the quote is written twice."""
    encoding: str = "utf-8"
    """A codec of Python: `cp1252`, `latin-1`, `utf-16`. Other bytes end the file's reading."""
    decimal: Literal[".", ","] = "."
    """Mark of the fraction in columns of numbers."""
    thousands: str | None = None
    """Mark between groups of three digits in columns of numbers, where there may be one."""
    skip_lines: int = 0
    """Lines above the header, or above the rows."""
    names: tuple[str, ...] = ()
    """The columns of files without a header."""
    trailer: str | None = None
    """The last line, which is no row: `T;{rows};*`, where `{rows}` is the number of rows and a `*`
    is anything. A file without it was cut."""
    nulls: tuple[str, ...] = ("",)
    """What stands, unquoted, where a value is missing."""

    def __post_init__(self) -> None:
        marks = [mark for mark in (self.delimiter, self.quote, self.escape) if mark is not None]
        if not all(len(mark) == 1 and mark.isascii() and mark not in "\r\n" for mark in marks):
            raise ValueError("delimiter, quote and escape are one ASCII character each")
        if len(set(marks)) < len(marks):
            raise ValueError("delimiter, quote and escape are different characters")
        if len(set(self.names)) < len(self.names) or not all(self.names):
            raise ValueError("names must name each column, and once")
        if self.skip_lines < 0:
            raise ValueError("skip_lines is the number of lines above the header: 0 or more")
        self._text, self._numbers  # noqa: B018 - they refuse what cannot be

    @property
    def _text(self) -> Text:
        return Text(encoding=self.encoding, trailer=self.trailer)

    @property
    def _numbers(self) -> Numbers:
        return Numbers(decimal=self.decimal, thousands=self.thousands)

    def layout(self, path: Path, name: str) -> Layout | None:
        """The column names in the header, or those that the dialect gives."""
        line = self._text.line(path, self.skip_lines, name)
        if line is None:
            return None
        if not self.names and self._text.is_trailer(line):
            raise SourceChanged(f"{name}: its trailer stands where its header should: correct it")
        names = self.names or self._header(line, name)
        end, word = self._text.end(path)
        return Layout(
            names=names,
            declared=None if self.names else declare_names(names, by="header"),
            end=end,
            said=word,
        )

    @property
    def columns_are_last(self) -> bool:
        """In the first line."""
        return False

    def columns(self, path: Path, name: str) -> Declared | None:
        """The header; None where the pilot names the columns, which files then do not tell."""
        layout = replace(self, trailer=None).layout(path, name)
        return None if layout is None else layout.declared

    def blocks(self, path: Path, name: str, layout: Layout, schema: pa.Schema) -> Iterator[Block]:
        """The rows below the header, as text; a quoted null is text. Instants come in `schema`'s
        type up to the block in which one does not fit it.
        """
        rows = 0
        with self._text.prepared(path, name) as text:
            glance = Glance.of(text, self.quote, self.escape)
            if glance.longest > BLOCK_BYTES:
                raise too_long(name)
            if is_utf8(self.encoding) and not glance.is_ascii:
                self._text.require_text(text, name)
            told = (
                require_closed_quotes(text, name, self.skip_lines, self._reader_options)
                if glance.quoted
                else None  # each row is one line
            )
            for block in self._batches(text, name, layout.names, schema):
                rows += block.num_rows
                written = dict(zip(layout.names, block.columns, strict=True))
                plain = self._numbers.plain(written, schema)
                yield Block(columns={**written, **plain}, as_written=written if plain else {})
            blank = glance.lines - self._lines_above - rows if told is None else told
            if blank > 0 and len(layout.names) > 1:
                yield Block(columns=dict.fromkeys(layout.names, ()), blank_lines=blank)

    def describe(self, path: Path, name: str) -> Described | None:
        """Its header and the first block of rows. Where it seems to be of another dialect, that
        is proposed; SourceChanged where it cannot be of this one.
        """
        seems = self._seems(Ends.of(path))
        proposal = f"if its owner confirms it, declare {seems.written} in pilot.py"
        try:
            described = sampled(self, path, name, self._numbers.sampled)
        except SourceChanged as error:
            raise error if seems == self else SourceChanged(f"{error}; or, {proposal}") from error
        if described is None or seems == self:
            return described
        if len(described.columns) == 1 and seems.delimiter != self.delimiter:
            raise SourceChanged(f"{name} has one column as {self.written}: {proposal}")
        return replace(described, hint=f"the files seem to be of another dialect: {proposal}")

    def _seems(self, ends: Ends) -> Csv:
        """The dialect that a file seems to be of; what the pilot declares counts as confirmed, but
        for the delimiter.
        """
        usual = Csv()
        settings = {
            name: value
            for name, value in proposed(ends).items()
            if name == "delimiter" or getattr(self, name) == getattr(usual, name)
        }
        return replace(self, **settings)  # type: ignore[arg-type]

    @property
    def written(self) -> str:
        """As it stands in a pilot."""
        settings = [
            f"{one.name}={json.dumps(value) if isinstance(value, str) else repr(value)}"
            for one in fields(self)
            if (value := getattr(self, one.name)) != one.default
        ]
        return f"Csv({', '.join(settings)})"

    @property
    def _reader_options(self) -> dict[str, Any]:
        """The dialect for Python's own reader."""
        return {
            "delimiter": self.delimiter,
            "quotechar": self.quote,
            "quoting": csv.QUOTE_NONE if self.quote is None else csv.QUOTE_MINIMAL,
            "escapechar": self.escape,
            "doublequote": self.escape is None,
            "strict": True,
        }

    def _header(self, line: str, name: str) -> tuple[str, ...]:
        try:
            names = tuple(next(csv.reader([line], **self._reader_options)))
        except csv.Error:
            names = (REPLACED,)
        if REPLACED in "".join(names):
            where = f"row {self.skip_lines + 1} is no header in {self.encoding.upper()}"
            raise SourceChanged(f"{name}: {where}: {REMEDY}")
        if not names or len(set(names)) < len(names) or not all(names):
            raise SourceChanged(f"{name}: the header must name each column, and once: correct it")
        return names

    def _batches(
        self, path: Path, name: str, columns: Sequence[str], schema: pa.Schema
    ) -> Iterator[pa.RecordBatch]:
        text: dict[str, pa.DataType] = dict.fromkeys(columns, pa.string())
        instants = {
            field.name: field.type
            for field in schema
            if field.name in text and kind_of(field.type) == "instant"
        }
        done = 0
        try:
            # `fit` reads instants by the same rules; of numbers and dates the parser cuts off
            # spaces.
            for block in self._parsed(path, {**text, **instants}, []):
                yield block
                done += 1
        except pa.ArrowInvalid:
            wrong: list[int | None] = []
            try:
                yield from islice(self._parsed(path, text, wrong), done, None)
            except pa.ArrowInvalid as error:
                reason = self._reason(str(error), wrong)
                raise SourceChanged(f"{name}: {reason}: {REMEDY}") from error

    def _parsed(
        self, path: Path, types: dict[str, pa.DataType], wrong: list[int | None]
    ) -> Iterator[pa.RecordBatch]:
        """Blocks that begin and end at the same rows whatever the types; the number of a row with
        too few or too many fields comes into `wrong`.
        """

        def remember(row: pa.csv.InvalidRow) -> Literal["error"]:
            wrong.append(row.number)
            return "error"

        with path.open("rb") as file:
            above = sum(len(file.readline()) for _ in range(self._lines_above))
        below: Any = pa.OSFile(str(path), "rb")  # a file of Arrow's own: a seventh less CPU
        with below as rows:
            if rows.size() == above:
                return
            rows.seek(above)
            yield from pa.csv.open_csv(
                rows,
                # Without threads: rows can be numbered.
                pa.csv.ReadOptions(
                    column_names=list(types), block_size=BLOCK_BYTES, use_threads=False
                ),
                pa.csv.ParseOptions(
                    delimiter=self.delimiter,
                    quote_char=self.quote or False,
                    double_quote=self.escape is None,
                    escape_char=self.escape or False,
                    newlines_in_values=self.quote is not None,
                    ignore_empty_lines=len(types) > 1,  # else it is a missing value
                    invalid_row_handler=remember,
                ),
                pa.csv.ConvertOptions(
                    check_utf8=False,  # known; value by value it costs an eighth of the parsing
                    column_types=types,
                    strings_can_be_null=True,
                    quoted_strings_can_be_null=False,
                    null_values=list(self.nulls),
                ),
            )

    @property
    def _lines_above(self) -> int:
        return self.skip_lines + (not self.names)

    def _reason(self, words: str, wrong: Sequence[int | None]) -> str:
        """Why the parser stopped, without the data it quotes."""
        if wrong:
            return f"row {(wrong[0] or 0) + self._lines_above} has too few or too many fields"
        row = re.search(r"Row #(\d+)", words)
        where = f"row {int(row[1]) + self._lines_above}" if row else "a row"
        if "straddling" in words:
            return f"{where} is longer than {BLOCK_BYTES >> 20} MiB"
        return f"{where} cannot be read"
