"""Nothing is sent to an address that leads inside, whatever a name, a link or a proxy says."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import SourceError, SourceUnavailable
from connectors.events import Answered, Event
from connectors.http.egress import (
    Egress,
    Reach,
    host_of,
    reach_of,
    require_hosts,
    written_address,
)
from connectors.http.exchange import Connection
from connectors.http.messages import Limits, Request
from connectors.peer import Connected, Peer
from tests.connectors.http.raw_server import BODY, canary, head, length, says, serving
from tests.connectors.proxy_fixture import Passage
from tests.connectors.scripted import Scripted
from tests.connectors.vendor_fixture import plenty

_SCHEMA = pa.schema([("key", pa.int64())])
SETTING = "base_url of Rest(…)"
INSIDE = {
    "169.254.169.254": "link-local",
    "fe80::1%eth0": "link-local",
    "::ffff:224.0.0.1": "multicast",
    "64:ff9b::e000:1": "multicast",
    "2002:e000:1::1": "multicast",
    "100.100.100.200": "keys",
    "168.63.129.16": "keys",
    "fd00:ec2::254": "keys",
    "0.0.0.0": "no machine",
    "0.1.2.3": "no machine",
    "::": "no machine",
    "224.0.0.1": "multicast",
    "ff02::1": "multicast",
    "255.255.255.255": "reserved",
}
WRITTEN = [
    "https://169.254.169.254/latest",
    "https://[fe80::1]/",
    "https://[::ffff:e000:1]/",
    "https://3758096385/",
    "https://0xe0000001/",
    "https://0340.0.0.01/",
    "https://224.1/",
    "https://metadata.google.internal/",
    "https://METADATA.google.internal./",
    "https://0.0.0.0/",
]


def reaches(address: str, *, host: str = "shop.example", egress: Egress | None = None) -> None:
    (egress or Egress()).require_address(
        f"https://{host}/1", address, what="GET shop.example:443/1", setting=SETTING
    )


@pytest.mark.parametrize("address", INSIDE)
def test_n04_a_name_that_leads_inside_is_refused_by_the_address_reached(address: str) -> None:
    with pytest.raises(SourceError) as raised:
        reaches(address)
    assert INSIDE[address] in str(raised.value)
    assert "nothing was sent: correct base_url of Rest(…)" in str(raised.value)
    assert not isinstance(raised.value, SourceUnavailable)  # it is not tried again


@pytest.mark.parametrize("address", INSIDE)
def test_n04_an_address_that_the_pilot_lists_is_reached(address: str) -> None:
    """Guard off."""
    reaches(address, egress=Egress(beside=frozenset({address})))


@pytest.mark.parametrize("first", ["8.8.8.8", "10.1.2.3", "127.0.0.1"])
def test_n04_a_name_stays_in_the_kind_of_network_where_it_was(first: str) -> None:
    """A private estate is read as well as a public one: what is refused is the change."""
    egress = Egress()
    reaches(first, egress=egress)
    reaches(first, egress=egress)
    for other in ("9.9.9.9", "192.168.1.1", "127.8.8.8"):
        if reach_of(ipaddress.ip_address(other)) is reach_of(ipaddress.ip_address(first)):
            reaches(other, egress=egress)
        else:
            with pytest.raises(SourceError, match="ask who changed its name service"):
                reaches(other, egress=egress)


def test_localhost_is_this_machine() -> None:
    """Without TLS nothing else says so."""
    reaches("127.0.0.1", host="localhost")
    with pytest.raises(SourceError, match="a public address, where a loopback one was"):
        reaches("8.8.8.8", host="localhost")


@given(st.ip_addresses())
def test_each_address_is_of_one_kind_or_refused(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    egress = Egress()
    try:
        reaches(str(address), egress=egress)
    except SourceError:
        assert not egress.reached
        assert not (address.is_global and address.version == 4 and not address.is_multicast) or (
            str(address) == "168.63.129.16"
        )
    else:
        assert egress.reached == {"shop.example": reach_of(address)}


@pytest.fixture
def shop_is_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name service of this machine gives the name of a public shop to loopback."""
    real: Callable[..., object] = socket.getaddrinfo

    def look_up(host: str | bytes, *more: object, **named: object) -> object:
        is_shop = host in ("shop.example", b"shop.example")
        return real("127.0.0.1" if is_shop else host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


def ask(url: str, egress: Egress) -> list[Event]:
    """What was told of a request that holds a canary."""
    events: list[Event] = []
    with (
        Connection(
            ca_file=None,
            budget=plenty(),
            limits=Limits(seconds=3),
            emit=events.append,
            setting=SETTING,
            egress=egress,
        ) as line,
        suppress(SourceUnavailable),
    ):  # a canary answers nobody
        line.exchange(Request(url=url, headers={"authorization": "Bearer canary"}))
    return events


@pytest.mark.usefixtures("shop_is_here")
def test_n04_a_public_name_that_turns_to_this_machine_gets_not_one_byte() -> None:
    with canary() as (port, heard):
        egress = Egress(reached={"shop.example": Reach.PUBLIC})
        with pytest.raises(SourceError, match="a loopback address, where a public one was"):
            ask(f"https://shop.example:{port}/1", egress)
    assert not any(heard)


@pytest.mark.usefixtures("shop_is_here")
def test_n04_without_its_history_the_name_is_spoken_to() -> None:
    """Guard off: the same connection, and TLS begins on it."""
    with canary() as (port, heard):
        events = ask(f"https://shop.example:{port}/1", Egress())
    assert heard[0][:1] == b"\x16"  # RFC 8446 5.1: a handshake record
    assert events == [Connected(peer=Peer(host="shop.example", address="127.0.0.1"))]


@pytest.mark.parametrize("url", WRITTEN)
def test_an_address_that_leads_inside_is_not_even_connected_to(url: str) -> None:
    egress = Egress()
    with pytest.raises(SourceError, match="correct base_url of Rest"):
        egress.require_host(url, what="GET it", setting=SETTING)


@pytest.mark.parametrize("url", WRITTEN)
def test_what_the_pilot_lists_is_connected_to_as_it_is_written(url: str) -> None:
    """Guard off."""
    host = host_of(url)
    listed = written_address(host) or host
    Egress(beside=frozenset({str(listed)})).require_host(url, what="GET it", setting=SETTING)


def test_a_pilot_whose_hosts_are_none_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="is no host: write names and addresses"):
        Scripted(url="https://shop.example").rest(hosts=("https://login.example",))


@pytest.mark.parametrize("url", ["https://169.254.169.254", "https://metadata.google.internal"])
def test_a_proxy_is_not_asked_for_what_leads_inside(gate: Passage, url: str) -> None:
    """Behind a proxy no address is seen: the host is judged as it is written."""
    events: list[Event] = []
    rest = Scripted(url=url).rest(proxy=gate.proxy())
    with pytest.raises(SourceError, match="where a cloud keeps its machines' keys"):
        rest.read("parts", schema=_SCHEMA, emit=events.append)
    assert (gate.heads, events) == ([], [])


def test_n19_the_proxy_that_the_pilot_names_is_recorded(
    gate: Passage, vendor: Scripted, ca_file: Path
) -> None:
    """Its address is the one reached: it alone knows the source's."""
    events: list[Event] = []
    rest = vendor.rest(proxy=gate.proxy(), ca_file=ca_file)
    rest.read("parts", schema=_SCHEMA, emit=events.append).read_all()
    peer = Peer(host="127.0.0.1", address="127.0.0.1", proxy=gate.url.partition("//")[2])
    assert {event.peer for event in events if isinstance(event, Connected)} == {peer}


def test_a_host_that_is_not_listed_gets_no_connection() -> None:
    """The log-in of another host is named in the pilot twice: where it is, and that it may be."""
    with canary() as (port, heard):
        url = f"http://127.0.0.1:{port}/token"
        egress = Egress(named=frozenset({"shop.example"}))
        with pytest.raises(SourceError, match="add it to hosts of Rest"):
            ask(url, egress)
        assert heard == []
        ask(url, Egress(named=frozenset({"shop.example"}), beside=frozenset({"127.0.0.1"})))
    assert b"Bearer canary" in heard[0]


@pytest.mark.parametrize("host", ["", "https://x", "x:443", "x/y", "X.example", "u@x", "x."])
def test_what_is_no_host_is_not_listed(host: str) -> None:
    with pytest.raises(ValueError, match="is no host: write names and addresses"):
        require_hosts([host])


def test_who_was_reached_is_told_once_for_each_connection() -> None:
    events: list[Event] = []
    with (
        serving(says(head(length(BODY)), BODY)) as url,
        Connection(
            ca_file=None, budget=plenty(), limits=Limits(), emit=events.append
        ) as connection,
    ):
        connection.exchange(Request(url=url))
        connection.exchange(Request(url=url))  # the server has closed the first
    here = Peer(host="127.0.0.1", address="127.0.0.1")
    assert [e for e in events if isinstance(e, Connected)] == [Connected(peer=here)] * 2
    assert [e.peer for e in events if isinstance(e, Answered)] == [here] * 2
