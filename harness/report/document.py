"""What a printed document is made of: headings, sentences, lists and tables, as plain data.

Whoever has something to print says it in these; `document.typ` decides how they look.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

import msgspec

from harness.verdict import Outcome


class Code(msgspec.Struct, frozen=True, tag="code"):
    """A name or a digest, letter by letter."""

    text: str


class Strong(msgspec.Struct, frozen=True, tag="strong"):
    """Words that must not be overlooked."""

    text: str


class Line(msgspec.Struct, frozen=True, tag="line"):
    """Words that must not be overlooked, on a line of their own."""

    text: str


class Note(msgspec.Struct, frozen=True, tag="note"):
    """Words that are said more quietly, on a line of their own."""

    text: str


class Link(msgspec.Struct, frozen=True, tag="link"):
    """Words that lead to an anchor of the same document."""

    text: str
    to: str


class Pill(msgspec.Struct, frozen=True, tag="pill"):
    """An outcome with its sign, which tells it without a colour."""

    text: Outcome
    sign: str


Run: TypeAlias = str | Code | Strong | Line | Note | Link | Pill
Words: TypeAlias = tuple[Run, ...]
"""A sentence in its parts."""


class Row(msgspec.Struct, frozen=True):
    """A row of a table, which links may lead to."""

    cells: tuple[Words, ...]
    anchor: str = ""


class Paragraph(msgspec.Struct, frozen=True, tag="paragraph"):
    """One sentence or more."""

    words: Words


class Bullets(msgspec.Struct, frozen=True, tag="bullets"):
    """A list."""

    each: tuple[Words, ...]


class Terms(msgspec.Struct, frozen=True, tag="terms"):
    """Names with what they are."""

    each: tuple[tuple[str, Words], ...]


class Table(msgspec.Struct, frozen=True, tag="table"):
    """A table whose head stands on every page that it reaches."""

    caption: str
    heads: tuple[str, ...]
    widths: tuple[float, ...]
    """Of the columns: shares of the page's width."""
    rows: tuple[Row, ...]


class Signing(msgspec.Struct, frozen=True, tag="signing"):
    """A place to sign by hand, for each role."""

    bound: Words
    """What a signature is bound to."""
    read_aloud: tuple[str, ...]
    """The same in words, line by line."""
    square: bytes
    """The same as a drawing of ours in SVG, for a phone."""
    says: str
    """What the drawing shows, for who cannot see it."""
    caption: str
    roles: tuple[str, ...]


Block: TypeAlias = Paragraph | Bullets | Terms | Table | Signing


class Section(msgspec.Struct, frozen=True):
    """What stands under one heading, and in the contents."""

    heading: str
    anchor: str
    blocks: tuple[Block, ...]
    parts: tuple[Section, ...] = ()
    """What stands under headings of its own, one level below."""


class Attachment(msgspec.Struct, frozen=True):
    """A file within the file."""

    name: str
    kind: str
    """Its media type."""
    relation: str
    """To the document, in the words of PDF 2.0, 14.13: `data` is what it shows."""
    description: str


class Document(msgspec.Struct, frozen=True):
    """A whole document."""

    title: str
    """Of the file, as a reader's window shows it."""
    heading: str
    """On the first page."""
    kicker: str
    """Above the heading."""
    state: str
    """READY or NOT READY."""
    good: bool
    reason: str
    banner: str
    """At the head of every page; empty where there is none."""
    foot: str
    """At the foot of every page, beside its number."""
    opening: tuple[Block, ...]
    """On the first page, below the state."""
    sections: tuple[Section, ...]
    attached: tuple[Attachment, ...]


def texts(found: Iterable[Any]) -> Iterator[str]:
    """Every text in parts of a document."""
    for one in found:
        if isinstance(one, str):
            yield one
        elif isinstance(one, msgspec.Struct):
            yield from texts(msgspec.structs.astuple(one))
        elif isinstance(one, tuple):
            yield from texts(one)
