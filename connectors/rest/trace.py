"""One exchange as it is shown to a person: what was sent, what came, and how it was read.

What is secret or may be data is named and not shown: the values of credentials, of parameters and
of headers that are not of interest, next addresses, the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl, urlsplit

from connectors.errors import SourceError
from connectors.events import Limited
from connectors.http.exchange import HEADERS
from connectors.http.messages import Answer, Request
from connectors.http.rate_limit_headers import quotas
from connectors.http.status import check_status
from connectors.redaction import redact
from connectors.rest.auth import Authorize, converse
from connectors.rest.counted_at import CountedAt, Total
from connectors.rest.endpoint import Endpoint
from connectors.rest.locations import in_words
from connectors.rest.page import read_page
from connectors.rest.paginators import ByPosition, Page, Pages, Paging, begin
from connectors.rest.reads_like import reads_like, unsaid
from connectors.traced import Traced

_OF_INTEREST = (
    "content-encoding",
    "content-range",
    "date",
    "age",
    "retry-after",
    "www-authenticate",
)
"""Headers whose values are shown, beside those of quotas."""
_LONGEST = 60


def trace(
    endpoint: Endpoint,
    base_url: str,
    authorize: Authorize,
    exchange: Callable[[Request], Answer],
) -> Iterator[Traced]:
    """Ask once for the first page, and tell. Nothing is asked again."""
    heard: list[tuple[Request, Answer]] = []

    def send(request: Request) -> Answer:
        answer = exchange(request)
        heard.append((request, answer))
        if request.is_data:
            return endpoint.wire.check(answer)
        return check_status(answer, is_log_in=request.is_log_in)

    read: list[Traced] = []
    try:
        first = endpoint.request(base_url)
        pages = endpoint.pages(first)
        asked = begin(pages, first)
        answer = converse(authorize(endpoint.wire.to_request(asked)), send)
        page = read_page(answer, asked, endpoint)
        read.extend(_read(endpoint, page, pages))
    except SourceError as error:
        read.append(Traced(what="not read", says=str(error), is_wrong=True))
    for request, came in heard:
        yield from _sent(request)
        yield from _came(came)
    yield from read


def _sent(request: Request) -> Iterator[Traced]:
    yield Traced(what="sent", says=request.what)
    query = [name for name, _ in parse_qsl(urlsplit(request.url).query, keep_blank_values=True)]
    if names := [*query, *request.secret_query]:
        yield Traced(what="sent query", says=", ".join(names))
    names = sorted({*HEADERS, *map(str.lower, request.headers)})
    yield Traced(what="sent headers", says=", ".join(names))
    if request.body:
        yield Traced(what="sent body", says=f"{len(request.body):,} bytes")


def _came(answer: Answer) -> Iterator[Traced]:
    kind = answer.headers.get("content-type") or "no content-type"
    says = f"{answer.status}, {_short(kind)}, {len(answer.body):,} bytes"
    yield Traced(what="came", says=says)
    for name, value in answer.headers.items():
        if name in _OF_INTEREST or "ratelimit" in name or "rate-limit" in name:
            yield Traced(what="came header", says=f"{name}: {_short(value)}")
    others = [n for n in answer.headers if n not in _OF_INTEREST and "ratelimit" not in n]
    yield Traced(what="came headers", says=", ".join(sorted(others)))
    told = [_in_words(one) for one in quotas(answer.headers)]
    yield Traced(what="quota", says=", ".join(told) or "none was told")


def _read(endpoint: Endpoint, page: Page, pages: Pages) -> Iterator[Traced]:
    where = in_words(endpoint.rows)
    columns = len(page.table.columns)
    yield Traced(what="rows", says=f"{len(page.rows):,} of {columns} columns, at {where}")
    yield Traced(what="total", says=_total(endpoint.total, page))
    yield Traced(what="pages", says=f"{_style(endpoint.pages)}: {_next(page, pages)}")
    if (hint := unsaid(endpoint, page, reads_like(page, endpoint.rows))) is not None:
        yield Traced(what="reads like", says=hint)


def _total(total: Total | None, page: Page) -> str:
    match total:
        case None:
            return "none is named: nothing proves that all is read"
        case CountedAt(path=path, method=method):
            return f"not asked for here: {method} {path.partition('?')[0]} tells it"
    number = page.find_number(total)
    said = "the source did not count" if number is None else f"{number:,}"
    return f"{said}, at {in_words(total)}"


def _next(page: Page, pages: Pages) -> str:
    """What the style makes of the page. An address may hold a value from the data."""
    try:
        page.lead_to(pages.send(page))
    except StopIteration as end:
        more = f", and yet {page.more} says that more follows" if page.more is not None else ""
        return f"this is the last page ({end.value}){more}"
    return "another page follows"


def _style(pages: Paging) -> str:
    """The name of the function that a pilot writes."""
    style = pages.style if isinstance(pages, ByPosition) else pages
    return getattr(style, "__qualname__", type(style).__name__).partition(".")[0]


def _in_words(quota: Limited) -> str:
    return f"{quota.requests:,} requests in {quota.seconds:,} s"


def _short(value: str) -> str:
    clean = redact(value)
    return clean if len(clean) <= _LONGEST else f"{clean[:_LONGEST]}…"
