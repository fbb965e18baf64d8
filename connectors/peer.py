"""Whom a connection has reached: what is told of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """Who is at the other end of a connection.

    >>> Peer(host="shop.example", address="198.51.100.7").proxy is None
    True
    """

    host: str
    """As the request names it, without the port."""
    address: str
    """IPv4 or IPv6, of the connection itself and not of a look-up; behind a proxy the proxy's,
    which alone knows the other one."""
    proxy: str | None = None
    """`host:port` of the proxy that the pilot names, if the connection goes through one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """A connection was made. Nothing was sent yet, and nothing is if its address is refused.

    >>> Connected(peer=Peer(host="shop.example", address="198.51.100.7")).peer.host
    'shop.example'
    """

    peer: Peer


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """Whom the connections of one reading reached, and what came from there."""

    peer: Peer
    connections: int
    bytes: int
    """Of the bodies of its answers, unpacked."""
