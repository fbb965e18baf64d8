"""All pages a second time: equal keys in both passes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from connectors.events import WitnessKind
from connectors.rest.paginators import Page
from connectors.rest.unmoved import Unmoved, keys_of, require_columns


def read_twice(*key: str) -> Unmoved:
    """Ask for all pages a second time: nothing moved if both passes give the same keys, in any
    order. Twice the requests, from the same budget, and all of them count against the quota.
    ValueError without a column.

    >>> Endpoint(
    ...     path="/parts", pages=page_number(), rows="items", total="count",
    ...     unmoved=read_twice("part_key"),
    ... ).unmoved.kind.value
    'read_twice'
    """
    require_columns(key)
    return Unmoved(kind=WitnessKind.READ_TWICE, begin=lambda: _Twice(key))


@dataclass(slots=True)
class _Keys:
    """A digest of keys in any order, in bounded memory. A sum, because in an exclusive or a key
    that comes twice would vanish.
    """

    rows: int = 0
    sum: int = 0

    def add(self, page: Page, columns: tuple[str, ...]) -> None:
        for key in keys_of(page, columns):
            text = repr(key).encode("utf-8", "surrogatepass")
            self.sum = (self.sum + int.from_bytes(hashlib.sha256(text).digest())) % (1 << 256)
        self.rows += len(page.rows)


@dataclass(slots=True)
class _Twice:
    key: tuple[str, ...]
    first: _Keys = field(default_factory=_Keys)

    def see(self, page: Page) -> None:
        self.first.add(page, self.key)

    def judge(self, again: Callable[[], Iterable[Page]]) -> str | None:
        second = _Keys()
        for page in again():
            second.add(page, self.key)
        if second == self.first:
            return None
        return (
            f"rows moved while they were read: a second pass gave other keys "
            f"({', '.join(self.key)}) than the first, {second.rows} after {self.first.rows}: "
            "read again"
        )
