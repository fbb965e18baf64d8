"""Pages that name the next one in a field of their document; null marks the last."""

from __future__ import annotations

from connectors.errors import SourceChanged
from connectors.rest.paginators import Pages, Paging


def next_url(name: str) -> Paging:
    """Follow the field `name`. A page without the field says nothing, so it is not the last."""

    def pages(first: str) -> Pages:
        page = yield first
        while (link := page.document.get(name, page)) is not None:
            if not isinstance(link, str):
                raise SourceChanged(f"{page.what}: no address and no null in {name}")
            page = yield link
        return f"{name} is null"

    return pages
