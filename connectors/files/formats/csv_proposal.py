"""What dialect a CSV file seems to be of, for its owner to confirm; never used without that.

Pure: it looks at the first bytes of a file and at its last line. No value from the file is in what
it proposes.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from connectors.files.formats.csv_text import Ends

_DELIMITERS = (",", ";", "\t", "|")
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NUMBER = re.compile(r"[+-]?[0-9][0-9.,]*")
_COMMA = re.compile(r"[+-]?([0-9]+|[0-9]{1,3}(\.[0-9]{3})+),[0-9]+")
_WHOLE_OR_COMMA = re.compile(r"[+-]?([0-9]+|[0-9]{1,3}(\.[0-9]{3})+)(,[0-9]+)?")
_ONLY_FRACTIONS = re.compile(r"([^,]|(?<=[0-9]),(?=[0-9]))*")
"""A line in which each comma is within a number; of two delimiters that fit, it is none."""
_MARK = re.compile(r"[A-Z_]{1,12}")
"""A trailer's first field, where it is so plain that it is no value."""
_MOST_LINES_ABOVE = 20


def proposed(file: Ends) -> Mapping[str, object]:
    """Settings of `Csv` that fit a file; none where there is nothing to tell from."""
    encoding = _encoding(file.head)
    lines = file.head.decode(encoding, errors="replace").removeprefix("\ufeff").splitlines()
    lines = lines if file.is_all else lines[:-1]  # the last one may be cut
    delimiter, width = _shape(lines)
    if width <= 1:
        return {} if encoding == "utf-8" else {"encoding": encoding}
    rows = list(csv.reader(lines, delimiter=delimiter))
    above = next(n for n, row in enumerate(rows) if len(row) == width)
    table = [row for row in rows[above:] if len(row) == width]
    has_header = not any(_NUMBER.fullmatch(text) or not text for text in table[0])
    values = table[1:] if has_header else table
    end = lines[-1] if file.is_all else file.last.decode(encoding, errors="replace").rstrip("\r")
    found: dict[str, object] = {"delimiter": delimiter, "encoding": encoding}
    if above <= _MOST_LINES_ABOVE:
        found["skip_lines"] = above
    if not has_header:
        found["names"] = tuple(f"column_{n + 1}" for n in range(width))
    fields = next(csv.reader([end], delimiter=delimiter), [])
    if _closes(fields, values[: len(values) - file.is_all], width):
        if file.is_all and len(fields) == width:
            values = values[:-1]
        found |= _trailer(fields, delimiter, len(values) if file.is_all else None)
    return {**found, **_numbers(values)}


def _encoding(head: bytes) -> str:
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return encoding
    for encoding in ("utf-8", "cp1252"):
        try:
            codecs.getincrementaldecoder(encoding)().decode(head)  # may end within a character
        except UnicodeDecodeError:
            continue
        return encoding
    return "latin-1"


def _shape(lines: Sequence[str]) -> tuple[str, int]:
    """The delimiter by which most lines have the same number of fields, and that number."""

    def agreement(delimiter: str) -> tuple[bool, int, bool, int]:
        widths = Counter(map(len, csv.reader(lines, delimiter=delimiter)))
        del widths[0]
        (width, many), *_ = widths.most_common(1) or [(0, 0)]
        is_mark = delimiter == "," and all(map(_ONLY_FRACTIONS.fullmatch, lines))
        return width > 1, many, not is_mark, width

    try:
        best = max(_DELIMITERS, key=agreement)
        return best, agreement(best)[-1]
    except csv.Error:  # no dialect of ours
        return ",", 0


def _numbers(rows: Sequence[Sequence[str]]) -> Mapping[str, object]:
    """The marks in columns of numbers: a comma that only a fraction explains."""
    columns = [[text for text in column if text] for column in zip(*rows, strict=True)]
    fractions = [
        column
        for column in columns
        if any(map(_COMMA.fullmatch, column)) and all(map(_WHOLE_OR_COMMA.fullmatch, column))
    ]
    if not fractions:
        return {}
    grouped = any("." in text for column in fractions for text in column)
    return {"decimal": ",", "thousands": "."} if grouped else {"decimal": ","}


def _closes(last: Sequence[str], values: Sequence[Sequence[str]], width: int) -> bool:
    """Whether the last line is no row: of another width, or with a mark where no row has one."""
    if len(last) != width or not values:
        return bool(values)
    return bool(_MARK.fullmatch(last[0])) and not any(_MARK.fullmatch(row[0]) for row in values)


def _trailer(last: Sequence[str], delimiter: str, rows: int | None) -> Mapping[str, object]:
    """The last line with its count, its plain mark, and nothing else of it; none without both."""

    def parts() -> Iterator[str]:
        counted = False
        for at, text in enumerate(last):
            is_count = text.isdecimal() and rows in (None, int(text)) and not counted
            counted = counted or is_count
            plain = text if at == 0 and _MARK.fullmatch(text) else "*"
            yield "{rows}" if is_count else plain

    trailer = delimiter.join(parts())
    return {} if set(trailer) <= {"*", delimiter} else {"trailer": trailer}
