"""The first pages of a source's endpoints, as somebody else asks for them; pure."""

from __future__ import annotations

from collections.abc import Iterable

from connectors.errors import SourceChanged
from connectors.http.messages import Answer, Request
from connectors.rest.endpoint import Endpoint
from connectors.rest.page import read_page
from connectors.rest.paginators import PageRequest, begin


class FirstPages:
    """Each address once; endpoints of the same one may have their rows in different places."""

    def __init__(self, endpoints: Iterable[Endpoint], base_url: str) -> None:
        asked = [(one, one.request(base_url)) for one in endpoints]
        firsts = [(one, begin(one.pages(request), request)) for one, request in asked]
        asking = {(one.wire.asks, f.identity): one.wire.to_request(f) for one, f in firsts}
        self.requests = tuple(asking.values())
        self._read: dict[tuple[str, str], list[tuple[Endpoint, PageRequest]]] = {}
        for one, first in firsts:
            self._read.setdefault(_address(one.wire.to_request(first)), []).append((one, first))
        self._wires = [one.wire for one, _ in firsts]

    def refuses(self, answer: Answer) -> bool:
        """Whether the answer refuses who asks by its content, as a fault of SOAP does."""
        return any(wire.refuses(answer) for wire in self._wires)

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


def _address(request: Request) -> tuple[str, str]:
    """Not its body, in which some log-ins stand."""
    return request.method, request.url
