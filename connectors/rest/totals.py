"""The totals that the pages of one pass declare, held against their rows; no I/O."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.errors import SourceChanged
from connectors.rest.locations import Location
from connectors.rest.paginators import Page

_PAGES_BEYOND = 3
"""With rows beyond every total declared: more would be reading without an end."""


@dataclass(slots=True)
class Totals:
    """What was declared so far."""

    where: Location | None
    """Where each page declares how many rows there are in all."""
    least: int | None = None
    greatest: int | None = None
    is_total: bool = False
    """Whether some page has another number of rows than it declares. If none has, the number may
    be the page's own, which agrees with whatever comes."""
    rows: int = 0
    beyond: int = 0

    def see(self, page: Page) -> None:
        """Count a page; SourceChanged where the rows are far beyond the total."""
        self.rows += len(page.rows)
        declared = None if self.where is None else page.find_number(self.where)
        if declared is not None:  # null: the source did not count this time
            self.least = declared if self.least is None else min(self.least, declared)
            self.greatest = max(self.greatest or 0, declared)
            self.is_total = self.is_total or declared != len(page.rows)
        if self.is_total and self.greatest is not None and self.rows > self.greatest:
            self.beyond += 1
        if self.beyond > _PAGES_BEYOND:
            raise SourceChanged(
                f"{page.what}: {self.rows} rows so far, and the source declared {self.greatest}: "
                "read again, or correct the name of the total"
            )

    def include(self, other: Totals) -> None:
        """Take in what another pass declared."""
        for declared in (other.least, other.greatest):
            if declared is not None and self.least is not None and self.greatest is not None:
                self.least, self.greatest = min(self.least, declared), max(self.greatest, declared)

    @property
    def doubt(self) -> str | None:
        """Why no total counts, as a clause of a sentence; None if one does."""
        if self.where is None:
            return "the endpoint names no total of the source"
        if self.least is None:
            return "the source declared no total on any page"
        if not self.is_total:
            return (
                "its total is each page's own number of rows, which agrees with whatever comes: "
                "ask for smaller pages"
            )
        if self.least != self.greatest:
            return (
                f"its total moved between {self.least} and {self.greatest} while it was read: "
                "read again"
            )
        return None

    def declared_against(self, rows: int) -> int | None:
        """The total to hold against `rows`: the nearest of those declared; None where none
        counts, and where the rows lie between two of them.
        """
        if self.least is None or self.greatest is None:
            return None
        if not self.is_total:  # a source that says that it holds nothing, and gave nothing
            return 0 if self.greatest == 0 else None
        if self.least < self.greatest and self.least <= rows <= self.greatest:
            return None
        return min(max(rows, self.least), self.greatest)
