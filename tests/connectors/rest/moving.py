"""A source whose rows come and go between two pages, asked in every style; over real HTTP."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from connectors.events import Completed
from connectors.rest.endpoint import Endpoint
from connectors.rest.paginators import Paging
from tests.connectors.rest.keyed import SCHEMA
from tests.connectors.scripted import TOKEN, Asked, Said, Scripted, scripted
from tests.connectors.vendor_fixture import Run

SIZE = 5


@dataclass(slots=True)
class Moving:
    """Rows with the keys 1 to 10, pages of five, and what happens after the first page."""

    deleted: Sequence[int] = ()
    added: Sequence[int] = ()
    keys: list[int] = field(default_factory=lambda: list(range(1, 11)))
    asked: int = 0
    headers: Callable[[int], dict[str, str]] = lambda _: {}
    """By the number of pages asked for."""
    more: Callable[[int], dict[str, Any]] = lambda _: {}
    """More fields of a page, likewise."""

    def answer(self, asked: Asked) -> Said:
        """A page by `offset`, `page` or `after`, whichever is asked for."""
        if asked.path == "/token":
            return Said(TOKEN)
        self.asked += 1
        if self.asked == 2:
            self.keys = sorted({*self.keys, *self.added} - {*self.deleted})
        query = {name: int(v[0]) for name, v in parse_qs(urlsplit(asked.path).query).items()}
        start = query.get("offset", SIZE * (query.get("page", 1) - 1))
        rows = (
            [key for key in self.keys if key > query["after"]] if "after" in query else self.keys
        )
        held = rows[start : start + SIZE]
        is_last = len(rows) <= start + SIZE
        document = {
            "rows": [{"key": key} for key in held],
            "total": len(self.keys),
            "by_offset": None if is_last else f"/1?offset={start + SIZE}",
            "by_page": None if is_last else f"/1?page={start // SIZE + 2}",
            "by_key": None if is_last else f"/1?after={held[-1]}",
            "opaque": None if is_last else f"/1?offset={start + SIZE}&after=0",
            **self.more(self.asked),
        }
        headers = {"content-type": "application/json", **self.headers(self.asked)}
        return Said(document, headers=headers)


def told(source: Moving, pages: Paging, **changes: Any) -> tuple[Completed, Run, Scripted]:
    """How a reading of it ended."""
    endpoint = Endpoint(path="/1", pages=pages, rows="rows", total="total", **changes)
    run = Run()
    with scripted(source.answer) as server:
        rest = server.rest(endpoints={"parts": endpoint})
        run.table = rest.read("parts", schema=SCHEMA, emit=run.events.append).read_all()
    (completed,) = run.of(Completed)
    return completed, run, server
