"""A user and a password in the header of each message (OASIS WS-Security UsernameToken 1.1)."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from xml.sax.saxutils import escape

from connectors.errors import AccessDenied
from connectors.events import Authenticated, Emit
from connectors.http.messages import Request
from connectors.rest.auth import Authorize, Conversation
from connectors.rest.auth.stranger import stranger
from connectors.rest.soap.xml import parsed, written
from connectors.secrets import Secret

_UNAUTHORIZED = 401
_NONCE_BYTES = 16
_OASIS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
_PROFILE = f"{_OASIS}username-token-profile-1.0"
_HEADER = (
    '<e:Header xmlns:e="{envelope}" xmlns:s="{oasis}wssecurity-secext-1.0.xsd" '
    'xmlns:u="{oasis}wssecurity-utility-1.0.xsd"><s:Security e:mustUnderstand="1">'
    "<s:UsernameToken><s:Username>{user}</s:Username>"
    '<s:Password Type="{profile}#{kind}">{password}</s:Password>'
    '<s:Nonce EncodingType="{oasis}soap-message-security-1.0#Base64Binary">{nonce}</s:Nonce>'
    "<u:Created>{created}</u:Created></s:UsernameToken></s:Security></e:Header>"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UsernameToken:
    """Who we are in the header of each message of SOAP, with a nonce and the time.

    >>> UsernameToken(user="reader", password=at.secret("password"), digest=True).user
    'reader'
    """

    user: str
    password: Secret
    digest: bool = False
    """Show the digest of nonce, time and password, by the profile's SHA-1, and not the password
    itself; the server must know the password then."""
    clock: Callable[[], datetime] = field(default=partial(datetime.now, UTC), repr=False)

    def __post_init__(self) -> None:
        if not self.user.isprintable():
            raise ValueError("a user of UsernameToken holds no control character")

    def begin(self, base_url: str, emit: Emit) -> Authorize:  # noqa: ARG002 - an Auth
        """Shows user and password in each message. Until they were taken nothing is sent again:
        some servers say by a fault of their own that a password is wrong.
        """
        if not self.password.reveal().isprintable():
            raise AccessDenied(f"{self.password.reference} holds a control character: correct it")
        taken = False

        def authorize(request: Request) -> Conversation:
            nonlocal taken
            shown = self.show(request)
            answer = yield shown if taken else replace(shown, safe=False)
            if answer.status == _UNAUTHORIZED:
                fix = f"the user and {self.password.reference}"
                raise AccessDenied(f"{answer.what} answered 401: check {fix}")
            if request.body and answer.is_success and not taken:
                taken = True
                emit(Authenticated(how="WS-Security UsernameToken", renewed=False))
            return answer

        return authorize

    def strangers(
        self,
        base_url: str,  # noqa: ARG002 - an Auth
        requests: Sequence[Request],
    ) -> Iterator[tuple[str, Request]]:
        """A user who exists nowhere asks for data."""
        somebody = replace(self, **stranger())
        for request in requests:
            yield "stranger_refused", somebody.show(request)

    def show(self, request: Request) -> Request:
        """`request` with the header of now; one without a message stays as it is."""
        if not request.body:
            return request
        envelope = parsed(request.body)
        space = envelope.tag.removeprefix("{").removesuffix("}Envelope")
        envelope.insert(0, parsed(self._header(space).encode()))
        # Servers refuse a nonce that they have seen: what is sent again has another one.
        return replace(request, body=written(envelope), anew=lambda: self.show(request))

    def _header(self, space: str) -> str:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        created = self.clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
        password = self.password.reveal()
        if self.digest:
            text = nonce + created.encode() + password.encode()
            password = base64.b64encode(hashlib.sha1(text).digest()).decode()  # noqa: S324 - theirs
        return _HEADER.format(
            envelope=space,
            oasis=_OASIS,
            profile=_PROFILE,
            kind="PasswordDigest" if self.digest else "PasswordText",
            user=escape(self.user),
            password=escape(password),
            nonce=base64.b64encode(nonce).decode(),
            created=created,
        )
