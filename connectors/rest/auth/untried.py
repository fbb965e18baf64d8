"""Log-ins that no server of others was there to try; pure."""

from __future__ import annotations

from connectors.rest.auth import Auth
from connectors.rest.auth.jwt_bearer import JwtBearer
from connectors.rest.auth.mtls import Mtls
from connectors.rest.auth.saml_bearer import SamlBearer
from connectors.rest.auth.username_token import UsernameToken


def untried(auth: Auth) -> str | None:
    """The one that was not tried; None where it was."""
    asks = auth.also if isinstance(auth, Mtls) else auth
    if not isinstance(asks, JwtBearer | SamlBearer | UsernameToken):
        return None
    return f"{type(asks).__name__}: no server of others was tried with it"
