"""The vendor's token endpoint: OAuth 2.0 client credentials (RFC 6749 4.4), ES256 tokens; and
what one of them may do (RFC 7662).

    client_id + client_secret ─ POST /oauth/token ─▶ a JWT that the gateway accepts for a while
                              ─ POST /oauth/introspect ─▶ whether it is active, and its scopes

Its settings, secrets included, stand in the file that TOKEN_SETTINGS names: never in argv.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
import secrets
import time
from pathlib import Path
from urllib.parse import unquote_plus

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

_CHALLENGE = {"WWW-Authenticate": 'Basic realm="token"'}
_UNSTORED = {"Cache-Control": "no-store"}


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the service knows: its clients and how it signs."""

    clients: dict[str, str]
    """Secret by client id."""
    scopes: dict[str, str]
    """What each client may do, by its id; separated by spaces."""
    issuer: str
    audience: str
    key_file: str
    """PEM of the P-256 private key."""
    token_seconds: int


def basic_credentials(authorization: str) -> tuple[str, str]:
    """Client id and secret of a Basic header (RFC 6749 2.3.1: form-encoded first); else empty."""
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        client_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return unquote_plus(client_id), unquote_plus(secret)


def service(settings: Settings) -> Starlette:
    """The application that issues tokens under `settings`, and says what they may do."""
    key = ECKey.import_key(Path(settings.key_file).read_text())

    def client_of(request: Request) -> str | None:
        """Who asks, if they have the secret."""
        client_id, secret = basic_credentials(request.headers.get("authorization", ""))
        # A client that does not exist is compared all the same: both refusals take one path.
        expected = settings.clients.get(client_id, secrets.token_hex())
        return client_id if hmac.compare_digest(secret.encode(), expected.encode()) else None

    async def token(request: Request) -> JSONResponse:
        form = await request.form()
        if form.get("grant_type") != "client_credentials":
            return JSONResponse({"error": "unsupported_grant_type"}, 400)
        client_id = client_of(request)
        if client_id is None:
            return JSONResponse({"error": "invalid_client"}, 401, _CHALLENGE)
        now = int(time.time())
        claims: dict[str, str | int] = {
            "iss": settings.issuer,
            "aud": settings.audience,
            "sub": client_id,
            "iat": now,
            "exp": now + settings.token_seconds,
            "jti": secrets.token_hex(8),
        }
        issued = jwt.encode({"alg": "ES256", "typ": "at+jwt"}, claims, key)
        answer = {
            "access_token": issued,
            "token_type": "Bearer",
            "expires_in": settings.token_seconds,
            "scope": settings.scopes[client_id],
        }
        return JSONResponse(answer, headers=_UNSTORED)  # RFC 6749 5.1

    async def introspect(request: Request) -> JSONResponse:
        form = await request.form()
        if client_of(request) is None:
            return JSONResponse({"error": "invalid_client"}, 401, _CHALLENGE)
        try:
            claims = jwt.decode(str(form.get("token", "")), key, algorithms=["ES256"]).claims
        except (JoseError, ValueError):
            claims = {}
        if claims.get("exp", 0) <= time.time():  # RFC 7662 2.2: and nothing else is told
            return JSONResponse({"active": False}, headers=_UNSTORED)
        subject = claims["sub"]
        told = {"active": True, "client_id": subject, "scope": settings.scopes[subject]}
        return JSONResponse(told, headers=_UNSTORED)

    routes = {"/oauth/token": token, "/oauth/introspect": introspect}
    return Starlette(routes=[Route(at, to, methods=["POST"]) for at, to in routes.items()])


def create() -> Starlette:
    """The application under the settings file that the environment names."""
    settings = Path(os.environ["TOKEN_SETTINGS"]).read_bytes()
    return service(msgspec.json.decode(settings, type=Settings))
