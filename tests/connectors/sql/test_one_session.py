"""Several readings through one log-in to a real PostgreSQL."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from sqlalchemy import make_url

from connectors.capabilities import in_one_session
from connectors.errors import AccessDenied, SourceUnavailable
from connectors.events import Authenticated, Refused
from connectors.sql.timeouts import BRIEFLY, Timeouts
from tests.conformance import Run, keeps_the_seam, read
from tests.connectors.crm_fixture import (
    CREATE_CUSTOMERS,
    CUSTOMERS,
    ROWS,
    WIDEN,
    Database,
    database,
)
from tests.connectors.relay import relay

OURS = "from pg_stat_activity where application_name = 'seatrial'"


@pytest.fixture(scope="module")
def crm() -> Iterator[Database]:
    with database() as running:
        running.execute(
            "drop schema public cascade",
            "create schema public",
            "grant usage on schema public to reader",
            "alter default privileges in schema public grant select on tables to reader",
            *CREATE_CUSTOMERS.split(";"),
        )
        yield running


def none_is_left(crm: Database) -> None:
    """The server takes note of an end in its own time."""
    end = time.monotonic() + 20
    while crm.scalar(f"select count(*) {OURS}"):
        assert time.monotonic() < end
        time.sleep(0.02)


def log_ins(run: Run) -> int:
    return len(run.of(Authenticated))


def test_readings_share_one_log_in_which_ends_with_the_block(crm: Database) -> None:
    with in_one_session(crm.sql()) as connector:
        assert crm.scalar(f"select count(*) {OURS}") == 0, "it begins with the first reading"
        first, second = (read(connector, "it", CUSTOMERS) for _ in range(2))
        assert crm.scalar(f"select count(*) {OURS}") == 1
        assert crm.scalar(f"select max(state) {OURS}") == "idle", "no transaction stays open"
    assert (log_ins(first), log_ins(second)) == (1, 0)
    assert first.table.equals(second.table)
    none_is_left(crm)


def test_without_one_each_reading_logs_in_and_out(crm: Database) -> None:
    connector = crm.sql()
    assert [log_ins(read(connector, "it", CUSTOMERS)) for _ in range(2)] == [1, 1]
    none_is_left(crm)


def test_each_reading_keeps_the_seam_and_has_a_snapshot_of_its_own(crm: Database) -> None:
    with in_one_session(crm.sql()) as connector:
        before = read(connector, "it", CUSTOMERS).completed
        crm.execute("delete from customers where customer_key > 1")
        after = read(connector, "it", CUSTOMERS).completed
        crm.execute("delete from customers", *CREATE_CUSTOMERS.split(";")[1:])
    assert (before.rows, after.rows) == (ROWS, 1)
    assert after.witness is not None
    assert after.witness.declared == 1
    with in_one_session(crm.sql()) as connector:
        keeps_the_seam(connector, "it", CUSTOMERS, rows=ROWS, secrets=[crm.password])


def test_a_session_that_the_source_ended_is_begun_anew(crm: Database) -> None:
    with in_one_session(crm.sql()) as connector:
        read(connector, "it", CUSTOMERS)
        crm.execute(f"select pg_terminate_backend(pid) {OURS}")
        again = read(connector, "it", CUSTOMERS)
    assert log_ins(again) == 1
    assert again.completed.rows == ROWS


def test_a_reading_that_is_held_on_to_keeps_no_other_from_being_read(crm: Database) -> None:
    with in_one_session(crm.sql()) as connector:
        held = connector.read("it", schema=CUSTOMERS, emit=lambda _: None)
        assert read(connector, "it", CUSTOMERS).completed.rows == ROWS
    assert crm.scalar(f"select count(*) {OURS}") == 1
    del held
    none_is_left(crm)


def test_a_password_that_was_changed_meanwhile_is_refused(crm: Database) -> None:
    run = Run()
    with in_one_session(crm.sql()) as connector:
        read(connector, "it", CUSTOMERS)
        crm.execute(
            "alter role reader password 'another'", f"select pg_terminate_backend(pid) {OURS}"
        )
        with pytest.raises(AccessDenied, match="28P01"):
            read(connector, "it", CUSTOMERS, into=run)
    assert run.of(Refused) == [Refused(what="log-in", status="28P01")]
    crm.execute(f"alter role reader password '{crm.password}'")


def test_a_session_that_a_relay_lost_without_a_word_is_begun_anew(crm: Database) -> None:
    """The relay's kernel acknowledges what it is sent, and nobody answers."""
    with relay(make_url(crm.environ["CRM_URL"]).port or 0) as (port, lose):
        url = f"postgresql+psycopg://reader@127.0.0.1:{port}/crm"
        with in_one_session(crm.sql(url=url)) as connector:
            read(connector, "it", CUSTOMERS)
            lose()
            began = time.monotonic()
            again = read(connector, "it", CUSTOMERS)
    assert (log_ins(again), again.completed.rows) == (1, ROWS)
    assert time.monotonic() - began < BRIEFLY + 30, "and soon: it is asked, not waited for"


def test_an_answer_that_never_comes_ends_the_reading(crm: Database) -> None:
    with relay(make_url(crm.environ["CRM_URL"]).port or 0) as (port, lose):
        url = f"postgresql+psycopg://reader@127.0.0.1:{port}/crm"
        crm.execute(WIDEN)
        connector = crm.sql(url=url, timeouts=Timeouts(statement_seconds=0.5))
        reader = connector.read("it", schema=CUSTOMERS, emit=lambda _: None)
        reader.read_next_batch()
        reader.read_next_batch()
        lose()
        with pytest.raises(SourceUnavailable, match="no answer"):
            reader.read_all()


def test_a_peer_that_is_gone_is_seen_within_a_minute(crm: Database) -> None:
    """Between two readings a firewall may forget the session, and tells nobody."""
    with in_one_session(crm.sql()) as connector:
        read(connector, "it", CUSTOMERS)
        (kept,) = sockets_to(make_url(crm.environ["CRM_URL"]).port)
        with kept:
            assert kept.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
            silent, apart, count, unanswered = (
                kept.getsockopt(socket.IPPROTO_TCP, option)
                for option in (
                    socket.TCP_KEEPIDLE,
                    socket.TCP_KEEPINTVL,
                    socket.TCP_KEEPCNT,
                    socket.TCP_USER_TIMEOUT,
                )
            )
    assert silent + apart * count <= 60
    assert unanswered <= 60_000


def sockets_to(port: int | None) -> list[socket.socket]:
    """Our own connections to a port of this machine."""
    found = []
    for entry in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            one = socket.socket(fileno=os.dup(int(entry.name)))
            with closing(one):  # one that listens has no peer
                if one.getpeername()[1:] == (port,):
                    found.append(one.dup())
    return found
