"""REST APIs: who we are there, how pages follow each other, and how many requests are allowed."""

from __future__ import annotations

from connectors.http.messages import Limits
from connectors.http.proxy import Proxy
from connectors.rate_limiter import RateLimiter
from connectors.rest.auth import Auth
from connectors.rest.auth.api_key import ApiKey
from connectors.rest.auth.aws import AwsSignature
from connectors.rest.auth.basic import Basic
from connectors.rest.auth.bearer import Bearer
from connectors.rest.auth.client import PrivateKeyJwt, SecretPost
from connectors.rest.auth.client_credentials import ClientCredentials
from connectors.rest.auth.hmac_signature import HmacSignature
from connectors.rest.auth.introspection import Introspection
from connectors.rest.auth.jwt_bearer import JwtBearer
from connectors.rest.auth.kerberos import Kerberos
from connectors.rest.auth.log_out import LogOut
from connectors.rest.auth.mtls import Mtls
from connectors.rest.auth.no_auth import NoAuth
from connectors.rest.auth.refresh_token import RefreshToken
from connectors.rest.auth.saml_bearer import SamlBearer
from connectors.rest.auth.saml_log_in import SamlLogIn
from connectors.rest.auth.session import Session
from connectors.rest.connector import Rest
from connectors.rest.counted_at import counted_at
from connectors.rest.endpoint import Endpoint
from connectors.rest.locations import ROOT, Header, optional
from connectors.rest.odata.entity_set import odata
from connectors.rest.paginators import Paging
from connectors.rest.paginators.by_key import by_key
from connectors.rest.paginators.by_range import by_range
from connectors.rest.paginators.cursor import cursor
from connectors.rest.paginators.link_header import link_header
from connectors.rest.paginators.link_list import link_list
from connectors.rest.paginators.next_url import next_url
from connectors.rest.paginators.offset import offset
from connectors.rest.paginators.page_number import page_number
from connectors.rest.paginators.single import single
from connectors.rest.signs import SIGNS, Signs
from connectors.rest.unmoved import Unmoved
from connectors.rest.unmoved.immutable_key import immutable_key
from connectors.rest.unmoved.one_snapshot import one_snapshot
from connectors.rest.unmoved.read_twice import read_twice
from connectors.rest.wire import Wire
from connectors.retry import RetryPolicy

__all__ = [
    "ROOT",
    "SIGNS",
    "ApiKey",
    "Auth",
    "AwsSignature",
    "Basic",
    "Bearer",
    "ClientCredentials",
    "Endpoint",
    "Header",
    "HmacSignature",
    "Introspection",
    "JwtBearer",
    "Kerberos",
    "Limits",
    "LogOut",
    "Mtls",
    "NoAuth",
    "Paging",
    "PrivateKeyJwt",
    "Proxy",
    "RateLimiter",
    "RefreshToken",
    "Rest",
    "RetryPolicy",
    "SamlBearer",
    "SamlLogIn",
    "SecretPost",
    "Session",
    "Signs",
    "Unmoved",
    "Wire",
    "by_key",
    "by_range",
    "counted_at",
    "cursor",
    "immutable_key",
    "link_header",
    "link_list",
    "next_url",
    "odata",
    "offset",
    "one_snapshot",
    "optional",
    "page_number",
    "read_twice",
    "single",
]
