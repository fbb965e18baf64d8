"""A source of numbered pages that sees how many are asked for at once; over real HTTP."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from connectors.rest.connector import Rest
from connectors.rest.endpoint import Endpoint
from connectors.rest.paginators.offset import offset
from connectors.rest.paginators.page_number import page_number
from tests.connectors.scripted import TOKEN, Asked, Said, Scripted, scripted

PAGES, ROWS = 20, 3
_OF_ENDPOINT = ("pages", "at_once", "total", "unmoved", "search")
SECONDS = 0.02
"""How long the source thinks of a page."""


@dataclass(slots=True)
class Numbered:
    """Pages of the keys from 1 on, and what happens to some of them."""

    pages: int = PAGES
    total: int | None = None
    """What each page declares; None for nothing."""
    answer: Callable[[int, Asked], Said | None] = lambda _, __: None
    """What is answered in place of a page, by its number."""
    seconds: Callable[[int], float] = lambda _: SECONDS
    under_way: int = 0
    most: int = 0
    """Under way at one time."""
    came: list[tuple[int, float]] = field(default_factory=list)
    """Pages asked for, in order, and when."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, asked: Asked) -> Said:
        """The page that is asked for by `page` or `offset`."""
        if asked.path == "/token":
            return Said(TOKEN)
        query = parse_qs(urlsplit(asked.path).query)
        by_number = "page" in query
        start = ROWS * (int(query["page"][0]) - 1) if by_number else int(query["offset"][0])
        number = start // ROWS + 1
        with self.lock:
            self.came.append((number, time.monotonic()))
            self.under_way += 1
            self.most = max(self.most, self.under_way)
        time.sleep(self.seconds(number))
        said = self.answer(number, asked)
        with self.lock:
            self.under_way -= 1
        if said is not None:
            return said
        last = self.pages * ROWS
        keys = range(start + 1, min(start + ROWS, last) + 1)
        total = {} if self.total is None else {"total": self.total}
        return Said({"rows": [{"key": key} for key in keys], **total})

    def numbers(self) -> list[int]:
        """The pages asked for, in order."""
        return [number for number, _ in self.came]

    @contextmanager
    def running(self, **changes: Any) -> Iterator[tuple[Rest, Scripted]]:
        """A connector that asks it for eight pages at once, unless told otherwise."""
        settings: dict[str, Any] = {
            "path": "/pages",
            "pages": page_number(),
            "rows": "rows",
            "at_once": 8,
        }
        answers = changes.pop("answers", self)
        of_endpoint = {name: changes.pop(name) for name in _OF_ENDPOINT if name in changes}
        with scripted(answers) as server:
            endpoint = Endpoint(**{**settings, **of_endpoint})
            yield server.rest(endpoints={"parts": endpoint}, **changes), server


ALL = list(range(1, PAGES * ROWS + 1))
STYLES = {"number": page_number(), "offset": offset()}
