"""Cells and rows of the printed report's tables."""

from __future__ import annotations

from collections.abc import Iterable

from harness.report.document import Paragraph, Pill, Row, Run, Words
from harness.report.frame import SIGNS
from harness.verdict import Outcome


def pill(outcome: Outcome) -> Pill:
    """An outcome with its sign."""
    return Pill(outcome, SIGNS[outcome])


def paragraph(*parts: Run) -> Paragraph:
    """A paragraph of these parts."""
    return Paragraph(parts)


def cell(one: Run) -> Words:
    """A cell of one part."""
    return (one,)


def joined(parts: Iterable[Run], by: str = ", ") -> Words:
    """A cell of several parts; `none` where there are none."""
    said = [one for part in parts for one in (part, by)][:-1]
    return tuple(said) or ("none",)


def rows(each: Iterable[Iterable[Run | Words]]) -> tuple[Row, ...]:
    """Rows without an anchor, from parts and from cells of several parts."""
    return tuple(
        Row(tuple(one if isinstance(one, tuple) else cell(one) for one in parts)) for parts in each
    )
