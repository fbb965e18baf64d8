"""Pages that give a token for the next one, which is asked for by a parameter."""

from __future__ import annotations

from connectors.errors import SourceChanged
from connectors.rest.locations import Location, in_words
from connectors.rest.paginators import PageRequest, Pages, Paging, Parameter
from connectors.rest.paginators.ends import is_none, no_more, nothing_to_go_on


def cursor(parameter: Parameter, *, at: Location, more: Location | None = None) -> Paging:
    """Ask again with the token at `at`; null, false or an empty text marks the last page. Where a
    source gives a token on its last page too, name the flag at `more` that ends with false.

    A page without that place says nothing, so it is not the last: where the source leaves it out
    at the end, write `optional(...)`.

    >>> pages = cursor("page_token", at="next_page_token")
    """
    named = in_words(at)

    def pages(first: PageRequest) -> Pages:
        page = yield first
        while (mark := no_more(page, more)) is None:
            token = page.find(at)
            if (none := is_none(token)) is not None:
                if more is not None:
                    raise nothing_to_go_on(page, more)
                return f"{named} is {none}"
            if not _is_token(token, in_body=first.body is not None):
                raise SourceChanged(f"{page.what}: no token and no null at {named}")
            page = yield first.with_parameter(parameter, token)
        return mark

    return pages


def _is_token(token: object, *, in_body: bool) -> bool:
    """Also a list in a body, as the sort values of a search's last row are."""
    parts = token if in_body and isinstance(token, list) and token else [token]
    return all(type(part) in (int, str) and str(part).isprintable() for part in parts)
