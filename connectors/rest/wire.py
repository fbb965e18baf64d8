"""How the pages of an endpoint are written and read on the wire: JSON, or another language.

    page request ─▶ to_request ─▶ request ⇄ answer ─▶ check ─▶ document ─▶ rows, totals, next page

A wire is pure. All that is above it sees documents of objects, lists, texts and numbers: page
styles, totals and signs are the same for each.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from connectors.capabilities import Described
from connectors.convert.strict_json import NotStrictJson, decoded
from connectors.errors import SourceChanged
from connectors.http.messages import Answer, Request
from connectors.http.status import check_status
from connectors.rest.locations import DocumentPath
from connectors.rest.media_type import not_json
from connectors.rest.paginators import PageRequest


class Wire(Protocol):
    """How pages are asked for and read.

    >>> wire: Wire = Soap(wsdl=Path("orders.wsdl"), operation="ListOrders", safe=True)
    """

    @property
    def asks(self) -> str:
        """What is asked for beside address, query and body; empty if that is all."""

    def body(self, search: Mapping[str, object] | None) -> Mapping[str, object] | None:
        """What the page style may change in the body of a request; None where it has none."""

    def to_request(self, asked: PageRequest, *, told: str | None = None) -> Request:
        """The page request as it is sent, before it is authorized."""

    def check(self, answer: Answer) -> Answer:
        """The answer, if a caller can act on it. SourceError for one that says it failed."""

    def refuses(self, answer: Answer) -> bool:
        """Whether it refuses who asks by its content, and not by 401 or 403."""

    def document(self, answer: Answer) -> Any:
        """What the answer of success says; SourceChanged if it is not of this wire."""

    def describe(self, sampled: Described, rows: DocumentPath) -> Described:
        """The description with what the source declares of its columns, where it does."""


@dataclass(frozen=True, slots=True)
class Json:
    """JSON in UTF-8, asked for by GET, or by POST with a search."""

    @property
    def asks(self) -> str:
        """All is in the address and the body."""
        return ""

    def body(self, search: Mapping[str, object] | None) -> Mapping[str, object] | None:
        """The search."""
        return search

    def to_request(self, asked: PageRequest, *, told: str | None = None) -> Request:
        """A GET, or the search by POST."""
        if asked.body is None:
            return Request(url=asked.url, headers=asked.headers, told=told)
        return Request(
            method="POST",
            url=asked.url,
            headers={"content-type": "application/json", **asked.headers},
            body=json.dumps(asked.body).encode(),
            told=told,
        )

    def check(self, answer: Answer) -> Answer:
        """By its status."""
        return check_status(answer)

    def refuses(self, answer: Answer) -> bool:
        """Never: that is said by a status."""
        del answer
        return False

    def document(self, answer: Answer) -> Any:
        """As it is written, in one way alone."""
        what = answer.what
        if (came := not_json(answer.headers.get("content-type", ""))) is not None:
            raise SourceChanged(f"{what} answered {came}, not JSON in UTF-8: correct the path")
        try:
            return decoded(answer.body, as_written=True)
        except NotStrictJson as error:
            raise SourceChanged(f"{what}: its JSON {error}: have it corrected there") from None

    def describe(self, sampled: Described, rows: DocumentPath) -> Described:
        """JSON declares nothing."""
        del rows
        return sampled


JSON = Json()
