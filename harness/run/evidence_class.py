"""What evidence from an endpoint is worth: this machine is simulated, others are as declared."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from urllib.parse import urlsplit

from harness.facts import EvidenceClass


def of(endpoint: str, declared: EvidenceClass) -> EvidenceClass:
    """SIMULATED if the endpoint's host is this machine or it has no host, else `declared`.

    A name counts as the addresses that it resolves to. A name that does not resolve keeps what
    was declared: nothing can be read from it.
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
    """The class of evidence that rests on all of them."""
    return min(classes, key=list(EvidenceClass).index)


def _is_here(family: int, address: str) -> bool:
    """Whether packets to `address` would stay on this machine; none is sent."""
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
