"""Who we are by TLS: a certificate, and the proof that its key is ours (RFC 8446 4.4.2).

OpenSSL reads both from files alone. They are given to it in memory: a key is on no disk of ours.
"""

from __future__ import annotations

import os
import ssl
from dataclasses import dataclass, field

from connectors.http.messages import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientCertificate:
    """A certificate with the chain behind it and its key, as PEM; none of it has a repr."""

    chain: bytes = field(repr=False)
    key: bytes = field(repr=False)
    password: str | None = field(default=None, repr=False)
    """Of the key."""

    def show_in(self, context: ssl.SSLContext) -> None:
        """Have `context` show it to whoever asks. ssl.SSLError for a key that is none, that is of
        another certificate, or whose password is wrong.
        """
        memory = os.memfd_create("client certificate")
        try:
            os.write(memory, self.chain + b"\n" + self.key)
            # Without a password OpenSSL would ask for one at the terminal.
            context.load_cert_chain(f"/proc/self/fd/{memory}", password=self.password or "")
        finally:
            os.close(memory)


def refusal_of_ours(error: BaseException | None) -> str | None:
    """What the peer said of the certificate that we showed, or did not; None for other errors.

    TLS 1.3 says it once our side of the handshake is over, so an answer is what it breaks.
    """
    while error is not None:
        reason = getattr(error, "reason", None) if isinstance(error, ssl.SSLError) else None
        if isinstance(reason, str) and reason.rpartition("ALERT_")[2] in _OF_CERTIFICATES:
            return reason.rpartition("ALERT_")[2].lower().replace("_", " ")
        error = error.__cause__ or error.__context__
    return None


def is_refused_by_400(answer: Answer) -> bool:
    """Whether nginx refuses the certificate that came, or that none did: it ends no handshake, but
    answers each request so.
    """
    return answer.status == _BAD_REQUEST and b"SSL certificate" in answer.body


_BAD_REQUEST = 400
_OF_CERTIFICATES = frozenset(
    {
        *("NO_CERTIFICATE", "BAD_CERTIFICATE", "UNSUPPORTED_CERTIFICATE", "CERTIFICATE_REVOKED"),
        *("CERTIFICATE_EXPIRED", "CERTIFICATE_UNKNOWN", "CERTIFICATE_REQUIRED", "UNKNOWN_CA"),
        *("ACCESS_DENIED", "HANDSHAKE_FAILURE", "DECRYPT_ERROR"),
    }
)
"""RFC 8446 6.2, as OpenSSL names them. TLS 1.2 calls a missing one a failed handshake."""
