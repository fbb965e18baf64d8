"""The seam behind which every format stands: it turns the bytes of one file into columns.

    Format.layout ─▶ which columns there are
    Format.blocks ─▶ their values, a bounded block at a time, as the file writes them

It types nothing: `connectors.convert.fit` brings the values to the contract. `path` is a private
copy, `name` what the source calls the file, for messages. A file that is cut, damaged or not of
the declared form is SourceChanged, with its row where there is one. Adding one is one file here
and its test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from connectors.capabilities import Described
from connectors.convert import sample
from connectors.convert.cast import Column
from connectors.events import Declared
from connectors.files.said import Word


class End(Enum):
    """How the last record of a file ends, where records are lines."""

    LINE_END = auto()
    RECORD_END = auto()
    """Without a line end, and yet the record is whole: JSON says where it ends."""
    OPEN = auto()
    """Without a line end: the record would be read in the same way if it were cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The columns of one file, and how it ends."""

    names: tuple[str, ...]
    declared: Declared | None = field(default=None, compare=False)
    """The same as the file itself says it; None where it says nothing of its columns."""
    end: End | None = field(default=None, compare=False)
    """None where something else says where the file ends: a footer, a trailer."""
    said: Word | None = field(default=None, compare=False)
    """What the sender says in the file of the file; held against the rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Some rows."""

    columns: Mapping[str, Column]
    as_written: Mapping[str, Column] = field(default_factory=dict)
    """The same values as the file writes them, for columns that stand rewritten in `columns`."""
    blank_lines: int = 0
    """Lines of the file on which nothing stands, each counted in one block."""

    @property
    def rows(self) -> int:
        """How many."""
        return len(next(iter(self.columns.values()), ()))


class Format(Protocol):
    """How files are written. Nothing of it is guessed.

    >>> written: Format = Csv(delimiter=";")
    """

    def layout(self, path: Path, name: str) -> Layout | None:
        """The columns; None for a file in which nothing stands, a delivery without rows."""

    def blocks(self, path: Path, name: str, layout: Layout, schema: pa.Schema) -> Iterator[Block]:
        """All rows in the order of the file. `layout` is that of the file; of `schema` the
        types help to parse.
        """

    def describe(self, path: Path, name: str) -> Described | None:
        """What the file looks like; None where nothing stands in it."""


def sampled(
    format_: Format, path: Path, name: str, plain: Callable[[Column], Column] = lambda came: came
) -> Described | None:
    """What a file looks like by its first block, for formats whose files declare no types; `plain`
    brings a column to plain writing.
    """
    layout = format_.layout(path, name)
    if layout is None:
        return None
    block = next(format_.blocks(path, name, layout, pa.schema([])), None)
    columns = dict.fromkeys(layout.names, ()) if block is None else block.columns
    return sample.described(f"file {name}", {n: plain(came) for n, came in columns.items()})
