"""The totals that the pages of one pass declare, held against their rows; no I/O."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.errors import SourceChanged
from connectors.rest.counted_at import CountedAt, Total
from connectors.rest.paginators import Page

_PAGES_BEYOND = 3
"""With rows beyond every total declared: more would be reading without an end."""


@dataclass(frozen=True, slots=True)
class _Range:
    """The least and the greatest of some numbers."""

    least: int | None = None
    greatest: int | None = None

    def add(self, number: int) -> _Range:
        return self.join(_Range(number, number))

    def join(self, other: _Range) -> _Range:
        ends = (self.least, self.greatest, other.least, other.greatest)
        numbers = [number for number in ends if number is not None]
        return _Range(min(numbers), max(numbers)) if numbers else self

    def moved(self) -> bool:
        return self.least != self.greatest


@dataclass(slots=True)
class Totals:
    """What was declared so far."""

    where: Total | None
    """Where each page declares how many rows there are in all, or what was asked beside them."""
    of_all: _Range = _Range()
    of_rest: _Range = _Range()
    """The same, taken as the number of rows from this page on, as where `since_id` filters what is
    counted; with the rows before them."""
    is_total: bool = False
    """Whether some page has another number of rows than it declares. If none has, the number may
    be the page's own, which agrees with whatever comes."""
    rows: int = 0
    beyond: int = 0

    def see(self, page: Page) -> None:
        """Count a page; SourceChanged where the rows are far beyond the total."""
        declared = None if self.where is None else page.find_number(self.where)
        if declared is not None:  # null: the source did not count this time
            self.of_all = self.of_all.add(declared)
            self.of_rest = self.of_rest.add(declared + self.rows)
            self.is_total = self.is_total or self._is_of_all(declared, page)
        self.rows += len(page.rows)
        greatest = self.of_all.greatest
        if self.is_total and greatest is not None and self.rows > greatest:
            self.beyond += 1
        if self.beyond > _PAGES_BEYOND:
            raise SourceChanged(
                f"{page.what}: {self.rows} rows so far, and the source declared {greatest}: "
                "read again, or correct the name of the total"
            )

    def _is_of_all(self, declared: int, page: Page) -> bool:
        """Whether it cannot be the page's own number of rows."""
        return isinstance(self.where, CountedAt) or declared != len(page.rows)

    def include(self, other: Totals) -> None:
        """Take in what another pass declared."""
        self.of_all = self.of_all.join(other.of_all)
        self.of_rest = self.of_rest.join(other.of_rest)

    @property
    def declared(self) -> _Range:
        """The totals declared: of all rows, unless only those of the rest stay the same."""
        return self.of_rest if self.of_all.moved() and not self.of_rest.moved() else self.of_all

    @property
    def doubt(self) -> str | None:
        """Why no total counts, as a clause of a sentence; None if one does."""
        if self.where is None:
            return "the endpoint names no total of the source"
        declared = self.declared
        if declared.least is None:
            return "the source declared no total on any page"
        if not self.is_total:
            return (
                "its total is each page's own number of rows, which agrees with whatever comes: "
                "ask for smaller pages"
            )
        if declared.moved():
            return (
                f"its total moved between {declared.least} and {declared.greatest} while it was "
                "read: read again"
            )
        return None

    def declared_against(self, rows: int) -> int | None:
        """The total to hold against `rows`: the nearest of those declared; None where none
        counts, and where the rows lie between two of them.
        """
        least, greatest = self.declared.least, self.declared.greatest
        if least is None or greatest is None:
            return None
        if not self.is_total:  # a source that says that it holds nothing, and gave nothing
            return 0 if greatest == 0 else None
        if least < greatest and least <= rows <= greatest:
            return None
        return min(max(rows, least), greatest)
