"""A password that is refused is shown once: no other address, mode, dataset or probe tries it."""

from __future__ import annotations

import socket
import ssl
import struct
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
import trustme

from connectors.errors import AccessDenied, SourceError
from connectors.secrets import Secret
from connectors.sql.connector import Sql
from estate import crm as estate_crm
from estate import postgresql
from tests.accepting import accepting
from tests.connectors.crm_fixture import CUSTOMERS, Database
from tests.connectors.sql.taking import take

WRONG = Secret("env:CRM_PASSWORD", "wrong-canary")
TWO_ADDRESSES = [("127.0.0.1", 0), ("127.0.0.2", 0)]


def refused(crm: Database, action: Callable[[], object]) -> int:
    """How many passwords the server refuses meanwhile."""
    before = crm.refused_logins()
    with suppress(SourceError, psycopg.OperationalError):
        action()
    return crm.refused_logins() - before


def read(connector: Sql) -> None:
    connector.read("it", schema=CUSTOMERS, emit=lambda _: None).read_all()


def test_probe_log_in_description_and_readings_share_one_try(
    crm: Database, tmp_path: Path
) -> None:
    connector = crm.sql(password=WRONG, stranger_allowed=True)

    def whole_run() -> None:
        strangers = [probe for probe in connector.probe(emit=lambda _: None) if probe.refused]
        assert len(strangers) == 2, "they have names of their own"
        with connector.one_session() as session:
            for _ in range(3):
                assert "28P01, the password was refused" in take(session, tmp_path).failure
        for ask in (connector.log_in, lambda *, emit: connector.describe("it", emit=emit)):
            with pytest.raises(AccessDenied, match="28P01"):
                ask(emit=lambda _: None)

    assert refused(crm, whole_run) == 2, "one of ours, one of the stranger"


def test_a_refusal_that_is_not_about_the_log_in_stops_no_other_table(crm: Database) -> None:
    """The control: the other table is read."""
    crm.execute("create table closed (customer_key int8)", "revoke all on closed from reader")
    connector = replace(crm.sql(), tables={"it": "customers", "closed": "closed"})
    with connector.one_session() as session:
        with pytest.raises(AccessDenied, match="42501"):
            session.read("closed", schema=CUSTOMERS, emit=lambda _: None).read_all()
        read(session)


@pytest.fixture
def two_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name with two addresses, as localhost has them where there is IPv6."""

    def both(_host: object, port: object, **_: object) -> list[object]:
        kind = (socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "")
        return [(*kind, (address, port)) for address, _ in TWO_ADDRESSES]

    monkeypatch.setattr(socket, "getaddrinfo", both)


@pytest.mark.usefixtures("two_addresses")
def test_the_second_address_of_a_name_is_not_tried_with_a_refused_password() -> None:
    with serving({"listen_addresses": "127.0.0.1,127.0.0.2"}) as crm:
        url = crm.environ["CRM_URL"].replace("127.0.0.1", "localhost")
        port = url.rpartition(":")[2].partition("/")[0]
        alone = f"host=localhost port={port} dbname=crm user=reader password=wrong"
        assert refused(crm, lambda: psycopg.connect(alone)) == 2, "the driver alone tries both"
        assert refused(crm, lambda: read(crm.sql(url=url, password=WRONG))) == 1
        crm.sql(url=url).log_in(emit=lambda _: None)


@pytest.mark.usefixtures("two_addresses")
def test_it_is_tried_where_nobody_answers_at_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{__name__}.TWO_ADDRESSES", TWO_ADDRESSES[::-1])
    with serving({}) as crm:
        url = crm.environ["CRM_URL"].replace("127.0.0.1", "localhost")
        crm.sql(url=url).log_in(emit=lambda _: None)


def test_a_refused_password_is_not_shown_again_without_tls(crm: Database) -> None:
    """On this machine the driver prefers TLS, and tries without it whatever was refused."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with refusing("password authentication failed", tls=context) as (port, asked):
        url = f"postgresql+psycopg://reader@127.0.0.1:{port}/crm"
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(f"{url.replace('+psycopg', '')}?sslmode=prefer", password="wrong")
        assert len(asked) == 2, "the driver alone"
        for mode in ("", "?sslmode=prefer", "?sslmode=allow"):
            asked.clear()
            with pytest.raises(AccessDenied, match="28P01"):
                read(crm.sql(url=f"{url}{mode}"))
            assert len(asked) == 1, mode


def test_a_refusal_in_another_language_is_one_try_and_no_proof(crm: Database) -> None:
    """The words of a refused log-in are the server's, and libpq passes no code on."""
    with refusing("Passwort-Authentifizierung fehlgeschlagen") as (port, asked):
        url = f"postgresql+psycopg://reader@127.0.0.1:{port}/crm"
        connector = crm.sql(url=url, stranger_allowed=True)
        for _ in range(3):
            with pytest.raises(AccessDenied, match="asked for the password, and then let us not"):
                read(connector)
        assert asked == ["reader"]
        assert [probe.refused for probe in connector.probe(emit=lambda _: None)] == [False, False]


@pytest.mark.parametrize(
    "words",
    ['role "reader" does not exist', 'Peer authentication failed for user "reader"'],
)
def test_so_is_one_in_other_words(crm: Database, tmp_path: Path, words: str) -> None:
    with refusing(f"password-less: {words}") as (port, asked):
        url = f"postgresql+psycopg://reader@127.0.0.1:{port}/crm"
        taken = take(crm.sql(url=url), tmp_path)
    assert (
        "28000, this user may not log in from here: correct the user in url of Sql(…)"
        in taken.failure
    )
    assert not taken.retried
    assert len(asked) == 1


def test_a_host_name_that_nobody_knows_is_said_so_and_not_tried_again(
    crm: Database, tmp_path: Path
) -> None:
    nobody = ".".join(["shop" * 12] * 6)  # over 255 bytes: no name server is asked
    nowhere = crm.sql(url=f"postgresql+psycopg://reader@{nobody}/crm")
    taken = take(nowhere, tmp_path)
    assert f"no host is called {nobody}: correct url of Sql(…)" in taken.failure
    assert not taken.retried


@contextmanager
def serving(settings: Mapping[str, str]) -> Iterator[Database]:
    """A server of its own, with settings of its own."""
    with tempfile.TemporaryDirectory(prefix="st-") as name:
        base = Path(name)
        base.chmod(0o711)
        server = estate_crm.start(base, settings={**postgresql.SETTINGS, **settings})
        try:
            yield Database(environ=server.environ, dsn=server.admin["dsn"], log=base / "crm.log")
        finally:
            server.stop()


@contextmanager
def refusing(words: str, *, tls: ssl.SSLContext | None = None) -> Iterator[tuple[int, list[str]]]:
    """A server that asks for a password by SCRAM and then refuses it in its own words: its port,
    and the users that were asked.
    """
    asked: list[str] = []
    asks = _message(b"R", struct.pack("!I", 10) + b"SCRAM-SHA-256\0\0")
    severity = "FATAL" if words.startswith("password") else "SCHWERWIEGEND"
    answer = f"S{severity}\0VFATAL\0C28P01\0M{words}\0\0".encode()

    def greet(peer: socket.socket) -> None:
        first = peer.recv(4096)
        if first[4:8] != struct.pack("!I", 80877103):  # SSLRequest
            talk(peer, first)
        elif tls is None:
            peer.sendall(b"N")
            talk(peer, peer.recv(4096))
        else:
            peer.sendall(b"S")
            with tls.wrap_socket(peer, server_side=True) as private:
                talk(private, private.recv(4096))

    def talk(peer: socket.socket, first: bytes) -> None:
        if first:
            asked.append(first[8:].split(b"\0")[1].decode())
            peer.sendall(asks)
            peer.recv(4096)
            peer.sendall(_message(b"E", answer))

    with accepting(greet) as port:
        yield port, asked


def _message(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!I", len(body) + 4) + body
