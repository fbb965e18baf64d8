"""A description of an endpoint's rows that the source keeps at another address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from connectors.capabilities import Described
from connectors.errors import SourceChanged
from connectors.http.messages import Answer, Request
from connectors.http.origin import follow
from connectors.rest.paginators import Page


class NotDescribed(ValueError):
    """A description that cannot be read, or is of something else. Its text is a clause of why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedAt:
    """Where it is, and how it is read. It is asked for by `describe` alone, never by a reading."""

    path: str
    accept: str
    """The media type to ask for."""
    read: Callable[[bytes, Page], Described]
    """What the description says of the rows of which the first page is given; NotDescribed."""

    def request(self, base_url: str) -> Request:
        """SourceChanged if it leads to another origin."""
        return Request(url=follow(base_url, self.path), headers={"accept": self.accept})


def read_description(at: DescribedAt, answer: Answer, first: Page) -> Described:
    """What the `answer` says of the rows, named by the address that they come from."""
    if answer.status != 200:  # noqa: PLR2004 - OK
        raise SourceChanged(f"{answer.what} answered {answer.status}: correct the path there")
    try:
        described = at.read(answer.body, first)
    except NotDescribed as error:
        raise SourceChanged(f"{answer.what} {error}") from None
    return replace(described, what=f"{described.what} of {answer.what}")
