"""What evidence from an endpoint is worth: as declared, but this machine is always simulated."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from urllib.parse import urlsplit

from harness.facts import EvidenceClass


def of(endpoint: str, declared: EvidenceClass) -> EvidenceClass:
    """`declared`, or SIMULATED when the endpoint's host is this machine or has no host at all.

    A name counts by what it resolves to; one that resolves to nothing cannot be read either.
    """
    host = urlsplit(endpoint).hostname
    if host is None:
        return EvidenceClass.SIMULATED
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_DGRAM)
    except OSError:
        return declared
    here = any(_is_here(family, str(address[0])) for family, _, _, _, address in found)
    return EvidenceClass.SIMULATED if here else declared


def weakest(classes: Iterable[EvidenceClass]) -> EvidenceClass:
    """What evidence is worth that rests on all of them."""
    return min(classes, key=list(EvidenceClass).index)


def _is_here(family: int, address: str) -> bool:
    """Whether what is sent to `address` stays on this machine; nothing is sent."""
    there = ipaddress.ip_address(address.partition("%")[0])
    if there.is_loopback or there.is_unspecified:
        return True
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as unsent:
            unsent.connect((address, _ANY_PORT))
            return bool(unsent.getsockname()[0] == address)
    except OSError:  # no way there
        return False


_ANY_PORT = 9
