"""What the pages of one reading prove of its being whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from connectors.errors import SourceError
from connectors.events import Completed, Witness, WitnessKind
from connectors.rest.age import doubt_of_age
from connectors.rest.endpoint import Endpoint
from connectors.rest.paginators import Page
from connectors.rest.totals import Totals
from connectors.rest.unmoved import Look

_NOTHING_SHOWN = (
    "rows may have moved between its pages: say unmoved=read_twice(…), immutable_key(…) or "
    "one_snapshot(…)"
)


@dataclass(slots=True)
class Evidence:
    """Sees every page; one per reading. The total that the source declares proves a reading whole
    only if it is one, if every answer is of its moment, and if nothing moved between the pages.
    """

    endpoint: Endpoint
    totals: Totals = field(init=False)
    look: Look | None = field(init=False)
    age: str | None = None
    """Why an answer may be of an earlier moment."""
    pages: int = 0
    pages_again: int = 0
    bytes: int = 0

    def __post_init__(self) -> None:
        self.totals = Totals(self.endpoint.total)
        unmoved = self.endpoint.unmoved
        self.look = None if unmoved is None else unmoved.begin()

    @property
    def rows(self) -> int:
        """Rows of the reading so far."""
        return self.totals.rows

    def see(self, page: Page) -> None:
        """Take a page of the reading."""
        self.pages += 1
        self.bytes += page.bytes
        self.totals.see(page)
        self._see_age(page)
        if self.look is not None:
            self.look.see(page)

    def complete(self, marker: str, again: Callable[[], Iterable[Page]]) -> Completed:
        """The last event: the total that the source declared, as proof only if nothing moved.
        `again` asks for all pages once more.
        """
        rows = self.rows
        declared = self.totals.declared_against(rows)
        if declared is not None and rows > declared and self._is_in_order(again):
            came = f"{rows} rows came in the order of their key, where {declared} were declared"
            return Completed(
                rows=rows,
                bytes=self.bytes,
                witness=None,
                unwitnessed=f"{came}, so some came or went meanwhile: read again",
            )
        cut = declared not in (None, rows)
        doubt = None if cut else self._doubt(again)
        declared = self.totals.declared_against(rows)
        witness = None
        if declared is not None:
            more = f", {self.pages_again} pages more to look again" if self.pages_again else ""
            witness = Witness(
                kind=self._kind(proves=not cut and doubt is None),
                declared=declared,
                unit="rows",
                detail=f"{marker} on page {self.pages}{more}",
            )
        return Completed(rows=rows, bytes=self.bytes, witness=witness, unwitnessed=doubt)

    def _kind(self, *, proves: bool) -> WitnessKind:
        if proves and self.endpoint.unmoved is not None:
            return self.endpoint.unmoved.kind
        return WitnessKind.DECLARED_TOTAL

    def _is_in_order(self, again: Callable[[], Iterable[Page]]) -> bool:
        """Whether no row was left out, however many came."""
        unmoved = self.endpoint.unmoved
        in_order = unmoved is not None and unmoved.kind is WitnessKind.IMMUTABLE_KEY
        return in_order and self._moved(again) is None

    def _doubt(self, again: Callable[[], Iterable[Page]]) -> str | None:
        """Why nothing proves that all was read. The source is asked again only if that can prove
        something; what the second pass declares counts as well.
        """
        if (known := self._known_doubt()) is not None:
            return known
        return self._moved(lambda: self._watch(again())) or self._known_doubt()

    def _known_doubt(self) -> str | None:
        return self.totals.doubt or self.age

    def _moved(self, again: Callable[[], Iterable[Page]]) -> str | None:
        if self.look is None:
            return _NOTHING_SHOWN
        try:
            return self.look.judge(again)
        except SourceError as error:  # the rows are read: only the proof is lost
            return f"the second look at its pages failed, {error}"

    def _watch(self, pages: Iterable[Page]) -> Iterator[Page]:
        """The pages of a second look, whose totals and ages count like those of the first."""
        totals = Totals(self.endpoint.total)
        for page in pages:
            totals.see(page)
            self.pages_again += 1
            self._see_age(page)
            yield page
        self.totals.include(totals)

    def _see_age(self, page: Page) -> None:
        self.age = self.age or doubt_of_age(page.headers, self.endpoint.max_age)
