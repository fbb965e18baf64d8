"""All pages of one endpoint, as often as they are read."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace
from itertools import starmap

from connectors.errors import SourceError
from connectors.http.messages import Request
from connectors.http.origin import place
from connectors.rest.coming import Coming
from connectors.rest.counted_at import CountedAt, address_of, read_count
from connectors.rest.endpoint import Endpoint
from connectors.rest.page import read_page
from connectors.rest.paginators import Page, PageRequest, walk
from connectors.rest.sender import Sender
from connectors.rest.wire import JSON


def passes(
    endpoint: Endpoint, base_url: str, sender: Sender
) -> Callable[[str], Generator[Page, None, str]]:
    """All pages from the first one on, with one log-in for as many passes as are made. A word in
    their names tells one pass from the other.
    """
    first = endpoint.request(base_url)
    named = place(first.url)

    def begin_pass(word: str) -> Generator[Page, None, str]:
        coming = Coming(endpoint, first)

        def ask(request: PageRequest, number: int) -> Request:
            told = f"{named}{word} page {number}" if word or number > 1 else named
            return endpoint.wire.to_request(request, told=told)

        def fetch(request: PageRequest, number: int) -> Page:
            page = read_page(sender.answer(ask(request, number)), request, endpoint)
            if number == 1 and isinstance(endpoint.total, CountedAt):
                return replace(page, counted=_count(endpoint.total, word))
            return page

        def prepare(page: Page, following: PageRequest) -> None:
            sender.send_ahead(starmap(ask, coming.see(page, following)))

        try:
            marker = yield from walk(endpoint.pages, first, fetch, prepare=prepare)
        except SourceError:
            sender.leave()
            raise
        sender.leave()
        return marker

    def _count(total: CountedAt, word: str) -> int:
        url = address_of(total, base_url)
        asked = PageRequest(url=url, body=total.search, headers=endpoint.headers)
        request = JSON.to_request(asked, told=f"{place(url)}{word}")
        return read_count(sender.answer(replace(request, method=total.method)), total.at)

    return begin_pass
