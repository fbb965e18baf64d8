"""The first pages of a source's endpoints, as somebody else asks for them; pure."""

from __future__ import annotations

from collections.abc import Iterable

from connectors.errors import SourceChanged
from connectors.http.messages import Answer, Request
from connectors.rest.endpoint import Endpoint
from connectors.rest.json import read_page
from connectors.rest.paginators import PageRequest, begin
from connectors.rest.passes import to_request


class FirstPages:
    """Each address once; endpoints of the same one may have their rows in different places."""

    def __init__(self, endpoints: Iterable[Endpoint], base_url: str) -> None:
        asked = [(one, one.request(base_url)) for one in endpoints]
        firsts = [(one, begin(one.pages(request), request)) for one, request in asked]
        self.requests = tuple({f.identity: to_request(f) for _, f in firsts}.values())
        self._read: dict[tuple[str, str, bytes], list[tuple[Endpoint, PageRequest]]] = {}
        for one, first in firsts:
            self._read.setdefault(_address(to_request(first)), []).append((one, first))

    def has_rows(self, request: Request, answer: Answer) -> bool | None:
        """Whether the answer is a page with rows; None where `request` asks for none, as one for a
        token.
        """
        pages = self._read.get(_address(request))
        return None if pages is None else any(_rows(answer, *one) for one in pages)


def _rows(answer: Answer, endpoint: Endpoint, asked: PageRequest) -> bool:
    try:
        return bool(read_page(answer, asked, endpoint).rows)
    except SourceChanged:
        return False


def _address(request: Request) -> tuple[str, str, bytes]:
    return request.method, request.url, request.body
