"""JSON lines: one object a line, in UTF-8, every number to the last digit.

All lines of a file have the same fields, in any order (RFC 8259 4); a field that may be left out
is declared, and then stands for a missing value where it is not there.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from connectors.capabilities import Described
from connectors.convert.json import columns, plain
from connectors.convert.strict_json import NotStrictJson, decoded, decoded_lines
from connectors.errors import SourceChanged
from connectors.events import Declared, declare_names
from connectors.files.formats import Block, End, Layout, sampled

BLOCK_BYTES = 4 << 20
"""What is held at a time, and so the longest line."""
_LIST = "row 1 begins a list: have one object written on each line, without the list around them"


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonLines:
    """Files of one JSON object a line.

    >>> FileSet("events/*.jsonl", JsonLines(optional=("comment",))).format.optional
    ('comment',)
    """

    optional: tuple[str, ...] = ()
    """Fields that a line may leave out."""

    def layout(self, path: Path, name: str) -> Layout | None:
        """The fields of the first line, and those that may be left out."""
        with path.open("rb") as file:
            line = file.readline(BLOCK_BYTES)
            if not line:
                return None
            file.seek(-1, io.SEEK_END)
            ended = file.read() == b"\n"
        if len(line) == BLOCK_BYTES:
            raise _too_long(name, 1)
        first = _objects(line, 1, name)[0]
        names = *(field for field in first if field not in self.optional), *self.optional
        if not names:
            raise SourceChanged(
                f"{name}: row 1 is an empty object, so no field is known: correct it, or declare "
                "the fields optional"
            )
        return Layout(
            names=names,
            declared=declare_names(names, by="first line"),
            end=End.LINE_END if ended else End.RECORD_END,
        )

    @property
    def columns_are_last(self) -> bool:
        """In the first line."""
        return False

    def columns(self, path: Path, name: str) -> Declared | None:
        """The fields of the first line, and those that may be left out."""
        layout = self.layout(path, name)
        return None if layout is None else layout.declared

    def blocks(self, path: Path, name: str, layout: Layout, schema: pa.Schema) -> Iterator[Block]:
        """All lines."""
        done = 0
        with path.open("rb") as file:
            while lines := _some(file, done, name):
                rows = _objects(lines, done + 1, name)
                found, left_out = columns(rows, name)
                known = set(layout.names)
                lacking = known - found.keys() | left_out
                if found.keys() - known or lacking - set(self.optional):
                    raise SourceChanged(self._other(rows, known, done + 1, name))
                done += len(rows)
                absent: list[object] = [None] * len(rows)
                yield Block(
                    columns={n: plain(found.get(n, absent), n, schema) for n in layout.names}
                )

    def describe(self, path: Path, name: str) -> Described | None:
        """Its fields, and the types of their first values."""
        return sampled(self, path, name)

    def _other(
        self, rows: Sequence[dict[str, Any]], known: set[str], first: int, name: str
    ) -> str:
        """The first row that has other fields, and one of them."""
        needed = known - set(self.optional)
        for number, row in enumerate(rows, first):
            if more := sorted(row.keys() - known):
                return f"{name}: row {number} has {more[0][:80]!a}, which row 1 lacks: correct it"
            if less := sorted(needed - row.keys()):
                return (
                    f"{name}: row {number} lacks {less[0][:80]!a}: "
                    "correct it, or declare it optional"
                )
        raise AssertionError(name)


def _some(file: IO[bytes], done: int, name: str) -> bytes:
    """Whole lines, about as many as a block holds."""
    lines = file.read(BLOCK_BYTES)
    if lines and not lines.endswith(b"\n"):
        rest = file.readline(BLOCK_BYTES)
        if len(rest) == BLOCK_BYTES:
            row = done + lines.count(b"\n") + 1
            raise _too_long(name, row)
        lines += rest
    return lines


def _too_long(name: str, row: int) -> SourceChanged:
    return SourceChanged(
        f"{name}: row {row} is longer than {BLOCK_BYTES >> 20} MiB: have it written shorter"
    )


def _objects(lines: bytes, first: int, name: str) -> list[dict[str, Any]]:
    """What the lines say; SourceChanged with its row for one that is no object."""
    rows = decoded_lines(lines)
    if rows is not None and {dict}.issuperset(map(type, rows)):
        return rows
    rows = []
    for number, line in enumerate(lines.removesuffix(b"\n").split(b"\n"), first):
        try:
            row = decoded(line)
        except NotStrictJson as error:
            if number == 1 and line.lstrip().startswith(b"["):
                raise SourceChanged(f"{name}: {_LIST}") from None
            raise SourceChanged(f"{name}: the JSON of row {number} {error}: correct it") from None
        if isinstance(row, list) and number == 1:
            raise SourceChanged(f"{name}: {_LIST}")
        if not isinstance(row, dict):
            raise SourceChanged(f"{name}: row {number} is no JSON object: correct it")
        rows.append(row)
    return rows
