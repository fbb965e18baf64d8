"""An entity set of an OData v4 service as an endpoint.

    read       path ─▶ $count, $orderby, $select, $filter ─▶ pages by key, or by @odata.nextLink
    describe   first page, $metadata beside it ─▶ columns, types, key

The headers ask for names of version 4.0, and for long numbers as text: a double, as which many
services write them, keeps 15 digits alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from connectors.capabilities import Described
from connectors.errors import SourceChanged
from connectors.rest.described_at import DescribedAt, NotDescribed
from connectors.rest.endpoint import Endpoint
from connectors.rest.locations import optional
from connectors.rest.odata.csdl import entity_type
from connectors.rest.odata.edm import LONG_NUMBERS, column_of
from connectors.rest.odata.xml import NotPlainXml, parsed
from connectors.rest.paginators import Page, PageRequest, Pages, Paging
from connectors.rest.paginators.next_url import next_url
from connectors.rest.unmoved import Unmoved
from connectors.rest.unmoved.immutable_key import immutable_key

_SEGMENTS = re.compile(r"(?P<service>/(?:[^?#()]*/)?)(?P<set>[^/?#()]+)")
_NAME = re.compile(r"[^\W\d]\w{0,127}")
_GUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_TO_THE_DIGIT = "IEEE754Compatible=true"
HEADERS: Final[Mapping[str, str]] = {
    "accept": f"application/json;odata.metadata=minimal;{_TO_THE_DIGIT}",
    "odata-maxversion": "4.0",
}
ANNOTATION: Final = "@"
"""In a name it is an annotation's (OData JSON Format 4.6); no property has one."""


def odata(
    path: str,
    *,
    key: str | None = None,
    select: Sequence[str] = (),
    where: str | None = None,
    unmoved: Unmoved | None = None,
) -> Endpoint:
    """The entities at `path`, with what the service says of how many there are; `seatrial draft`
    asks its `$metadata` for their types. `select` names properties, `where` is a `$filter`.

    With `key`, a property that orders them and never changes, pages are asked for by it, and that
    all were read is proven: whole numbers of up to 32 bits, texts, or GUIDs, as far as the service
    sorts those by their characters. Without it pages follow `@odata.nextLink`, which mostly counts
    rows: `unmoved=read_twice(…)` proves it then. ValueError for a path that names no entity set,
    for both of them, and for a name that is none.

    >>> odata("/odata/v4/catalog/Parts", key="part_key").rows
    'value'
    """
    segments = _SEGMENTS.fullmatch(path)
    if segments is None:
        raise ValueError(
            "an entity set's path has neither query nor parentheses: write /service/Parts, and "
            "select and where beside it"
        )
    if key is not None and unmoved is not None:
        raise ValueError("a key shows that nothing moved: say key or unmoved, not both")
    if wrong := [name for name in (*select, *filter(None, [key])) if not _NAME.fullmatch(name)]:
        raise ValueError(f"{wrong[0]!r} is no property: name properties as $metadata does")
    if key is not None and select and key not in select:
        raise ValueError("pages are asked for by the key: name it in select too")
    asked = {
        "$count": "true",
        "$orderby": key,
        "$select": ",".join(select),
        "$filter": where,
    }
    return Endpoint(
        path=path,
        pages=next_url(optional(("@odata.nextLink",))) if key is None else behind_key(key, where),
        rows="value",
        total=("@odata.count",),
        unmoved=unmoved if key is None else immutable_key(key),
        parameters={name: value for name, value in asked.items() if value},
        headers=HEADERS,
        annotations=ANNOTATION,
        described_at=DescribedAt(
            path=f"{segments['service']}$metadata",
            accept="application/xml",
            read=partial(_described, entity_set=segments["set"], select=tuple(select)),
        ),
    )


def behind_key(key: str, where: str | None) -> Paging:
    """The rows behind the last key, until there are none. How many a page has is the service's
    choice: its `@odata.nextLink` is the same rows by another way.
    """

    def odata(first: PageRequest) -> Pages:
        page = yield first
        while page.rows:
            behind = f"{key} gt {_literal(page, key)}"
            asked = behind if where is None else f"({where}) and {behind}"
            page = yield first.with_parameter("$filter", asked)
        return "no rows"

    return odata


def _literal(page: Page, key: str) -> str:
    """The last row's key as a literal of a filter (OData ABNF)."""
    last = page.rows[-1].get(key)
    if type(last) is int:
        return str(last)
    if not isinstance(last, str) or not last.isprintable():
        raise SourceChanged(
            f"{page.what}: its last row has no whole number and no text at {key} to go on from: "
            "name another key, or say unmoved=read_twice(…)"
        )
    return last if _GUID.fullmatch(last) else "'{}'".format(last.replace("'", "''"))


def _described(body: bytes, first: Page, *, entity_set: str, select: Sequence[str]) -> Described:
    try:
        found = entity_type(parsed(body), entity_set)
    except NotPlainXml as error:
        raise NotDescribed(str(error)) from None
    shown = [one for one in found.properties if not select or one.name in select]
    if missing := set(select).difference(one.name for one in shown):
        raise NotDescribed(f"describes no property {min(missing)} of {entity_set}: correct select")
    columns = tuple(map(column_of, shown))
    names = {one.name for one in shown}
    return Described(
        what=f"entity set {entity_set}",
        columns=tuple(
            replace(one, nullable=False) if one.name in found.key else one for one in columns
        ),
        key=found.key if names.issuperset(found.key) else (),
        estimated_rows=None,
        sampled_rows=None,
        comment=found.says,
        hint=_rounds(first) if any(one.type in LONG_NUMBERS for one in shown) else None,
    )


def _rounds(first: Page) -> str | None:
    """An answer says in its type whether long numbers are text in it, if it was asked for."""
    kind = "".join(first.headers.get("content-type", "").split()).lower()
    if _TO_THE_DIGIT.lower() in kind:
        return None
    return (
        "have the service write long numbers as text (IEEE754Compatible): it was asked, does not "
        "say that it did, and may have rounded those of more than 15 digits"
    )
