"""The password goes once to a server that proves itself, and is shown nowhere."""

from __future__ import annotations

import logging
import socket
import struct
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from connectors.errors import AccessDenied, SourceError
from connectors.events import Authenticated, Refused
from connectors.secrets import Secret
from connectors.sql.connector import Sql
from tests.accepting import accepting
from tests.conformance import Run, read
from tests.connectors.crm_fixture import CUSTOMERS, ROWS, Database


@contextmanager
def asking_in_clear() -> Iterator[tuple[int, list[bytes]]]:
    """A server that asks for the password in clear: its port, and all that it was shown."""
    shown: list[bytes] = []
    asks = b"R" + struct.pack("!II", 8, 3)

    def talk(peer: socket.socket) -> None:
        shown.append(peer.recv(4096))
        if shown[-1][4:8] == struct.pack("!I", 80877103):  # SSLRequest
            peer.sendall(b"N")
            shown.append(peer.recv(4096))
        peer.sendall(asks)
        shown.append(peer.recv(4096))

    with accepting(talk) as port:
        yield port, shown


def read_or_refused(connector: Sql) -> Run:
    run = Run()
    with suppress(AccessDenied):
        read(connector, "it", CUSTOMERS, into=run)
    return run


def until(true: Callable[[], bool]) -> None:
    """The server takes a new setting in its own time."""
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_wrong_password_is_tried_once(crm: Database) -> None:
    before = crm.refused_logins()
    run = Run()
    wrong = crm.sql(password=Secret("env:CRM_PASSWORD", "wrong-canary"))
    with pytest.raises(AccessDenied, match="28P01, the password was refused: correct") as caught:
        read(wrong, "it", CUSTOMERS, into=run)
    assert crm.refused_logins() == before + 1
    assert [(event.what, event.status) for event in run.events] == [("log-in", "28P01")]
    assert "wrong-canary" not in "".join(traceback.format_exception(caught.value))


def test_the_password_is_in_no_log_event_error_or_repr(
    crm: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    run = read(crm.sql(), "it", CUSTOMERS)
    said = [caplog.text, repr(run.events), repr(crm.sql())]
    crm.execute("revoke select on customers from reader")
    with pytest.raises(SourceError) as caught:
        read(crm.sql(), "it", CUSTOMERS)
    said.append("".join(traceback.format_exception(caught.value)))
    assert not [text for text in said if crm.password in text]


def test_a_password_is_shown_to_no_server_that_asks_for_it_in_clear(crm: Database) -> None:
    run = Run()
    with asking_in_clear() as (port, shown):
        url = f"postgresql+psycopg://reader@127.0.0.1:{port}/crm"
        with pytest.raises(AccessDenied, match="no SCRAM, the password was not sent: ask for"):
            read(crm.sql(url=url), "it", CUSTOMERS, into=run)
    assert shown
    assert crm.password.encode() not in b"".join(shown)
    assert run.events == []


def test_beyond_this_machine_nothing_is_sent_to_a_server_that_does_not_prove_its_name(
    crm: Database,
) -> None:
    """0.0.0.0 is no loopback address, and leads to one."""
    before = crm.log.read_text().count("connection authenticated")
    url = crm.environ["CRM_URL"].replace("127.0.0.1", "0.0.0.0")
    for stricter in ("", "?sslmode=verify-full", "?sslrootcert=/nowhere"):
        with pytest.raises(AccessDenied, match="no proven certificate, nothing was sent: ask"):
            read(crm.sql(url=url + stricter), "it", CUSTOMERS)
    assert crm.log.read_text().count("connection authenticated") == before


def test_a_server_that_asks_for_no_password_has_authenticated_nobody(crm: Database) -> None:
    rules = Path(crm.scalar("show hba_file"))
    before = rules.read_text()
    try:
        rules.write_text(f"host all reader 127.0.0.1/32 trust\n{before}")
        crm.execute("select pg_reload_conf()")
        wrong = crm.sql(password=Secret("env:CRM_PASSWORD", "wrong"))
        until(lambda: not read_or_refused(wrong).of(Refused))
        run = read(wrong, "it", CUSTOMERS)
    finally:
        rules.write_text(before)
        crm.execute("select pg_reload_conf()")
        until(lambda: bool(read_or_refused(wrong).of(Refused)))
    assert run.completed.rows == ROWS
    assert not run.of(Authenticated)


def test_the_endpoint_names_the_system_and_nobody_in_it(crm: Database) -> None:
    port = crm.environ["CRM_URL"].split(":")[-1]
    assert crm.sql().endpoint == f"postgresql://127.0.0.1:{port}"
