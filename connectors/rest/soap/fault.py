"""What a fault says, by its code alone; pure (SOAP 1.1, 4.4; SOAP 1.2, 5.4).

Its words and details may hold values from the data, and are never repeated.
"""

from __future__ import annotations

import re

from connectors.errors import AccessDenied, SourceChanged, SourceError, SourceUnavailable
from connectors.rest.soap.xml import Element

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,39}")
_THEIRS = {"Server", "Receiver"}
_DENIED = {
    # OASIS Web Services Security 1.1, 12
    *("FailedAuthentication", "FailedCheck", "InvalidSecurity", "InvalidSecurityToken"),
    *("SecurityTokenUnavailable", "UnsupportedSecurityToken", "MessageExpired"),
    "Authentication",  # `Client.Authentication` of SOAP 1.1, 4.4.1
}


def codes_of(fault: Element, namespace: str) -> tuple[str, ...]:
    """The code and its subcodes, outermost first, each without its prefix; a dot tells a code
    of SOAP 1.1 from what it is more exactly.
    """
    if (code := fault.findtext("faultcode")) is not None:
        return tuple(_local(code).split("."))
    found = []
    at = fault.find(f"{{{namespace}}}Code")
    while at is not None:
        found.append(_local(at.findtext(f"{{{namespace}}}Value") or ""))
        at = at.find(f"{{{namespace}}}Subcode")
    return tuple(found)


def denies(codes: tuple[str, ...]) -> bool:
    """Whether it refuses who asks."""
    return not _DENIED.isdisjoint(codes)


def error_of(what: str, status: int, codes: tuple[str, ...], wait: float | None) -> SourceError:
    """The fault as an error that says what to do."""
    told = ".".join(codes) if codes and all(map(_NAME.fullmatch, codes)) else "of its own"
    said = f"{what} answered {status} with a fault {told}"
    if denies(codes):
        return AccessDenied(f"{said}: check the credentials")
    if codes and codes[0] in _THEIRS:
        return SourceUnavailable(f"{said}: try later", retry_after=wait, answered=True)
    return SourceChanged(f"{said}: correct the arguments in search")


def _local(code: str) -> str:
    return code.strip().rpartition(":")[2]
