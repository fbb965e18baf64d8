"""Signs on a page that it is not the last one, or not whole; pure.

A page may say in one place that nothing follows and in another that something does. A reading then
ends with an error: the no does not count more than the yes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from connectors.rest.links import parse_links
from connectors.rest.locations import DocumentPath, steps

BESIDE = frozenset(
    "_links _shards cursors info links meta metadata page page_info paging pagination "
    "response_metadata".replace("_", "").split()
)
"""Objects beside the rows that speak of the page; others are data."""
LINKS = frozenset({"link", "links"})
"""Lists of links that each name their relation."""
_NO = frozenset({"", "0", "false", "no", "none", "null"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """Fields of a page that contradict its end. `not done` is a sign where `done` is false, any
    other name where the field has a value that is not false, null, 0 or empty. Names match in any
    case, `has_more` and `hasMore` alike.

    >>> Signs(more=frozenset({"has_more"}), part=frozenset()).without("has_more").more
    frozenset()
    """

    more: frozenset[str]
    """Another page follows: wrong on the page where the style ends. `header Link` is a link whose
    relation is `next`."""
    part: frozenset[str]
    """The page itself is not whole, wherever it stands."""

    def without(self, *names: str) -> Signs:
        """The same without those that mean something else here. ValueError for one that is none.

        >>> "errors" in SIGNS.without("errors").part
        False
        """
        if unknown := set(names) - self.more - self.part:
            raise ValueError(f"{min(unknown)} is no sign: see seatrial.rest.SIGNS")
        return Signs(more=self.more - {*names}, part=self.part - {*names})


SIGNS = Signs(
    more=frozenset(
        {
            *("has_more", "has_more_results", "has_next", "has_next_page", "more_results"),
            *("exceeded_transfer_limit", "is_truncated", "truncated"),
            *("next", "next_cursor", "next_href", "next_link", "next_marker", "next_page"),
            *("next_page_token", "next_page_url", "next_records_url", "next_token", "next_uri"),
            *("next_continuation_token", "next_url", "odata.next_link", "header Link"),
            *("last_evaluated_key",),
            *("not done", "not is_last", "not is_last_page", "not last", "not last_page"),
        }
    ),
    part=frozenset(
        {
            *("error", "errors", "incomplete", "incomplete_results", "is_partial", "partial"),
            *(
                "incomplete_search",
                "partial_results",
                "terminated_early",
                "timed_out",
                "_shards.failed",
            ),
            *("not complete", "not is_complete", "not job_complete", "not ok", "not success"),
        }
    ),
)
"""What is looked for where an endpoint does not say otherwise."""


def find_part(signs: Signs, rows: DocumentPath, document: object) -> str | None:
    """The first sign that a page is not whole; None if there is none."""
    return _first(signs.part, rows, document)


def find_more(
    signs: Signs, rows: DocumentPath, document: object, headers: Mapping[str, str]
) -> str | None:
    """The first sign that another page follows; None if there is none."""
    if "header Link" in signs.more and has_next_link(headers.get("link", "")):
        return "header Link"
    return _first(signs.more, rows, document)


def _first(names: frozenset[str], rows: DocumentPath, document: object) -> str | None:
    wanted = {plain_name(name.removeprefix("not ")): name for name in sorted(names)}
    for found, value in _fields(rows, document):
        name = wanted.get(plain_name(found))
        if name is None:
            continue
        if _is_false(value) if name.startswith("not ") else _is_there(value):
            return name
    return None


def _fields(rows: DocumentPath, document: object) -> Iterator[tuple[str, object]]:
    """The fields of each object that holds the rows, and of those beside them that speak of the
    page, also as `_shards.failed`. Never of the rows.
    """
    holder = document
    for step in (*steps(rows), None):
        if isinstance(holder, dict):
            for name, value in holder.items():
                yield name, value
                if isinstance(value, list) and name != step and plain_name(name) in LINKS:
                    yield from (("next", link) for link in value if is_next_link(link))
                if isinstance(value, dict) and name != step and plain_name(name) in BESIDE:
                    yield from value.items()
                    yield from ((f"{name}.{inner}", held) for inner, held in value.items())
            holder = holder.get(step)
        elif isinstance(holder, list) and isinstance(step, int):
            holder = holder[step] if step < len(holder) else None


def plain_name(name: str) -> str:
    """The name as it is compared: in any case, without marks between its words."""
    return re.sub(r"[^0-9a-z]", "", name.lower())


def _is_there(value: object) -> bool:
    if isinstance(value, dict) and "href" in value:
        return _is_there(value["href"])
    if isinstance(value, str):
        return value.strip().lower() not in _NO
    if isinstance(value, bytes):  # a fraction as it was written
        return re.match(rb"[^eE]*[1-9]", value) is not None
    return bool(value)


def is_next_link(link: object) -> bool:
    """Whether a member of such a list names a next page."""
    return isinstance(link, dict) and "next" in (link.get("rel"), link.get("relation"))


def _is_false(value: object) -> bool:
    return value is False or (isinstance(value, str) and value.strip().lower() == "false")


def has_next_link(field: str) -> bool:
    """Whether a `Link` header that can be read names a next page."""
    try:
        return any("next" in link.relations for link in parse_links(field))
    except ValueError:  # the styles that rely on it refuse it
        return False
