"""The files of one dataset, decoded one by one, each by its own columns (`columns.py`).

How the last record of a file ends is that of all: where only some have a line end, others were
cut.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import pyarrow as pa

from connectors.errors import BrokenFile, SourceChanged
from connectors.events import BlankLines, Emit, Unreadable
from connectors.files.columns import Columns, Told
from connectors.files.formats import Block, End, Format, Layout
from connectors.files.said import Said, Word


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """What one file turned out to be."""

    rows: int
    word: Word | None
    """What its sender says of it in the file itself."""
    may_be_cut: bool
    """Its last record would be read in the same way if it were cut."""


Decoding: TypeAlias = Generator[pa.RecordBatch, None, Decoded]


@dataclass(slots=True, kw_only=True)
class Decoder:
    """Remembers the columns, and how the last records end."""

    format: Format
    schema: pa.Schema
    emit: Emit
    newest: Collection[str] = ()
    """Columns of the newest file, where that is known beforehand."""
    _columns: Columns | None = None
    _told: Told = field(default_factory=Told)
    _named: dict[bool, str] = field(default_factory=dict)
    """The first file that names a column of the contract, and the first that may name none."""
    _ended: dict[bool, tuple[str, str]] = field(default_factory=dict)
    """The first file whose last record has a line end, and the first whose has none: the delivery
    and its own name."""
    rows: int = 0
    """Of the delivery that is decoded or was decoded last, so far."""

    def decode(self, delivery: str, parts: Iterable[tuple[str, Path]]) -> Decoding:
        """All rows of one delivery; before the first of all, an empty batch tells the schema.
        Raises BrokenFile where the files before it are not what they seemed, and any other
        SourceChanged for this one alone.
        """
        self.rows = 0
        layouts = list[Layout]()
        for name, part in parts:
            found = self.format.layout(part, name)
            if found is None:
                continue
            layouts.append(found)
            self._told.require_few(found.names, name)
            self._declare(found, name)
            if self._columns is None:
                self._columns = Columns.of((*found.names, *self.newest), self.schema)
                yield self._columns.placed(_empty(found.names), delivery)
            before = self.rows
            for block in self.format.blocks(part, name, found, self.schema):
                self.rows += block.rows
                if block.blank_lines:
                    self.emit(BlankLines(name=name, lines=block.blank_lines))
                yield self._columns.placed(block, delivery)
            if self.rows > before:
                self._require_same_end(found, delivery, name)
        return Decoded(
            rows=self.rows,
            word=_word(layouts),
            may_be_cut=any(found.end is End.OPEN for found in layouts),
        )

    def foresee(self, parts: Iterable[tuple[str, Path]]) -> bool:
        """Whether a file tells its columns, before its turn. They are the newest."""
        try:
            found = [self.format.layout(part, name) for name, part in parts]
        except SourceChanged:  # it is told at its turn
            return False
        self.newest = [n for one in found if one and self._is_named(one) for n in one.names]
        return any(found)

    @property
    def has_nothing(self) -> bool:
        """Whether no file has told its columns."""
        return self._columns is None

    def nothing(self) -> pa.RecordBatch:
        """An empty batch where no file told of columns."""
        return Columns.of(self.schema.names, self.schema).placed(_empty(self.schema.names), "")

    def _declare(self, layout: Layout, name: str) -> None:
        """Tell the columns as the file does. Where no name is the contract's and no type stands
        beside them, the first row may stand in for a header: it is not told, and SourceChanged
        where another file has a header.
        """
        named = self._is_named(layout)
        self._named.setdefault(named, name)
        if len(self._named) > 1:
            # Of a file before this one the rows have landed, with data for names.
            kind = BrokenFile if named else SourceChanged
            headless = self._named[False] if named else name
            raise kind(
                f"{headless}: it names none of the contract's columns, and {self._named[True]} "
                "does: see that its header is there"
            )
        if layout.declared and named and (news := self._told.news(layout.declared)):
            self.emit(news)

    def _is_named(self, layout: Layout) -> bool:
        columns = layout.declared.columns if layout.declared else ()
        typed = any(column.type for column in columns)
        return typed or bool(set(layout.names).intersection(self.schema.names))

    def _require_same_end(self, found: Layout, delivery: str, name: str) -> None:
        """Where only some files end with a line end, the others were cut: SourceChanged for this
        one, and a file before it is told.
        """
        if found.end is None:
            return
        is_cut = found.end is not End.LINE_END
        is_first = (not is_cut) not in self._ended
        self._ended.setdefault(not is_cut, (delivery, name))
        if len(self._ended) == 1:
            return
        cut = (delivery, name) if is_cut else self._ended[False]
        why = (
            f"{cut[1]}: its last record has no line end, and that of {self._ended[True][1]} has "
            "one: have it sent again"
        )
        if is_cut:
            raise SourceChanged(why)
        if is_first:
            self.emit(Unreadable(name=cut[0], why=why))


def _word(layouts: Sequence[Layout]) -> Word | None:
    """What the members of one file say together; None where one of them says nothing."""
    words = [found.said for found in layouts if found.said is not None]
    if not words or len(words) < len(layouts):
        return None
    rows = [word.said.rows for word in words if word.said.rows is not None]
    said = Said(rows=sum(rows)) if len(rows) == len(words) else Said()
    return Word(by=words[0].by, said=said)


def _empty(names: Sequence[str]) -> Block:
    return Block(columns=dict.fromkeys(names, ()))
