"""What shows that nothing moved between the pages of one reading.

    every page ─▶ Look.see        after the last one ─▶ Look.judge ─▶ why something moved, or None

A total that stays the same shows little: where one row is deleted and another one added, a row
that was never read is hidden.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from connectors.errors import SourceChanged
from connectors.events import WitnessKind
from connectors.rest.paginators import Page


class Look(Protocol):
    """Sees every page of one reading, in order."""

    def see(self, page: Page) -> None:
        """Look at a page. SourceChanged for a row without the key that was named."""

    def judge(self, again: Callable[[], Iterable[Page]]) -> str | None:
        """Why something moved, as a clause of a sentence; None if nothing did. `again` asks the
        source for all pages once more.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmoved:
    """What an endpoint has to show that nothing moved between its pages.

    >>> read_twice("part_key").kind
    <WitnessKind.READ_TWICE: 'read_twice'>
    """

    kind: WitnessKind
    """What a declared total is worth if nothing moved."""
    begin: Callable[[], Look]


def require_columns(columns: tuple[object, ...]) -> None:
    """ValueError for a key without columns, or with one that is no name."""
    if not columns or not all(isinstance(column, str) and column for column in columns):
        raise ValueError('the columns of a key are named one by one: "part_key", "supplier_key"')


def keys_of(page: Page, columns: tuple[str, ...]) -> list[tuple[object, ...]]:
    """The keys of all rows; SourceChanged if a column of them is not there."""
    try:
        return list(zip(*([row[column] for row in page.rows] for column in columns), strict=True))
    except KeyError:
        raise SourceChanged(
            f"{page.what}: a row has no {', '.join(columns)}: correct the key in unmoved"
        ) from None
