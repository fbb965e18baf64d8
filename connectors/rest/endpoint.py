"""One dataset's address, and where its rows stand in the answers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

from connectors.errors import SourceChanged
from connectors.events import WitnessKind
from connectors.http.origin import follow
from connectors.http.query import set_parameters
from connectors.rest.columns import require_parts
from connectors.rest.counted_at import CountedAt, Total
from connectors.rest.described_at import DescribedAt
from connectors.rest.locations import DocumentPath, in_words
from connectors.rest.paginators import ByPosition, PageRequest, Paging
from connectors.rest.signs import SIGNS, Signs
from connectors.rest.unmoved import Unmoved
from connectors.rest.wire import JSON, Wire

MOST_AT_ONCE = 8
"""Pages of one reading: as many connections and bodies in memory."""
_DIGITS = 16
_CREDENTIALS = {"authorization", "cookie", "proxy-authorization"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """What to ask for and how to read the pages. ValueError for a place that is none, a search
    that is no JSON, a header that shows who we are, a `json_text` that is no tuple, an `unmoved`
    that shows nothing here, and more pages `at_once` than 8, or of a style that cannot.

    >>> Endpoint(
    ...     path="/v2/parts",
    ...     pages=offset("skip"),
    ...     rows="data.items",
    ...     total=Header("X-Total-Count"),
    ...     parameters={"limit": 500},
    ... ).rows
    'data.items'
    """

    path: str
    """From the source's root, with or without a query: `/vendor/parts.json?_size=400`."""
    pages: Paging
    rows: DocumentPath
    """Where the list of rows stands in the document: `rows`, `data.items`, ROOT."""
    total: Total | None = None
    """Where the source says how many rows there are in all, on its pages or `counted_at` another
    address; None if it does not say: then nothing proves that all were read. The number of a
    page's own rows is no total."""
    unmoved: Unmoved | None = None
    """What shows that nothing moved between the pages; with None a total only refutes."""
    signs: Signs = SIGNS
    """Fields that say that a page is not whole, or not the last one."""
    max_age: timedelta = timedelta(0)
    """How old an answer may be by its `Age` header, that is by the caches on its way. An older one
    proves nothing of the moment of the reading. It is not the contract's lag, which is about the
    rows and not about the answers."""
    columns: Mapping[str, DocumentPath] = field(default_factory=dict)
    """Fields inside the fields of a row that become columns, by their new name:
    `{"city": "address.city"}`."""
    omits_nulls: bool = False
    """Whether the source leaves out fields that are null. It is the pilot's word: then all columns
    of the contract land, as nulls where a row has none, and a field that neither the contract nor
    the first page has is rescued. Otherwise a field that comes or goes between pages ends the
    reading."""
    json_text: tuple[str, ...] = ()
    """Fields whose objects and lists land as text, the JSON that they are; a contract says `str`.
    Any other kind of value in them is as before."""
    annotations: str | None = None
    """What names of fields hold that are the protocol's own and no data, as OData's `@`: these
    become no columns."""
    described_at: DescribedAt | None = None
    """Where the source keeps a description of the rows; without it a draft is made of the first
    page."""
    parameters: Mapping[str, str | int] = field(default_factory=dict)
    """Of the query, beside those in `path`."""
    search: Mapping[str, object] | None = None
    """Body of a search, sent as JSON by POST. It is the pilot's word that this POST only reads:
    like a GET it is sent again when the source is unavailable."""
    headers: Mapping[str, str] = field(default_factory=dict)
    wire: Wire = JSON
    """How requests are written and answers read, where that is not JSON: `Soap(…)` of
    `seatrial.soap`."""
    at_once: int = 1
    """Pages asked for at once, of those that are asked for by number or offset; all within the
    budget, and one at a time from the first failure on. Ask the owner of the source first. A page
    behind the last one may be asked for so often, less one."""

    def __post_init__(self) -> None:
        if type(self.at_once) is not int or not 1 <= self.at_once <= MOST_AT_ONCE:
            raise ValueError(f"an endpoint's at_once is a number from 1 to {MOST_AT_ONCE}")
        if self.at_once > 1 and not isinstance(self.pages, ByPosition):
            raise ValueError(
                "at_once needs pages whose requests are known beforehand: page_number or offset"
            )
        in_words(self.rows)
        if self.total is not None and not isinstance(self.total, CountedAt):
            in_words(self.total)
        require_parts(self.columns)
        if type(self.json_text) is not tuple:
            raise ValueError('json_text is a tuple of fields: write ("address",)')
        if self.max_age < timedelta(0):
            raise ValueError("an endpoint's max_age is not negative")
        if self.unmoved is not None and self.total is None:
            raise ValueError("an endpoint's unmoved shows nothing without a total: name it")
        if isinstance(self.pages, ByPosition) and _rests_on_order(self.unmoved):
            raise ValueError(
                "immutable_key shows nothing where pages are counted, rows move although keys "
                "ascend: say by_key in pages, or read_twice"
            )
        try:
            json.dumps(self.search, allow_nan=False)
        except (TypeError, ValueError):
            raise ValueError("an endpoint's search holds what JSON cannot write") from None
        if shown := _CREDENTIALS.intersection(map(str.lower, self.headers)):
            raise ValueError(f"an endpoint sends no {min(shown)} header: name a log-in in auth")

    def locator(self, base_url: str) -> str | None:
        """Method, path and place of the rows, and a digest of all else that is sent: query, search
        and headers, which may hold what nobody is told; and the columns made of parts. A size of
        pages in one of them is part of it, the page style is not. None if the path leads to
        another origin.
        """
        try:
            asked = self.request(base_url)
        except SourceChanged:
            return None
        url = urlsplit(asked.url)
        made = [
            part
            for part in (
                sorted(self.columns.items()),
                sorted(self.json_text),
                self.annotations,
                self.wire.asks,
                self.omits_nulls,
            )
            if part
        ]
        parts = [url.query, self.search, sorted(self.headers.items()), *made]
        sent = json.dumps(parts, sort_keys=True)
        digest = hashlib.sha256(sent.encode()).hexdigest()[:_DIGITS]
        method = "GET" if asked.body is None else "POST"
        return f"{method} {url.path} {digest} {in_words(self.rows)}"

    def request(self, base_url: str) -> PageRequest:
        """What the page style begins with; SourceChanged if `path` leads to another origin."""
        url = follow(base_url, self.path)
        parameters = {name: str(value) for name, value in self.parameters.items()}
        return PageRequest(
            url=set_parameters(url, parameters),
            body=self.wire.body(self.search),
            headers=self.headers,
        )


def _rests_on_order(unmoved: Unmoved | None) -> bool:
    return unmoved is not None and unmoved.kind is WitnessKind.IMMUTABLE_KEY
