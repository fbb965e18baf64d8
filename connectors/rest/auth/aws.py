"""Requests signed for Amazon Web Services, Signature Version 4."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial

from connectors.events import Emit
from connectors.http.aws_signature import Signer, signed
from connectors.http.messages import Request
from connectors.rest.auth import Authorize, authorize_with, printable
from connectors.secrets import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsSignature:
    """Who we are to a service of AWS, or one that checks signatures as they do. Neither key is
    sent: each request has a signature of its own, which holds for minutes.

    >>> AwsSignature(
    ...     access_key=at.secret("key"), secret_key=at.secret("secret"), region="eu-central-1"
    ... ).service
    'execute-api'
    """

    access_key: Secret
    secret_key: Secret
    region: str
    service: str = "execute-api"
    """As its signatures name it; an API behind API Gateway by default."""
    session_token: Secret | None = None
    """Beside keys that are issued for a time."""
    clock: Callable[[], datetime] = field(default=partial(datetime.now, UTC), repr=False)

    def begin(self, base_url: str, emit: Emit) -> Authorize:  # noqa: ARG002 - an Auth
        """Signs each request."""
        fix = f"{self.access_key.reference} and {self.secret_key.reference}"
        return authorize_with(self, how="AWS signature", fix=fix, emit=emit)

    def strangers(
        self,
        base_url: str,  # noqa: ARG002 - an Auth
        requests: Sequence[Request],
    ) -> Iterator[tuple[str, Request]]:
        """Keys that nobody gave out ask for data."""
        stranger = replace(
            self,
            access_key=Secret("a random key", f"STRANGER{secrets.token_hex(6).upper()}"),
            secret_key=Secret("a random secret", secrets.token_urlsafe(30)),
            session_token=None,
        )
        for request in requests:
            yield "stranger_refused", stranger.show(request)

    def show(self, request: Request) -> Request:
        """`request` with a signature of now."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        if self.session_token is not None:
            headers["x-amz-security-token"] = printable(self.session_token)
        signer = Signer(
            access_key=printable(self.access_key),
            secret_key=printable(self.secret_key),
            region=self.region,
            service=self.service,
        )
        return replace(
            request,
            headers=signed(
                request.method, request.url, request.body, headers, signer=signer, now=self.clock()
            ),
        )
