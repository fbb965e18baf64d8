"""The text of a CSV file before it is parsed: its encoding, lines that are no rows, its quotes.

The parser wants UTF-8, and rows to the end. A file of another kind is brought there in a private
copy.
"""

from __future__ import annotations

import codecs
import csv
import io
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from connectors.errors import SourceChanged
from connectors.files import said
from connectors.files.formats import End
from connectors.files.private import path_of, private_file
from connectors.files.said import Word

BLOCK_BYTES = 4 << 20
"""What is held at a time, and so the longest record."""
REMEDY = "correct the file, or how Csv(…) declares it (seatrial draft says)"
"""For a file that does not fit its dialect: either may be wrong."""
_LOOK_BYTES = 1 << 18
"""Few enough to stay in the processor's cache."""
_TRAILER_BYTES = 1 << 16
_BOM = "\ufeff"
_BIG_ENDIAN = {"utf-16": codecs.BOM_UTF16_BE, "utf-32": codecs.BOM_UTF32_BE}
_WIDEST = 4
"""Bytes of one character in UTF-32."""
REPLACED = "\ufffd"
"""Stands in a line for bytes that its encoding does not know."""


def is_utf8(encoding: str) -> bool:
    """Whether files of this encoding are parsed as they are."""
    return codecs.lookup(encoding).name in ("utf-8", "utf-8-sig")


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """What the bytes of a file tell before it is parsed."""

    quoted: bool
    """There is a quote or an escape somewhere: a row may have several lines."""
    is_ascii: bool
    """All is ASCII, and so UTF-8."""
    lines: int
    """How many there are, the last one with its end or without."""
    longest: int
    """Bytes of the longest one, give or take what is looked at once."""

    @classmethod
    def of(cls, path: Path, *marks: str | None) -> Glance:
        """Look at all bytes, for the marks of quotes and escapes."""
        known = [mark.encode() for mark in marks if mark is not None]
        quoted, is_ascii, lines, last = False, True, 0, b"\n"
        longest = running = 0
        with path.open("rb", buffering=0) as file:
            while data := file.read(_LOOK_BYTES):
                quoted = quoted or any(mark in data for mark in known)
                is_ascii = is_ascii and data.isascii()
                ended = lines
                lines += data.count(b"\n")
                if b"\r" in data or last == b"\r":
                    lines += data.count(b"\r") - (last + data).count(b"\r\n")
                last = data[-1:]
                running = 0 if lines > ended else running + len(data)
                longest = max(longest, running)
        lines += last not in b"\r\n"
        return cls(quoted=quoted, is_ascii=is_ascii, lines=lines, longest=longest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """How a file is written, as far as it is no matter of rows and fields."""

    encoding: str
    trailer: str | None

    def __post_init__(self) -> None:
        try:
            "".encode(self.encoding)
        except LookupError:
            raise ValueError(
                f"encoding {self.encoding!r} is none of Python's: write utf-8, cp1252, utf-16 …"
            ) from None
        if self.trailer is not None and (
            not self.trailer or said.fields(self.trailer) not in ([], ["{rows}"])
        ):
            raise ValueError("a trailer is the last line, with {rows} in it once or not at all")

    def line(self, path: Path, above: int, name: str) -> str | None:
        """The line below the first `above` ones, without its end; "" where there is none, None
        where the file is empty.
        """
        encoding = "utf-8" if is_utf8(self.encoding) else self.encoding
        try:
            with path.open(encoding=encoding, errors="replace", newline="\n") as lines:
                read = [lines.readline(BLOCK_BYTES) for _ in range(above + 1)]
        except UnicodeError as error:  # UTF-16 without the mark that says in which order
            where = f"row 1 is not {self.encoding.upper()}"
            raise SourceChanged(f"{name}: {where}: {REMEDY}") from error
        if not any(read) and self.trailer is None:
            return None
        return read[-1].removeprefix(_BOM).rstrip("\r\n")

    @contextmanager
    def prepared(self, path: Path, name: str) -> Iterator[Path]:
        """A file in UTF-8 without trailer."""
        if is_utf8(self.encoding) and self.trailer is None:
            yield path
            return
        with private_file() as copy:
            with path.open("rb") as file:
                if is_utf8(self.encoding):
                    shutil.copyfileobj(file, copy)
                else:
                    copy.writelines(text.encode() for text in self._decoded(file, name))
            if self.trailer is not None:
                self._cut_trailer(copy, name)
            copy.flush()
            yield path_of(copy)

    def require_text(self, path: Path, name: str) -> None:
        """SourceChanged for bytes that its encoding does not know."""
        with path.open("rb") as file:
            for _ in self._decoded(file, name):
                pass

    def _decoded(self, file: IO[bytes], name: str) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder(self.encoding)()
        rows = 1
        data = b"-"
        while data:
            data = file.read(_LOOK_BYTES)
            try:
                text = decoder.decode(data, final=not data)
            except UnicodeError as error:
                if isinstance(error, UnicodeDecodeError):
                    rows += error.object[: error.start].count(b"\n")
                where = f"row {rows} is not {self.encoding.upper()}"
                raise SourceChanged(f"{name}: {where}: {REMEDY}") from None
            rows += text.count("\n")
            yield text

    def _cut_trailer(self, file: IO[bytes], name: str) -> None:
        size = file.seek(0, io.SEEK_END)
        start = file.seek(max(0, size - _TRAILER_BYTES))
        tail = file.read()
        above, line_end, last = tail.removesuffix(b"\n").rpartition(b"\n")
        line = last.removesuffix(b"\r").decode(errors="replace").removeprefix(_BOM)
        if not self.is_trailer(line):
            raise SourceChanged(f"{name}: it does not end with its trailer: have it sent again")
        file.truncate(start + len(above) + len(line_end))

    def is_trailer(self, line: str) -> bool:
        """Whether a line can be the last one."""
        return self.trailer is not None and said.read(self.trailer, line) is not None

    def end(self, path: Path) -> tuple[End | None, Word | None]:
        """How a file that is not empty ends, and what its trailer says."""
        tail = self._tail(path)
        if self.trailer is None:
            return (End.LINE_END if tail.endswith(("\n", "\r")) else End.OPEN), None
        last = tail.removesuffix("\n").rpartition("\n")[2].removesuffix("\r")
        one = said.read(self.trailer, last.removeprefix(_BOM))
        return None, None if one is None else Word(by="its trailer", said=one)

    def _tail(self, path: Path) -> str:
        """The last characters."""
        with path.open("rb") as file:
            head = file.read(_WIDEST)
            size = file.seek(0, io.SEEK_END)
            file.seek(max(0, size - _TRAILER_BYTES) // _WIDEST * _WIDEST)
            tail = file.read()
        encoding = codecs.lookup(self.encoding).name
        if encoding in ("utf-16", "utf-32"):  # which stand at the file's beginning alone
            encoding += "-be" if head.startswith(_BIG_ENDIAN[encoding]) else "-le"
        return tail.decode(encoding, errors="replace")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """The beginning and the end of a file, of which a dialect can be proposed."""

    head: bytes
    """Its first bytes."""
    last: bytes
    """Its last line."""
    is_all: bool
    """Whether the first bytes are the whole file."""

    @classmethod
    def of(cls, path: Path) -> Ends:
        """Look at both."""
        with path.open("rb") as file:
            head = file.read(_LOOK_BYTES)
            size = file.seek(0, io.SEEK_END)
            file.seek(max(0, size - _TRAILER_BYTES))
            last = file.read().removesuffix(b"\n").rpartition(b"\n")[2]
        return cls(head=head, last=last, is_all=len(head) == size)


def too_long(name: str, line: int | None = None) -> SourceChanged:
    """A row that is longer than what is held at a time."""
    where = "a row" if line is None else f"the row that ends in line {line}"
    return SourceChanged(f"{name}: {where} is longer than {BLOCK_BYTES >> 20} MiB: {REMEDY}")


def require_closed_quotes(path: Path, name: str, above: int, dialect: Mapping[str, Any]) -> int:
    """The number of blank lines between rows. SourceChanged for an unclosed quote and for text
    behind a closing one: Arrow takes both, and they swallow rows.
    """
    csv.field_size_limit(BLOCK_BYTES)
    with path.open("rb") as file:
        for _ in range(above):
            file.readline()
        with io.TextIOWrapper(file, encoding="utf-8-sig", newline="") as lines:
            rows = csv.reader(lines, **dialect)
            try:
                return sum(not row for row in rows)
            except UnicodeDecodeError as error:
                raise SourceChanged(f"{name}: not UTF-8: {REMEDY}") from error
            except csv.Error as error:
                line = above + rows.line_num
                if "field larger" in str(error):
                    raise too_long(name, line) from error
                raise SourceChanged(
                    f"{name}: a quote before the end of line {line} is not closed: correct it"
                ) from error
