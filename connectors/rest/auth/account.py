"""Whose quota a log-in spends: the account that it shows, in words that hold no secret.

A user, a client or the name of a key is the account. Where there is no such name, it is a digest
of the secret, which is a random token then; of no password is a digest made.
"""

from __future__ import annotations

import hashlib

from connectors.rest.auth import Auth
from connectors.rest.auth.api_key import ApiKey
from connectors.rest.auth.aws import AwsSignature
from connectors.rest.auth.basic import Basic
from connectors.rest.auth.bearer import Bearer
from connectors.rest.auth.client_credentials import ClientCredentials
from connectors.rest.auth.hmac_signature import HmacSignature
from connectors.rest.auth.jwt_bearer import JwtBearer
from connectors.rest.auth.kerberos import Kerberos
from connectors.rest.auth.mtls import Mtls
from connectors.rest.auth.refresh_token import RefreshToken
from connectors.rest.auth.saml_bearer import SamlBearer
from connectors.rest.auth.saml_log_in import SamlLogIn
from connectors.rest.auth.session import Session
from connectors.rest.auth.username_token import UsernameToken
from connectors.secrets import Secret


def account_of(auth: Auth) -> str:
    """The account. All log-ins of a kind that is a pilot's own are one."""
    match auth:
        case Basic() | Session() | SamlLogIn() | UsernameToken():
            who = f"user {auth.user}"
        case ClientCredentials() | RefreshToken():
            who = f"client {auth.client_id}"
        case AwsSignature():
            who = f"key {auth.access_key.reveal()}"
        case Kerberos():
            who = f"principal {auth.principal}"
        case Bearer():
            who = f"token {_digest(auth.token)}"
        case ApiKey() | HmacSignature():
            who = f"key {_digest(auth.key)}"
        case JwtBearer():
            who = f"client {auth.claims['iss']} for {auth.claims.get('sub')}"
        case SamlBearer():
            who = f"assertion {_digest(auth.assertion)}"
        case Mtls():
            also = "" if auth.also is None else f" and {account_of(auth.also)}"
            who = f"certificate {auth.certificate.absolute()}{also}"
        case _:
            who = type(auth).__qualname__
    return who


def _digest(secret: Secret) -> str:
    return hashlib.sha256(secret.reveal().encode()).hexdigest()
