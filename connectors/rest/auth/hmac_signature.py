"""Requests signed with a shared secret, in headers that the source declares."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import partial
from string import Formatter
from urllib.parse import urlsplit

from connectors.events import Emit
from connectors.http.messages import Request
from connectors.rest.auth import Authorize, authorize_with, with_header
from connectors.secrets import Secret

PARTS = ("method", "target", "host", "timestamp", "milliseconds", "date", "nonce", "body_sha256")
_SIGNATURE = "signature"
_ALGORITHMS = ("sha256", "sha384", "sha512")
_ENCODINGS: Mapping[str, Callable[[bytes], str]] = {
    "hex": bytes.hex,
    "base64": lambda digest: base64.b64encode(digest).decode(),
}
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""RFC 9110 5.6.2: what a header may be called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HmacSignature:
    """Who we are by an HMAC (RFC 2104) over parts of each request; the key is not sent.

    Parts stand in braces: `{method}`, `{target}` (path and query), `{host}`, `{timestamp}`
    (seconds since 1970), `{milliseconds}`, `{date}` (RFC 9110 5.6.7), `{nonce}`, `{body_sha256}`;
    in a header `{signature}`, too.

    >>> HmacSignature(
    ...     key=at.secret("key"),
    ...     signs="{timestamp}\\n{method}\\n{target}",
    ...     headers={"X-Timestamp": "{timestamp}", "X-Signature": "reader:{signature}"},
    ... ).algorithm
    'sha256'
    """

    key: Secret
    signs: str
    """What is signed, as the source's manual has it."""
    headers: Mapping[str, str]
    """What each request shows; one of them holds `{signature}`."""
    algorithm: str = "sha256"
    encoding: str = "hex"
    clock: Callable[[], datetime] = field(default=partial(datetime.now, UTC), repr=False)

    def __post_init__(self) -> None:
        if self.algorithm not in _ALGORITHMS or self.encoding not in _ENCODINGS:
            raise ValueError("a signature is of sha256, sha384 or sha512, in hex or base64")
        for name in self.headers:
            if not _NAME.fullmatch(name):
                raise ValueError("a signature's header has a name that no header can have")
        shown = [_fields(value) for value in self.headers.values()]
        unknown = {*_fields(self.signs), *(one for some in shown for one in some)} - {*PARTS}
        if unknown - {_SIGNATURE} or _SIGNATURE in _fields(self.signs):
            raise ValueError(f"a signature has no such part: use one of {', '.join(PARTS)}")
        if _SIGNATURE not in unknown:
            raise ValueError("no header shows the {signature}: name one")

    def begin(self, base_url: str, emit: Emit) -> Authorize:  # noqa: ARG002 - an Auth
        """Signs each request."""
        fix = f"{self.key.reference} and our clock"
        return authorize_with(self, how="HMAC signature", fix=fix, emit=emit)

    def strangers(
        self,
        base_url: str,  # noqa: ARG002 - an Auth
        requests: Sequence[Request],
    ) -> Iterator[tuple[str, Request]]:
        """Somebody with another key asks for data."""
        unknown = replace(self, key=Secret("a random key", secrets.token_urlsafe(32)))
        for request in requests:
            yield "forged_signature_refused", unknown.show(request)

    def show(self, request: Request) -> Request:
        """`request` with a signature of now."""
        at, parts = self.clock(), urlsplit(request.url)
        known = {
            "method": request.method,
            "target": f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}",
            "host": parts.netloc,
            "timestamp": str(int(at.timestamp())),
            "milliseconds": str(int(at.timestamp() * 1000)),
            "date": format_datetime(at, usegmt=True),
            "nonce": secrets.token_hex(16),
            "body_sha256": hashlib.sha256(request.body).hexdigest(),
        }
        text = self.signs.format(**known).encode()
        digest = hmac.digest(self.key.reveal().encode(), text, self.algorithm)
        known[_SIGNATURE] = _ENCODINGS[self.encoding](digest)
        for name, value in self.headers.items():
            request = with_header(request, name, value.format(**known))
        return request


def _fields(template: str) -> set[str]:
    """The parts that a text names, as they stand in its braces."""
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}
