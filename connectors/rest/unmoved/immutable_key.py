"""Pages in the order of a key that never changes, each asked for by the key before it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import lt
from typing import Any, TypeAlias

from connectors.events import WitnessKind
from connectors.rest.paginators import Page, PageRequest
from connectors.rest.unmoved import Unmoved, keys_of, require_columns
from connectors.rest.unmoved.asked_by_key import Asked, asked_by_key

_Key: TypeAlias = tuple[Any, ...]


def immutable_key(*key: str) -> Unmoved:
    """Nothing moved if the rows come in the ascending order of a key that never changes, and every
    further page is asked for by the key of the row before it. What comes or goes meanwhile then
    moves no other row. Both are checked on every page; text is compared by code points. ValueError
    without a column, and beside pages by number or offset.

    >>> Endpoint(
    ...     path="/parts", pages=by_key("after", "part_key"), rows="items", total="count",
    ...     unmoved=immutable_key("part_key"),
    ... ).unmoved.kind.value
    'immutable_key'
    """
    require_columns(key)
    return Unmoved(kind=WitnessKind.IMMUTABLE_KEY, begin=lambda: _InOrder(key))


@dataclass(slots=True)
class _InOrder:
    columns: tuple[str, ...]
    rows: int = 0
    pages: int = 0
    last: _Key | None = None
    request: PageRequest | None = None
    moved: str | None = None

    def see(self, page: Page) -> None:
        keys = keys_of(page, self.columns)
        named = ", ".join(self.columns)
        if self.last is not None and self.request is not None:
            asked = Asked(page.request, self.request, rows=self.rows, pages=self.pages)
            if not asked_by_key(asked, self.last, keys[0] if keys else None):
                self._tell(
                    f"{page.what} was not asked for by the {named} of the row before it, so rows "
                    "may have moved: ask by_key, or read_twice"
                )
        if not _all_ascend(keys if self.last is None else [self.last, *keys]):
            self._tell(f"{named} did not ascend on {page.what}: sort by it, or read_twice")
        self.last = keys[-1] if keys else self.last
        self.rows += len(keys)
        self.pages += 1
        self.request = page.request

    def judge(self, again: Callable[[], Iterable[Page]]) -> str | None:  # noqa: ARG002 - as seen
        return self.moved

    def _tell(self, why: str) -> None:
        self.moved = self.moved or why


def _all_ascend(keys: Sequence[_Key]) -> bool:
    """Whether each is above the one before it."""
    if all(set(map(type, column)) in ({int}, {str}) for column in zip(*keys, strict=True)):
        return all(map(lt, keys, keys[1:]))  # the usual case, at a tenth of the cost
    return all(map(_ascends, keys, keys[1:]))


def _ascends(last: _Key, key: _Key) -> bool:
    """Whole numbers and texts alone: nothing else has one order everywhere."""
    for before, after in zip(last, key, strict=True):
        if type(before) is not type(after) or type(before) not in (int, str):
            return False
        if before != after:
            return bool(before < after)
    return False
