"""Which pages will be asked for next, as far as that is known; pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from connectors.errors import SourceChanged
from connectors.rest.endpoint import Endpoint
from connectors.rest.paginators import ByPosition, Page, PageRequest, Position


@dataclass(slots=True)
class Coming:
    """Sees each page of one pass that another one follows."""

    endpoint: Endpoint
    first: PageRequest
    pages: int = 0
    rows: int = 0

    def see(self, page: Page, following: PageRequest) -> Iterator[tuple[PageRequest, int]]:
        """Requests with their numbers: the one that follows `page`, and behind it those that will
        be asked for if all further pages are as long, where the endpoint asks for several at once.
        """
        self.pages += 1
        self.rows += len(page.rows)
        return self._coming(page, following)

    def _coming(self, page: Page, following: PageRequest) -> Iterator[tuple[PageRequest, int]]:
        number = self.pages + 1
        yield following, number
        style = self.endpoint.pages
        if self.endpoint.at_once == 1 or not isinstance(style, ByPosition):
            return
        at = Position(pages=self.pages, rows=self.rows, page=page, total=self._total(page))
        guesses = map(page.lead_to, style.guess(self.first, at))
        if next(guesses, None) == following:
            for guess in guesses:
                number += 1
                yield guess, number

    def _total(self, page: Page) -> int | None:
        """A hint alone: what a page without it means is said elsewhere."""
        try:
            total = self.endpoint.total
            return None if total is None else page.find_number(total)
        except SourceChanged:
            return None
