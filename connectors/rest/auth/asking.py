"""A request for a token: by which grant, where, and as whom.

settings of a log-in ─▶ TokenRequest ─▶ as us · as nobody · as a stranger
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias
from urllib.parse import urlencode

from connectors.http.messages import Request
from connectors.http.origin import follow, origin
from connectors.rest.auth.client import Client, ClientSecret

_CLIENT = frozenset({"client_id", "client_secret", "client_assertion", "client_assertion_type"})

Form: TypeAlias = Mapping[str, str | tuple[str, ...]]


class AsksForTokens(Protocol):
    """What all log-ins by tokens have in common: their settings of these names."""

    @property
    def token_path(self) -> str:
        """Of the token endpoint."""

    @property
    def issuer(self) -> str | None:
        """`https://host` of the token endpoint; None for the source's own origin."""

    @property
    def client_id(self) -> str | None:
        """Who asks; None for nobody."""

    @property
    def client_secret(self) -> ClientSecret | None:
        """What shows that it is the client; None for a public one."""

    @property
    def scope(self) -> str | None:
        """Which rights are asked for; None for those that the issuer gives."""

    @property
    def parameters(self) -> Mapping[str, str]:
        """The issuer's own ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRequest:
    """One that can be sent as several. Where it goes is the pilot's word alone, never an
    answer's.
    """

    path: str
    issuer: str | None
    client: Client
    form: Form = field(repr=False)

    def url(self, base_url: str) -> str:
        """Of the token endpoint."""
        return follow(self.issuer or base_url, self.path)

    def as_us(self, base_url: str) -> Request:
        """It shows our client."""
        return self.client.show(self.as_nobody(base_url))

    def as_stranger(self, base_url: str) -> Request:
        """It shows a client that exists nowhere; nobody, where we show none."""
        return self.client.stranger().show(self.as_nobody(base_url))

    def as_nobody(self, base_url: str) -> Request:
        """It shows no client."""
        return Request(
            method="POST",
            url=self.url(base_url),
            headers={"content-type": "application/x-www-form-urlencoded"},
            body=urlencode(self.form, doseq=True).encode(),
            budgeted=False,
            setting="issuer of auth" if self.issuer else None,
        )


def asking(
    log_in: AsksForTokens, grant_type: str, **named: str | tuple[str, ...] | None
) -> TokenRequest:
    """What `log_in` asks with: `named` where they are set, its scope and the issuer's own
    parameters. ValueError for settings that no request can say.
    """
    if log_in.issuer is not None:
        origin(log_in.issuer)
    said = {"grant_type": grant_type, "scope": log_in.scope, **named}
    if taken := sorted((said.keys() | _CLIENT) & log_in.parameters.keys()):
        raise ValueError(f"parameters holds {taken[0]}, which has a setting of its own: use that")
    return TokenRequest(
        path=log_in.token_path,
        issuer=log_in.issuer,
        client=Client(id=log_in.client_id, secret=log_in.client_secret),
        form={**{n: value for n, value in said.items() if value}, **log_in.parameters},
    )
