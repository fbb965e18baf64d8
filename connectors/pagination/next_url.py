"""Pages that name the next one in a field of their document; null marks the last."""

from __future__ import annotations

from connectors.interface import SourceChanged
from connectors.pagination import Pages


def next_url(first: str, *, name: str = "next_url") -> Pages:
    """Follow the field `name`. A page without the field says nothing, so it is not the last."""
    page = yield first
    while (link := page.document.get(name, page)) is not None:
        if not isinstance(link, str):
            raise SourceChanged(
                f"{page.what}: no {name} with an address or null: correct the name"
            )
        page = yield link
    return f"{name} is null"
