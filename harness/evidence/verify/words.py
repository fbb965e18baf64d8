"""What an auditor reads: which check, in which file, what was found and what that means; in lines
of 80 columns. Nothing from a bundle steers the terminal.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from harness.evidence.verify import bounds
from harness.evidence.verify.finding import Finding, Grade

WIDTH = 80
_LONGEST = 600
"""Characters of one sentence. A name of a megabyte is no name."""
_WORDS = {Grade.GOOD: "ok", Grade.UNKNOWN: "UNKNOWN", Grade.REFUSED: "REFUSED"}
_CHECK, _TEXT = 9, 22
"""Columns."""


def visible(text: str) -> str:
    """The text, with every character that hides, reorders or controls text escaped. The same as
    `harness.say.visible`, which is not in `verify.pyz`.
    """
    if text.isprintable():
        return text
    return "".join(
        c
        if c.isprintable() or unicodedata.category(c) == "Zs"
        else c.encode("unicode_escape").decode()
        for c in text
    )


def lines(findings: Sequence[Finding]) -> Iterator[str]:
    """Every finding, each with its check; of one check the first bounds.FINDINGS bad ones."""
    told: dict[tuple[str, Grade], int] = {}
    for one in findings:
        key = one.check, one.grade
        told[key] = told.get(key, 0) + 1
        if one.grade is Grade.GOOD or told[key] <= bounds.FINDINGS:
            yield from _told(one)
    for (check, grade), count in told.items():
        if grade is not Grade.GOOD and count > bounds.FINDINGS:
            yield from paragraph(
                f"{_WORDS[grade]:{_CHECK}}{check:{_TEXT - _CHECK}}",
                f"and {count - bounds.FINDINGS:,} more of this check",
            )


def paragraph(head: str, text: str) -> Iterator[str]:
    """`text` behind `head`, its further lines below its first."""
    text = visible(text)
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST]}…"
    before, room = visible(head), WIDTH - len(head)
    for line in _wrapped(text, room):
        yield f"{before}{line}".rstrip()
        before = " " * len(head)


def columns(text: str) -> int:
    """How wide a terminal shows it: characters of East Asia take two columns."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _wrapped(text: str, room: int) -> Iterator[str]:
    line = ""
    for word in text.split():
        if line and columns(line) + 1 + columns(word) > room:
            yield line
            line = ""
        line = f"{line} {word}" if line else word
        while columns(line) > room:  # a word that no line can hold
            fits = next(n for n in range(len(line), 0, -1) if columns(line[:n]) <= room)
            yield line[:fits]
            line = line[fits:]
    if line:
        yield line


def _told(one: Finding) -> Iterator[str]:
    where = f"{one.file}: " if one.file else ""
    head = f"{_WORDS[one.grade]:{_CHECK}}{one.check:{_TEXT - _CHECK}}"
    yield from paragraph(head, f"{where}{one.found}")
    if one.means:
        yield from paragraph(" " * _TEXT, f"→ {one.means}")
