"""Kerberos, as companies have it for all that is behind one log-in (RFC 4559, SPNEGO)."""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from connectors.errors import AccessDenied
from connectors.events import Authenticated, Emit
from connectors.http.messages import Answer, Request
from connectors.rest.auth import Authorize, Conversation, asked_who, with_header
from connectors.rest.auth.forged_ticket import forged_token
from connectors.rest.auth.tickets import Tickets, Verify

_PROOF = re.compile(r"(?:^|,)\s*Negotiate\s+([A-Za-z0-9+/]+=*)\s*(?:,|$)", re.IGNORECASE)
"""RFC 4559 4.1, among what else a source asks for."""
_PRINCIPAL = re.compile(r"[^\s@]+@[^\s@]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kerberos:
    """Who we are by tickets for the service `HTTP` at the host of `base_url`, whatever an answer
    says. Each request shows one anew, at once; no ticket may be handed on.

    >>> Kerberos(principal="reader@ACME.EXAMPLE").principal
    'reader@ACME.EXAMPLE'
    """

    principal: str
    """With its realm."""
    keytab: Path | None = None
    """Where its keys are, of mode 0600; without, its tickets are those that `kinit` got."""

    def __post_init__(self) -> None:
        if not (_PRINCIPAL.fullmatch(self.principal) and self.principal.isprintable()):
            raise ValueError("a principal has a name and its realm: write reader@ACME.EXAMPLE")

    def begin(self, base_url: str, emit: Emit) -> Authorize:
        """Shows a ticket with each request. What comes back as proof of who the source is has to
        be right; where none comes, TLS alone says who it is.
        """
        tickets = Tickets(
            service=f"HTTP@{_host(base_url)}",
            principal=self.principal,
            keytab=self.keytab,
            cache=f"MEMORY:{secrets.token_hex(16)}",
        )
        taken = False

        def authorize(request: Request) -> Conversation:
            nonlocal taken
            verify: Verify

            def show() -> Request:
                nonlocal verify
                token, verify = tickets.show()
                # A source refuses what it has seen: what is sent again is another one.
                return replace(_show(request, token), anew=show)

            answer = yield show()
            if (asks := asked_who(answer, emit)) is not None:
                raise AccessDenied(
                    f"{answer.what} answered {asks} to a ticket of {self.principal}: check its "
                    f"rights there, the keys of {tickets.service} and the clocks"
                )
            if (proof := _proof(answer)) is not None:
                verify(proof)
            if answer.is_success and not taken:
                taken = True
                emit(Authenticated(how="Kerberos", renewed=False))
            return answer

        return authorize

    def strangers(
        self, base_url: str, requests: Sequence[Request]
    ) -> Iterator[tuple[str, Request]]:
        """Somebody with a ticket that no KDC issued asks for data. No KDC is asked for one: it
        gives none to who exists nowhere.
        """
        realm = self.principal.partition("@")[2]
        for request in requests:
            token = forged_token(_host(base_url), realm)
            yield "forged_ticket_refused", _show(request, token)


def _show(request: Request, token: bytes) -> Request:
    shown = f"Negotiate {base64.b64encode(token).decode()}"
    return with_header(request, "authorization", shown)


def _host(base_url: str) -> str:
    host = urlsplit(base_url).hostname
    assert host is not None  # `Rest` takes no other
    return host


def _proof(answer: Answer) -> bytes | None:
    """What the source shows of itself; None where it shows nothing."""
    found = _PROOF.search(answer.headers.get("www-authenticate", ""))
    if found is None:
        return None
    try:
        return base64.b64decode(found[1], validate=True)
    except binascii.Error:
        return b""  # which is no proof
