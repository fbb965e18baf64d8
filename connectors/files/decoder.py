"""The files of one dataset, decoded one by one: what one of them is, every other must be."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import pyarrow as pa

from connectors.convert.fit import fit
from connectors.convert.names import require_names
from connectors.errors import SourceChanged
from connectors.events import BlankLines, Emit
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
    layout: Layout | None = None
    _ended: dict[bool, str] = field(default_factory=dict)
    """The first file whose last record has a line end, and the first whose has none."""

    def decode(self, delivery: str, parts: Iterable[tuple[str, Path]]) -> Decoding:
        """All rows of one delivery; before the first of all, an empty batch tells the schema."""
        done = 0
        layouts = list[Layout]()
        for name, part in parts:
            found = self.format.layout(part, name)
            if found is None:
                continue
            layouts.append(found)
            if self.layout is None:
                require_names(found.names, name)
                self.layout = found
                self._declare(found)
                yield self._fitted(_empty(found.names), delivery)
            _require_same(self.layout, found, name)
            rows = 0
            for block in self.format.blocks(part, name, self.layout, self.schema):
                rows += block.rows
                if block.blank_lines:
                    self.emit(BlankLines(name=name, lines=block.blank_lines))
                yield self._fitted(block, delivery)
            if rows:
                self._require_same_end(found, name)
            done += rows
        return Decoded(
            rows=done,
            word=_word(layouts),
            may_be_cut=any(found.end is End.OPEN for found in layouts),
        )

    def nothing(self) -> pa.RecordBatch:
        """An empty batch where no file told of columns."""
        return self._fitted(_empty(self.schema.names), "")

    def _declare(self, layout: Layout) -> None:
        """Tell the columns as the file does. Where no name is the contract's and no type stands
        beside them, the first row may stand in for a header.
        """
        typed = any(type_ for _, type_ in layout.types)
        if layout.declared and (typed or set(layout.names).intersection(self.schema.names)):
            self.emit(layout.declared)

    def _require_same_end(self, found: Layout, name: str) -> None:
        """SourceChanged where only some files end with a line end: the others were cut."""
        if found.end is None:
            return
        self._ended.setdefault(found.end is End.LINE_END, name)
        if len(self._ended) > 1:
            raise SourceChanged(
                f"{self._ended[False]}: its last record has no line end, and that of "
                f"{self._ended[True]} has one: have it sent again"
            )

    def _fitted(self, block: Block, delivery: str) -> pa.RecordBatch:
        extra = [column for column in block.columns if column not in self.schema.names]
        return fit(
            block.columns,
            self.schema,
            extra=extra,
            delivery=delivery,
            as_written=block.as_written,
        )


def _word(layouts: Sequence[Layout]) -> Word | None:
    """What the members of one file say together; None where one of them says nothing."""
    words = [found.said for found in layouts if found.said is not None]
    if not words or len(words) < len(layouts):
        return None
    rows = [word.said.rows for word in words if word.said.rows is not None]
    said = Said(rows=sum(rows)) if len(rows) == len(words) else Said()
    return Word(by=words[0].by, said=said)


def _require_same(before: Layout, found: Layout, name: str) -> None:
    if found.types != before.types:
        changed = sorted({path for path, _ in set(found.types) ^ set(before.types)})
        what = f"column {changed[0][:80]!a} is" if changed else "the order of the columns is"
        raise SourceChanged(f"{name}: {what} not as in the files before it: correct it")


def _empty(names: Sequence[str]) -> Block:
    return Block(columns=dict.fromkeys(names, ()))
