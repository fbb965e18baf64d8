"""TLS: certificates are always verified, and a failed check is told from a lost connection."""

from __future__ import annotations

import ssl
from pathlib import Path

from connectors.errors import AccessDenied
from connectors.http.client_certificate import ClientCertificate, refusal_of_ours

_NO_TLS = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE")
"""How OpenSSL calls bytes of another protocol, by its release."""


def verifying_context(
    ca_file: Path | None, certificate: ClientCertificate | None = None
) -> ssl.SSLContext:
    """TLS 1.2 or newer that trusts `ca_file` alone; without one, what this machine trusts. Whoever
    asks for a certificate is shown `certificate`.

    Lists of revoked certificates (RFC 5280 5) that stand in `ca_file` are obeyed: each authority
    of a chain then needs one that is in date. Nothing is fetched: without them nobody is revoked.

    Unlike Python's default context it writes no session keys where SSLKEYLOGFILE says.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if certificate is not None:
        certificate.show_in(context)
    if ca_file is None:
        context.load_default_certs()
        return context
    try:
        context.load_verify_locations(ca_file)
    except (OSError, ssl.SSLError) as error:
        raise AccessDenied(f"CA file {ca_file} cannot be used: name a PEM file") from error
    if context.cert_store_stats()["crl"]:
        context.verify_flags |= ssl.VERIFY_CRL_CHECK_CHAIN
    return context


def denied_by_tls(what: str, error: BaseException) -> AccessDenied | None:
    """Who does not trust whom, and what to do; None if the connection failed otherwise."""
    if (reason := refusal_of_ours(error)) is not None:
        fix = "check the certificate and key of Mtls(…), or name them in auth"
        return AccessDenied(f"{what}: our certificate was refused ({reason}): {fix}")
    if (reason := find_distrust(error)) in _NO_TLS:
        return AccessDenied(f"{what}: it speaks no TLS: check the port, and https in the address")
    if reason is not None:
        return AccessDenied(f"{what}: TLS is not trusted ({reason}): check address and CA file")
    return None


def find_distrust(error: BaseException) -> str | None:
    """Why TLS does not trust the peer; None if the connection failed for another reason."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            if isinstance(cause, ssl.SSLEOFError | ssl.SSLZeroReturnError):
                return None
            return getattr(cause, "verify_message", None) or cause.reason or "handshake failed"
        cause = cause.__cause__ or cause.__context__
    return None
