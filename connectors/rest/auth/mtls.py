"""A client certificate (RFC 8446 4.4.2), alone or beside another log-in (RFC 8705)."""

from __future__ import annotations

import secrets
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from connectors.errors import AccessDenied
from connectors.events import Emit
from connectors.http.client_certificate import ClientCertificate, is_refused_by_400
from connectors.http.messages import Request
from connectors.rest.auth import Auth, Authorize, Conversation, authorize_with
from connectors.rest.auth.introspection import Introspection, Introspects, introspection_of
from connectors.rest.auth.log_out import last_of
from connectors.rest.auth.tokens import issuer_of
from connectors.secrets import Secret, present


@dataclass(frozen=True, slots=True, kw_only=True)
class Mtls:
    """Who we are by a certificate, with the chain behind it in PEM, and its key.

    >>> Mtls(certificate=Path("reader.pem"), key=at.secret("key")).certificate.name
    'reader.pem'
    """

    certificate: Path
    key: Secret
    """The text of the key in PEM; a `file:` that only its owner can read."""
    password: Secret | None = None
    """Of the key, if it has one."""
    also: Auth | None = None
    """What requests show beside it, as `Bearer(token=…)`."""

    def begin(self, base_url: str, emit: Emit) -> Authorize:
        """Each connection shows the certificate; requests show what `also` says."""
        if self.also is not None:
            show = self.also.begin(base_url, emit)
        else:
            show = authorize_with(_Nothing(), how="client certificate", fix=self.told, emit=emit)

        return _Beside(show=show, told=self.told)

    def strangers(
        self, base_url: str, requests: Sequence[Request]
    ) -> Iterator[tuple[str, Request]]:
        """Somebody whose certificate no authority vouches for asks for data."""
        if self.also is not None:
            yield from self.also.strangers(base_url, requests)
            return
        for request in requests:
            yield "stranger_refused", request

    @property
    def issuer(self) -> str | None:
        """Another origin that gives out the tokens of `also`; it is shown the certificate, too."""
        return issuer_of(self.also)

    @property
    def introspection(self) -> Introspection | None:
        """Where the source says what the token of `also` may do."""
        return introspection_of(self.also)

    def introspect(self, base_url: str, emit: Emit) -> Conversation:
        """Ask about the token of `also`."""
        assert isinstance(self.also, Introspects)
        return self.also.introspect(base_url, emit)

    @property
    def told(self) -> str:
        """What to check where it is refused; nothing of the key but where it is."""
        return f"certificate {self.certificate} and {self.key.reference}"

    def client_certificate(self) -> ClientCertificate:
        """What connections show. AccessDenied, before any is made, for one that none can show."""
        try:
            chain = self.certificate.read_bytes()
        except OSError as error:
            said = f"certificate {self.certificate} cannot be read: name a PEM file"
            raise AccessDenied(said) from error
        us = present(self)
        shown = ClientCertificate(
            chain=chain,
            key=us.key.reveal().encode(),
            password=None if us.password is None else us.password.reveal(),
        )
        try:
            shown.show_in(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
        except ssl.SSLError as error:
            other = error.reason == "KEY_VALUES_MISMATCH"
            why = "do not belong together" if other else "are no PEM, or the password is wrong"
            raise AccessDenied(f"{self.told} {why}: correct them") from None
        return shown


@dataclass(frozen=True, slots=True, kw_only=True)
class _Beside:
    """Authorizes as `show` does, on connections that show a certificate."""

    show: Authorize
    told: str

    def __call__(self, request: Request) -> Conversation:
        answer = yield from self.show(request)
        if is_refused_by_400(answer):
            raise AccessDenied(f"{answer.what} answered 400: check {self.told}")
        return answer

    def last(self) -> Request | None:
        """As `show` says."""
        return last_of(self.show)


def stranger_certificate() -> ClientCertificate:
    """Of somebody who exists nowhere, signed by themselves."""
    key = ec.generate_private_key(ec.SECP256R1())
    common = x509.NameAttribute(NameOID.COMMON_NAME, f"stranger-{secrets.token_hex(8)}")
    name, now = x509.Name([common]), datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return ClientCertificate(
        chain=certificate.public_bytes(pem), key=key.private_bytes(pem, *plain)
    )


@dataclass(frozen=True, slots=True)
class _Nothing:
    """What requests show beside the certificate of their connection."""

    def show(self, request: Request) -> Request:
        """As it is."""
        return request
