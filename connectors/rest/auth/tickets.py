"""Tickets of Kerberos for one service; the only module that knows the library that gets them.

    ticket cache or keytab ─▶ a ticket for HTTP@host ─▶ a token to show ─▶ the proof that comes

MIT's own library does all of it: it reads `krb5.conf`, asks the KDC and keeps tickets.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from connectors.errors import AccessDenied, SourceError, SourceUnavailable
from connectors.secrets import MissingReference, require_private

Verify: TypeAlias = Callable[[bytes], None]
"""Checks the proof that the service sends back; SourceError where it is not the service's."""

_KERBEROS, _SPNEGO = (1, 2, 840, 113554, 1, 2, 2), (1, 3, 6, 1, 5, 5, 2)
"""RFC 1964 1, RFC 4178 3."""
_CODES = 2_529_638_912
"""Where the codes of RFC 4120 7.5.9 begin in MIT's library; its own follow from 128 on."""
_EXPIRED, _UNREACHABLE = 32, 156
_NONE_HERE = frozenset({141, 195})
"""The cache has nothing of this principal, or is not there."""
_WHY = {
    6: "the realm knows no {principal}: correct principal of Kerberos",
    7: "the realm knows no {service}: correct base_url, or have it added there",
    18: "{principal} is locked there: have it unlocked",
    23: "the key of {principal} has expired: have it renewed",
    24: "the key of {principal} is another one by now: have {keytab} written anew",
    31: "the key of {principal} is another one by now: have {keytab} written anew",
    _EXPIRED: "the ticket of {principal} has expired: run kinit {principal}",
    37: "this clock and the realm's differ by too much: set it right",
    154: "no KDC is named for the realm: correct krb5.conf",
}
_MOST_SAID = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Tickets:
    """Of one principal for one service."""

    service: str
    """`HTTP@host`."""
    principal: str
    keytab: Path | None
    """Where its keys are; without, tickets are those of the ticket cache."""
    cache: str = field(repr=False)
    """What keeps tickets that a keytab gets: `MEMORY:` and a name."""

    def show(self) -> tuple[bytes, Verify]:
        """A token for one request (RFC 4559 4), and what checks the proof that comes back. Raises
        AccessDenied where there is no ticket, and SourceUnavailable where nobody gives one now.
        """
        gssapi = _library()
        store = self._store()

        def begin(identifier: tuple[int, ...]) -> tuple[Any, bytes]:
            mechanism = gssapi.OID.from_int_seq(identifier)
            name = gssapi.Name(self.principal, gssapi.NameType.kerberos_principal)
            us = gssapi.Credentials(name=name, usage="initiate", mechs=[mechanism], store=store)
            context = gssapi.SecurityContext(
                name=gssapi.Name(self.service, gssapi.NameType.hostbased_service),
                creds=us,
                mech=mechanism,
                flags=gssapi.RequirementFlag.mutual_authentication,  # and no delegation
                usage="initiate",
            )
            return context, context.step()

        try:
            begin(_KERBEROS)  # gets the ticket: SPNEGO alone would not say why there is none
            context, token = begin(_SPNEGO)
        except gssapi.exceptions.GSSError as error:
            raise self._refusal(error, expired=gssapi.exceptions.ExpiredCredentialsError) from None

        def verify(proof: bytes) -> None:
            try:
                context.step(proof)
                is_proven = context.complete
            except gssapi.exceptions.GSSError:
                is_proven = False
            if not is_proven:
                raise SourceError(
                    f"the answer holds a proof that is not {self.service}'s: correct base_url, or "
                    "report it there"
                )

        return token, verify

    def _store(self) -> dict[str, str] | None:
        if self.keytab is None:
            return None
        try:
            require_private(self.keytab)
        except MissingReference as error:
            raise AccessDenied(f"keytab: {error}") from None
        return {"client_keytab": f"FILE:{self.keytab.absolute()}", "ccache": self.cache}

    def _refusal(self, error: Any, *, expired: type[Exception]) -> SourceError:
        """One line for what the library says; its own words where it is nothing usual."""
        code = _EXPIRED if isinstance(error, expired) else error.min_code - _CODES
        if code == _UNREACHABLE:
            return SourceUnavailable(f"{self.service}: no KDC answers: try again later")
        if code in _NONE_HERE and self.keytab is not None:
            why = "{keytab} holds no key of {principal}: correct keytab or principal of Kerberos"
        elif code in _NONE_HERE:
            why = "no ticket of {principal} is here: run kinit {principal}"
        else:
            said = str(error).rpartition("): ")[2]
            plain = "".join(c if c.isprintable() and c not in "{}" else " " for c in said)
            why = _WHY.get(code, f"{plain[:_MOST_SAID]}: correct krb5.conf or auth")
        shown = why.format(
            principal=self.principal, service=self.service, keytab=self.keytab or "it"
        )
        return AccessDenied(f"no ticket for {self.service}: {shown}")


def _library() -> Any:
    try:
        import gssapi
    except ImportError:
        raise SourceError(
            "Kerberos needs a package of its own: install libkrb5-dev and a C compiler, then pip "
            "install 'seatrial[kerberos]'"
        ) from None
    return gssapi
