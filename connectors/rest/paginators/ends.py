"""How a page says that it is the last one: by an empty mark, or by a flag."""

from __future__ import annotations

from connectors.errors import SourceChanged
from connectors.rest.locations import Location, in_words
from connectors.rest.paginators import Page


def is_none(mark: object) -> str | None:
    """The word for a mark of the next page that names none; None for one that names it."""
    match mark:
        case None:
            return "null"
        case "":
            return "empty"
        case False:
            return "false"
    return None


def no_more(page: Page, more: Location | None) -> str | None:
    """The mark of the last page, where the flag at `more` is false or null; None where it is true,
    and where no flag is named. SourceChanged for what is no flag.
    """
    if more is None:
        return None
    said = page.find(more)
    if isinstance(said, str) and said.strip().lower() in ("true", "false"):
        said = said.strip().lower() == "true"
    match said:
        case None | False:
            return f"{in_words(more)} is {is_none(said)}"
        case True:
            return None
    raise SourceChanged(f"{page.what}: neither true nor false at {in_words(more)}")


def nothing_to_go_on(page: Page, more: Location) -> SourceChanged:
    """The flag promises a page that cannot be asked for."""
    return SourceChanged(
        f"{page.what}: {in_words(more)} says that more follows, and nothing here says from where"
    )
