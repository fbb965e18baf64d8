"""Where a source's connections may go, judged by the address that each has reached; pure.

    request ─▶ is its host listed? ─▶ connect ─▶ what is the address reached? ─▶ TLS, credentials

A name may lead elsewhere at any moment (DNS rebinding), so what it was looked up as shows nothing.
The address of the connection itself does, and nothing is sent before it was judged. Behind a proxy
that address is the proxy's: there the host that we ask it for is judged as it is written.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias
from urllib.parse import urlsplit

from connectors.errors import SourceError

_Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""RFC 6052 2.1: an IPv4 address stands in its last 32 bits."""
_NOBODY = ipaddress.IPv4Network("0.0.0.0/8")
"""RFC 1122 3.2.1.3: this network, of which a system may make loopback."""
_METADATA = frozenset(
    map(
        ipaddress.ip_address,
        (
            "100.100.100.200",
            "168.63.129.16",
            "192.0.0.192",
            "fd00:ec2::23",
            "fd00:ec2::254",
            "fd20:ce::254",
        ),
    )
)
"""Where clouds hand out keys to whoever asks from inside, beside 169.254.0.0/16."""
_NAME = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*")
_METADATA_NAMES = frozenset(
    ("instance-data", "instance-data.ec2.internal", "metadata.goog", "metadata.google.internal")
)


class Reach(StrEnum):
    """The kind of network that an address is in."""

    LOOPBACK = "loopback"
    PRIVATE = "private"
    """RFC 1918, RFC 4193, RFC 6598 and all else that is not routed between networks."""
    PUBLIC = "public"


@dataclass(frozen=True, slots=True, kw_only=True)
class Egress:
    """Where one source's connections may go."""

    named: frozenset[str] = frozenset()
    """Hosts of the addresses that a pilot names; none where nobody lists hosts."""
    beside: frozenset[str] = frozenset()
    """Further names and addresses. Such an address is reached whatever network it is in."""
    reached: dict[str, Reach] = field(default_factory=dict)
    """By host, the kind of network of its first connection."""

    def require_host(self, url: str, *, what: str, setting: str) -> None:
        """SourceError for a request to a host that is not listed, or that is written as an address
        where nothing may be sent.
        """
        host = host_of(url)
        if self.named and host not in self.named and host not in self.beside:
            raise SourceError(
                f"{what}: {host} is not among the hosts of this source, nothing was sent: add it "
                "to hosts of Rest(…), if it belongs there"
            )
        address = written_address(host)
        why = _METADATA_WORD if host in _METADATA_NAMES else _forbidden(address)
        if why is not None and not self._is_listed(address):
            raise SourceError(f"{what}: {host} is {why}: {self._remedy(setting)}")

    def require_address(self, url: str, reached: str, *, what: str, setting: str) -> None:
        """SourceError for a connection to the host of `url` that has `reached` an address where
        nothing may be sent, or another kind of network than the first one did. `localhost` is this
        machine: without TLS nothing else says whom we speak to.
        """
        host, address = host_of(url), ipaddress.ip_address(reached)
        if self._is_listed(address):
            return
        led = f"{what}: {host} led to {reached}"
        if (why := _forbidden(address)) is not None:
            raise SourceError(f"{led}, {why}, nothing was sent: {self._remedy(setting)}")
        reach = reach_of(address)
        first = Reach.LOOPBACK if host == "localhost" else self.reached.setdefault(host, reach)
        if reach is not first:
            raise SourceError(
                f"{led}, a {reach} address, where a {first} one was: nothing was sent: ask who "
                f"changed its name service, and then {self._remedy(setting)}"
            )

    def _is_listed(self, address: _Address | None) -> bool:
        return address is not None and address in map(_address, self.beside)

    def _remedy(self, setting: str) -> str:
        listing = ", or name the address in hosts of Rest(…)" if self.named else ""
        return f"correct {setting}{listing}"


def require_hosts(hosts: Iterable[str]) -> None:
    """ValueError for one that is none, as a pilot lists them."""
    for host in hosts:
        if not _NAME.fullmatch(host) and _address(host) is None:
            raise ValueError(
                f"{host!r} is no host: write names and addresses in lower case, without scheme, "
                "port and path"
            )


def hosts_of(*urls: str | None) -> frozenset[str]:
    """The hosts of those addresses that there are."""
    return frozenset(host_of(url) for url in urls if url is not None)


def reach_of(address: _Address) -> Reach:
    """The kind of network that it is in.

    >>> reach_of(ipaddress.ip_address("::ffff:10.0.0.1"))
    <Reach.PRIVATE: 'private'>
    """
    address = _inner(address)
    if address.is_loopback:
        return Reach.LOOPBACK
    return Reach.PUBLIC if address.is_global else Reach.PRIVATE


def written_address(host: str) -> _Address | None:
    """The address that a host is written as, in any of the forms that name services take for one
    (`127.1`, `0x7f000001`, `2130706433`); None for a name.
    """
    if (address := _address(host)) is not None:
        return address
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host)) if host[:1].isdigit() else None
    except OSError:
        return None


_METADATA_WORD = "where a cloud keeps its machines' keys"


def _forbidden(address: _Address | None) -> str | None:
    """Why nothing is sent there; None where that is for the pilot to decide."""
    inner = None if address is None else _inner(address)
    if inner is None:
        return None
    if inner in _METADATA:
        return _METADATA_WORD
    kinds = {
        f"a link-local address, {_METADATA_WORD}": inner.is_link_local,
        "an address of no machine": inner in _NOBODY or inner.is_unspecified,
        "a multicast address": inner.is_multicast,
        "a reserved address": inner.is_reserved and not inner.is_loopback,  # ::1 is both
    }
    return next((kind for kind, is_one in kinds.items() if is_one), None)


def _address(text: str) -> _Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _inner(address: _Address) -> _Address:
    """The IPv4 address that an IPv6 one leads to, if it does; else the same."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = None if address.teredo is None else address.teredo[1]
    return address.ipv4_mapped or address.sixtofour or teredo or address


def host_of(url: str) -> str:
    """Of an address, without port, in lower case."""
    return (urlsplit(url).hostname or "").rstrip(".")
