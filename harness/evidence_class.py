"""What evidence from an endpoint is worth: as declared, but loopback is always simulated."""

from __future__ import annotations

import ipaddress
import socket
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
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return declared
    addresses = {ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found}
    return EvidenceClass.SIMULATED if any(a.is_loopback for a in addresses) else declared
