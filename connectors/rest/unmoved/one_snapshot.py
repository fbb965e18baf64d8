"""Pages that all name the same snapshot of their source."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from connectors.events import WitnessKind
from connectors.rest.locations import Location, in_words
from connectors.rest.paginators import Page
from connectors.rest.unmoved import Unmoved


def one_snapshot(where: Location) -> Unmoved:
    """Nothing moved if every page names the same snapshot at `where`: a text or a number that the
    source changes whenever its rows change, and says so in its documentation.

    >>> Endpoint(
    ...     path="/parts", pages=offset(), rows="items", total="count",
    ...     unmoved=one_snapshot("meta.revision"),
    ... ).unmoved.kind.value
    'one_snapshot'
    """
    in_words(where)
    return Unmoved(kind=WitnessKind.ONE_SNAPSHOT, begin=lambda: _Token(where))


@dataclass(slots=True)
class _Token:
    where: Location
    token: object = None
    moved: str | None = None

    def see(self, page: Page) -> None:
        token = page.find(self.where)
        if type(token) not in (int, str) or token == "":
            self._tell(page, "no snapshot")
        elif self.token is None:
            self.token = token
        elif token != self.token:
            self._tell(page, "another snapshot")

    def judge(self, again: Callable[[], Iterable[Page]]) -> str | None:  # noqa: ARG002 - as seen
        return self.moved

    def _tell(self, page: Page, named: str) -> None:
        if self.moved is None:
            self.moved = f"{in_words(self.where)} names {named} on {page.what}: read again"
