"""Pages that name the next one in a list of links, by its relation; the last has none."""

from __future__ import annotations

from connectors.errors import SourceChanged
from connectors.rest.locations import DocumentPath, Optional, in_words
from connectors.rest.paginators import Page, PageRequest, Pages, Paging


def link_list(at: DocumentPath | Optional = "links") -> Paging:
    """Follow the link whose relation is `next` in the list at `at`: `{"rel": "next", "href": …}`
    as by OGC API, or `{"relation": "next", "url": …}` as by FHIR. A list without one is of the
    last page. A page without the list says nothing, unless `optional(...)` says that it does.

    >>> pages = link_list("link")
    """
    named = in_words(at)

    def pages(first: PageRequest) -> Pages:
        page = yield first
        while (link := _find_next(page, at)) is not None:
            page = yield first.at(link)
        return f"no link to a next page at {named}"

    return pages


def _find_next(page: Page, at: DocumentPath | Optional) -> str | None:
    links = page.find(at)
    if links is None:
        return None
    if not isinstance(links, list) or not all(isinstance(link, dict) for link in links):
        raise SourceChanged(f"{page.what}: no list of links at {in_words(at)}: correct pages")
    targets = [
        link.get("href", link.get("url"))
        for link in links
        if "next" in (link.get("rel"), link.get("relation"))
    ]
    if not targets:
        return None
    target = targets[0]
    if not isinstance(target, str) or not target or targets.count(target) != len(targets):
        raise SourceChanged(f"{page.what}: {in_words(at)} names no address, or several, as next")
    return target
