"""Small documents to typeset, and what Debian's poppler reads in the file."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec

from harness.report import typeset
from harness.report.document import Block, Document, Section

AT = datetime(2026, 11, 22, 2, 1, 0, 123456, tzinfo=UTC)
"""With parts of a second, as ledgers have them, and PDF has not."""
NOTHING = Document(
    title="Evidence, NOT READY: Acme",
    heading="Acme",
    kicker="Seatrial evidence",
    state="NOT READY",
    good=False,
    reason="Nothing is proven.",
    banner="",
    foot="acme",
    opening=(),
    sections=(),
    attached=(),
)


def with_(*blocks: Block, **other: object) -> Document:
    """A document of one section."""
    made = msgspec.structs.replace(NOTHING, **other)
    return msgspec.structs.replace(made, sections=(Section("Section", "one", blocks),))


def pdf(document: Document, attached: Mapping[str, str] | None = None) -> bytes:
    return typeset.pdf(document, attached or {}, at=AT)


def by_poppler(program: str, *options: str, of: bytes) -> str:
    """What a program of poppler says of a file: `-` is the file."""
    asked = [program, *options, "-", *(["-"] if program == "pdftotext" else [])]
    return subprocess.run(asked, input=of, capture_output=True, check=True).stdout.decode()


def text(of: bytes) -> str:
    """The file's text, its lines joined as they were before they were broken."""
    return "".join(by_poppler("pdftotext", "-raw", of=of).split())
