"""Pages that are asked for as ranges of rows (RFC 9110 14)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from connectors.errors import SourceChanged
from connectors.rest.numbers import ContentRange, content_range
from connectors.rest.paginators import ByPosition, Page, PageRequest, Pages, Paging, Position


def by_range(rows: int, *, unit: str | None = "items", half_open: bool = False) -> Paging:
    """Ask for the next `rows` rows by `Range: items=0-99`; the answer says in `Content-Range`
    which of how many it holds. The last page is the one that ends at that number, or has no rows,
    or is answered 416. `unit=None` writes `Range: 0-99`. `half_open=True` is for a source that
    names the row behind the last one, `0-100`, against the RFC. ValueError for less than a row.

    Counts the rows that came: a source may give fewer than it was asked for. Rows that come and go
    meanwhile move the others, as with `offset`.

    >>> pages = by_range(500, unit="rows")
    """
    if rows < 1:
        raise ValueError("by_range asks for one row or more: write by_range(500)")

    closed = 0 if half_open else 1

    def ask(first: PageRequest, start: int) -> PageRequest:
        span = f"{start}-{start + rows - closed}"
        return first.with_header("Range", span if unit is None else f"{unit}={span}")

    def pages(first: PageRequest) -> Pages:
        start = 0
        while (page := (yield ask(first, start))).rows:
            total = _held(page, start, closed).total
            start += len(page.rows)
            if total == start:
                return f"header Content-Range ends at {start}"
        if "content-range" in page.headers and (_range_of(page).total or 0) > start:
            raise SourceChanged(f"{page.what}: no rows, where its Content-Range tells of more")
        return "no rows"

    def guess(first: PageRequest, at: Position) -> Iterator[PageRequest]:
        for start in count(at.rows, len(at.page.rows)):
            if at.total is not None and start > at.total:
                return
            yield ask(first, start)

    return ByPosition(pages, guess)


def _held(page: Page, start: int, closed: int) -> ContentRange:
    came = _range_of(page)
    end = start + len(page.rows)
    beyond = came.total is not None and end > came.total
    if beyond or (came.first, came.last) != (start, end - closed):
        raise SourceChanged(
            f"{page.what}: it holds {len(page.rows)} rows, and not those that its Content-Range "
            "names or that were asked for: choose another page style"
        )
    return came


def _range_of(page: Page) -> ContentRange:
    came = content_range(page.headers.get("content-range", ""))
    if came is None:
        raise SourceChanged(
            f"{page.what}: no Content-Range that can be read (RFC 9110 14.4), so the source may "
            "not know Range: choose another page style"
        )
    return came
