"""A source that asks nobody who they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from connectors.errors import AccessDenied
from connectors.events import Emit
from connectors.http.messages import Request
from connectors.rest.auth import Authorize, Conversation, asked_who


@dataclass(frozen=True, slots=True, kw_only=True)
class NoAuth:
    """Requests go as they are. There is no log-in and no stranger, so `authenticated` stays
    UNPROVEN: have it attested, or plan it not at all (`sources:` in `pilot.yaml`).

    >>> NoAuth()
    NoAuth()
    """

    def begin(self, base_url: str, emit: Emit) -> Authorize:  # noqa: ARG002 - an Auth
        """Passes each request on; AccessDenied if the source wants a log-in."""

        def as_it_is(request: Request) -> Conversation:
            answer = yield request
            if (asks := asked_who(answer, emit)) is not None:
                raise AccessDenied(f"{answer.what} answered {asks}: name a log-in in auth")
            return answer

        return as_it_is

    def strangers(
        self,
        base_url: str,  # noqa: ARG002 - an Auth
        requests: Sequence[Request],  # noqa: ARG002
    ) -> Iterator[tuple[str, Request]]:
        """None: everybody is let in."""
        return iter(())
