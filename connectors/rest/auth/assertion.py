"""What a signed assertion says (RFC 7523 3): who, for whom, for how long. Each is used once."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from connectors.rest.auth.jwt import key_like, private_key, signed
from connectors.secrets import Secret

_LIVES_SECONDS = 120
_PAST_SECONDS = 3600
"""More than any clock may be wrong."""
OURS = frozenset({"aud", "exp", "iat", "nbf", "jti"})
"""What each new assertion says by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """Claims, and the key that vouches for them. A new token from it each time it is shown."""

    claims: Mapping[str, object]
    audience: str
    key: Secret
    key_id: str | None = None
    now: Callable[[], float] = field(default=time.time, repr=False)

    def token(self) -> str:
        """As it is sent. AccessDenied where the secret holds no such key."""
        return signed(self._complete(), key=private_key(self.key), key_id=self.key_id)

    def stranger(self, name: str | None = None) -> str:
        """Somebody who exists nowhere, vouched for by a key that nobody knows."""
        name = name or f"stranger-{secrets.token_hex(8)}"
        names = {"iss": name, "sub": name}
        key = key_like(private_key(self.key))
        return signed({**self._complete(), **names}, key=key, key_id=self.key_id)

    def worthless(self) -> Iterator[tuple[str, str]]:
        """Ours, which no source may take: out of date, and for somebody else."""
        past = replace(self, now=lambda: self.now() - _PAST_SECONDS)
        yield "expired_refused", past.token()
        elsewhere = f"https://{secrets.token_hex(8)}.invalid"  # RFC 2606 2: nobody's
        yield "wrong_audience_refused", replace(self, audience=elsewhere).token()

    def _complete(self) -> dict[str, object]:
        now = int(self.now())
        return {
            **self.claims,
            "aud": self.audience,
            "iat": now,
            "exp": now + _LIVES_SECONDS,
            "jti": secrets.token_urlsafe(16),
        }
