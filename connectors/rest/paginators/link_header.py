"""Pages that name the next one in a Link header (RFC 8288); the last has none."""

from __future__ import annotations

from connectors.errors import SourceChanged
from connectors.http.origin import follow
from connectors.rest.links import parse_links
from connectors.rest.paginators import Page, PageRequest, Pages, Paging


def link_header() -> Paging:
    """Follow the link whose relation is `next`. A page without one is the last, as RFC 8288 knows
    no other mark: a header that was lost on the way ends the reading too, and only a declared
    total shows it. A field that cannot be read whole is SourceChanged: it may hold the link.

    >>> pages = link_header()
    """

    def pages(first: PageRequest) -> Pages:
        page = yield first
        while (link := _find_next(page)) is not None:
            page = yield first.at(link)
        return "no link to a next page"

    return pages


def _find_next(page: Page) -> str | None:
    try:
        links = parse_links(page.headers.get("link", ""))
    except ValueError:
        raise SourceChanged(
            f"{page.what}: its Link header cannot be read (RFC 8288): whether a next page follows "
            "is not known, choose another page style"
        ) from None
    following = [link for link in links if "next" in link.relations]
    for link in following:
        anchor = link.find("anchor")
        if anchor is not None and not _is_here(page, anchor):
            raise SourceChanged(
                f"{page.what}: its Link header names what follows another address (anchor, "
                "RFC 8288 3.2): choose another page style"
            )
    targets = {link.target for link in following}
    if len(targets) > 1:
        raise SourceChanged(f"{page.what}: its Link header names {len(targets)} next pages")
    return next(iter(targets), None)


def _is_here(page: Page, anchor: str) -> bool:
    here = page.request.url
    return follow(here, anchor, what=page.what).partition("#")[0] == here.partition("#")[0]
