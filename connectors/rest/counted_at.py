"""A total that a second request asks for, where the pages do not say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from connectors.convert.strict_json import NotStrictJson, decoded
from connectors.errors import SourceChanged
from connectors.http.messages import Answer
from connectors.http.origin import follow
from connectors.rest.locations import ROOT, Location, in_header, in_words, locate
from connectors.rest.media_type import not_json
from connectors.rest.numbers import as_count, count_in_text


@dataclass(frozen=True, slots=True)
class CountedAt:
    """An address that says how many rows there are, and where its answer says it."""

    path: str
    at: Location
    head: bool = False
    """Whether the head of its answer is all that is asked for."""
    search: Mapping[str, object] | None = field(default=None, repr=False)

    @property
    def method(self) -> str:
        """Of its request."""
        return "HEAD" if self.head else "GET" if self.search is None else "POST"


Total: TypeAlias = Location | CountedAt
"""Where a source says how many rows there are in all."""


def counted_at(
    path: str,
    at: Location = ROOT,
    *,
    head: bool = False,
    search: Mapping[str, object] | None = None,
) -> CountedAt:
    """The total that a GET of `path` answers, at `at`: in JSON, or as a text that is the number.
    One request more for each pass over the pages, within the budget, sent behind the first page.
    Write the same filters into `path` as into the pages: that they count the same is your word.

    `head=True` asks by HEAD, where a source counts for nothing else. `search` asks by POST with
    that JSON body; like an endpoint's it only reads. ValueError for HEAD and a place that is no
    Header, or a search.

    >>> Endpoint(
    ...     path="/parts", pages=offset("$skip"), rows="value", total=counted_at("/parts/$count")
    ... ).total.path
    '/parts/$count'
    """
    in_words(at)
    if head and (search is not None or not in_header(at)):
        raise ValueError('counted_at with head=True reads a header: write at=Header("…")')
    return CountedAt(path=path, at=at, head=head, search=search)


def address_of(total: CountedAt, base_url: str) -> str:
    """Where to ask; SourceChanged if it leads to another origin."""
    return follow(base_url, total.path)


def read_count(answer: Answer, at: Location) -> int:
    """The number of rows in the answer to the second request; SourceChanged where it has none: a
    total that was asked for and did not come is not left out.
    """
    if answer.status != 200:  # noqa: PLR2004 - OK
        raise SourceChanged(f"{answer.what} answered {answer.status}: correct counted_at in total")
    kind = answer.headers.get("content-type", "")
    if at == ROOT and kind.partition(";")[0].strip().lower() == "text/plain":
        count = count_in_text(answer.body)
    else:
        count = _count_in_json(answer, kind, at, answer.headers)
    if count is None:
        where = in_words(at)
        raise SourceChanged(f"{answer.what}: no number at {where}: correct counted_at in total")
    return count


def _count_in_json(
    answer: Answer, kind: str, at: Location, headers: Mapping[str, str]
) -> int | None:
    document: object = None
    if not in_header(at):
        if (came := not_json(kind)) is not None:
            raise SourceChanged(f"{answer.what} answered {came}, and no count: correct counted_at")
        try:
            document = decoded(answer.body)
        except NotStrictJson as error:
            raise SourceChanged(f"{answer.what}: its JSON {error}: correct it there") from None
    try:
        return as_count(locate(at, document, headers))
    except (LookupError, ValueError):
        return None
