"""Whether a page was asked for by the key of the row before it; pure.

An address of a next page may count rows in disguise (`?offset=400`, `?page=2`): the rows behind it
then move although their keys ascend. So the key has to stand in what the request changed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from connectors.rest.paginators import PageRequest

_WORDS = re.compile(r"[^0-9A-Za-z_.+-]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """The request for a page, the one before it, and what had been read until then."""

    request: PageRequest
    before: PageRequest
    rows: int
    pages: int


def asked_by_key(asked: Asked, last: tuple[object, ...], first: tuple[object, ...] | None) -> bool:
    """Whether the request names the `last` key before it. `first` is the page's first key, None
    if it has no rows.

    Where the request also holds what may count rows or pages, the two keys must be neighbours: if
    it counted, a row that was left out would have a key between them. `?x=400` may be both, behind
    400 rows with the keys from 1 on.
    """
    changed = set(_parts(asked.request)) - set(_parts(asked.before))
    values = [text for _, text in changed]
    words = Counter(word for value in values for word in _WORDS.split(value))
    texts = [str(one) for one in last]
    if not Counter(texts) <= words and texts not in [[value] for value in values]:
        return False
    counts = {*values, *words} if len(texts) == 1 else set(values).difference(texts)
    numbers = {asked.rows, asked.rows + 1, asked.pages, asked.pages + 1}
    return first is None or counts.isdisjoint(map(str, numbers)) or _neighbours(last, first)


def _neighbours(last: tuple[object, ...], first: tuple[object, ...]) -> bool:
    before, after = last[0], first[0]
    return len(last) == 1 and type(before) is int and type(after) is int and after == before + 1


def _parts(request: PageRequest) -> Iterator[tuple[str, str]]:
    """What a request says, and where: segments of its path, parameters, values of its body."""
    url = urlsplit(request.url)
    for number, segment in enumerate(url.path.split("/")):
        yield f"/{number}", unquote(segment)
    for name, value in parse_qsl(url.query, keep_blank_values=True):
        yield f"?{name}", value
    yield from _leaves("", request.body)


def _leaves(place: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves(f"{place}.{name}", inner)
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            yield from _leaves(f"{place}.{number}", inner)
    elif isinstance(value, int | str):
        yield place, str(value)
