"""Which page style and which total a first answer looks as if it had; pure.

A guess for whoever writes an endpoint: nothing is read by it. Only names that APIs use everywhere
count, in the objects that hold the rows and in those beside them that speak of the page.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Any

from connectors.errors import SourceError
from connectors.rest.endpoint import Endpoint
from connectors.rest.locations import DocumentPath, steps
from connectors.rest.numbers import as_count, content_range
from connectors.rest.paginators import Page
from connectors.rest.signs import BESIDE, LINKS, has_next_link, is_next_link, plain_name

_NAME = re.compile(r"[A-Za-z_@][A-Za-z0-9_.@-]{0,39}")
"""Of a field, as APIs have them: nothing else is repeated."""
_ADDRESSES = frozenset(
    {
        *("next", "nexthref", "nextlink", "nextpageurl", "nexturi", "nexturl"),
        *("nextrecordsurl", "odatanextlink"),
    }
)
_LEFT_OUT = frozenset({"@odata.nextLink", "__next", "nextRecordsUrl", "href"})
"""What the last page is known to be without."""
_TOKENS = {
    "nextcursor": "cursor",
    "nextpagetoken": "page_token",
    "nexttoken": "next_token",
    "nextmarker": "marker",
    "nextpage": "page",
    "next": "cursor",
    "endcursor": "after",
}
"""And the parameter that usually takes the token."""
_LAST_PAGES = frozenset({"lastpage", "pagecount", "pages", "totalpages"})
_FLAGS = frozenset({"hasmore", "hasnext", "hasnextpage", "moreresults"})
_TOTALS = (
    *("total", "totalcount", "totalresults", "totalelements", "totalitems", "totalrecords"),
    *("totalsize", "numfound", "numbermatched", "recordstotal", "odatacount", "count"),
)
"""The surest first: a count may be the page's own."""
_TOTAL_HEADERS = ("X-Total-Count", "X-Total", "X-WP-Total")


@dataclass(frozen=True, slots=True)
class _Field:
    path: tuple[str, ...]
    value: Any

    @property
    def name(self) -> str:
        return plain_name(self.path[-1])

    def __str__(self) -> str:
        """As it is written in Python."""
        if not any("." in name for name in self.path):
            return f'"{".".join(self.path)}"'
        names = ", ".join(f'"{name}"' for name in self.path)
        return f"({names},)" if len(self.path) == 1 else f"({names})"


def reads_like(page: Page, rows: DocumentPath) -> dict[str, str]:
    """What the first page looks as if it were to be read by, as Python: `pages` where it says that
    another page follows, `total` where it says how many rows there are.
    """
    fields = list(_fields(page.document, rows))
    found = {"pages": _pages(page, fields), "total": _total(page, fields)}
    return {name: text for name, text in found.items() if text is not None}


def unsaid(endpoint: Endpoint, page: Page, found: dict[str, str]) -> str | None:
    """What its owner has to confirm, as a clause: that the first answer promises more pages, where
    the endpoint's style ends with it, or a total, where the endpoint names none, or that it has
    objects or lists in fields, which no contract has a type for.
    """
    wanted = [
        f"{name}={text}"
        for name, text in found.items()
        if (endpoint.total is None if name == "total" else _ends(endpoint, page))
    ]
    if nested := [f'"{name}"' for name in _nested(page, endpoint.json_text)]:
        wanted.append(f"json_text=({', '.join(nested)}{',' * (len(nested) == 1)})")
    if not wanted:
        return None
    return f"the first answer reads like {', '.join(wanted)}: write that into its Endpoint"


def _nested(page: Page, known: Container[str]) -> Iterator[str]:
    """The fields with objects or lists in them that land as no text yet."""
    for name, values in page.table.columns.items():
        is_nested = any(isinstance(one, dict | list) for one in values)
        if is_nested and name not in known and _NAME.fullmatch(name):
            yield name


def _ends(endpoint: Endpoint, page: Page) -> bool:
    """Whether the endpoint's style asks for no page behind this one."""
    pages = endpoint.pages(page.request)
    try:
        next(pages)
        pages.send(page)
    except (StopIteration, SourceError):
        return True
    return False


def _fields(document: object, rows: DocumentPath) -> Iterator[_Field]:
    holder = document
    path: tuple[str, ...] = ()
    for step in (*steps(rows), None):
        if not isinstance(holder, dict):
            return
        for name, value in holder.items():
            if name == step or not _NAME.fullmatch(name):
                continue
            yield _Field((*path, name), value)
            if isinstance(value, dict) and plain_name(name) in BESIDE:
                yield from (
                    _Field((*path, name, inner), held)
                    for inner, held in value.items()
                    if _NAME.fullmatch(inner)
                )
        if not isinstance(step, str):
            return
        holder, path = holder.get(step), (*path, step)


def _pages(page: Page, fields: list[_Field]) -> str | None:
    """The surest first: an address, a token, a number, a flag."""
    if has_next_link(page.headers.get("link", "")):
        return "link_header()"
    if page.headers.get("x-next-page"):
        return 'cursor("page", at=Header("X-Next-Page"))'
    flag = next((f for f in fields if f.name in _FLAGS and f.value is True), None)
    more = f", more={flag}" if flag else ""
    return (
        next(filter(None, map(_address, fields)), None)
        or next(filter(None, (_token(field, more) for field in fields)), None)
        or next(filter(None, map(_last_page, fields)), None)
        or (flag and _by_flag(page, more))
        or _by_range(page)
    )


def _address(field: _Field) -> str | None:
    if field.name in LINKS and isinstance(field.value, list):
        return f"link_list({field})" if any(map(is_next_link, field.value)) else None
    if field.name not in _ADDRESSES:
        return None
    if isinstance(field.value, dict):
        field = _Field((*field.path, "href"), field.value.get("href"))
    if not _is_address(field.value):
        return None
    return f"next_url(optional({field}))" if field.path[-1] in _LEFT_OUT else f"next_url({field})"


def _is_address(value: object) -> bool:
    return isinstance(value, str) and re.match(r"https?://|/|\?|\w+\?", value) is not None


def _token(field: _Field, more: str) -> str | None:
    parameter = _TOKENS.get(field.name)
    if parameter is None or type(field.value) not in (str, int) or field.value == "":
        return None
    return f'cursor("{parameter}", at={field}{more})'


def _last_page(field: _Field) -> str | None:
    is_number = type(field.value) is int and field.value > 1
    return f"page_number(last={field})" if field.name in _LAST_PAGES and is_number else None


def _by_flag(page: Page, more: str) -> str:
    by_id = bool(page.rows) and "id" in page.rows[-1]
    return f'by_key("starting_after", "id"{more})' if by_id else f"page_number({more[2:]})"


def _by_range(page: Page) -> str | None:
    came = content_range(page.headers.get("content-range", ""))
    if came is None or came.last is None or came.total == came.last + 1:
        return None
    return f"by_range({max(1, len(page.rows))})"


def _total(page: Page, fields: list[_Field]) -> str | None:
    for header in _TOTAL_HEADERS:
        if _at_least(page.headers.get(header.lower()), len(page.rows)):
            return f'Header("{header}")'
    came = content_range(page.headers.get("content-range", ""))
    if came is not None and came.total is not None:
        return 'Header("Content-Range")'
    for name in _TOTALS:
        for field in fields:
            least = len(page.rows) + (name == "count")
            if field.name == name and _at_least(field.value, least):
                return str(field)
    return None


def _at_least(value: object, least: int) -> bool:
    try:
        count = as_count(value)
    except ValueError:
        return False
    return count is not None and count >= least
