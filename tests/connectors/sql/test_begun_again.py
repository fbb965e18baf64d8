"""A reading that the server ended is begun again: whole, in a new snapshot, or not at all."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import psycopg
import pytest

from connectors.events import Authenticated, Refused, Waited
from connectors.sql.again import patience
from connectors.sql.timeouts import Timeouts
from estate.process import free_port
from harness.limits import Limits
from tests.connectors.crm_fixture import CREATE_CUSTOMERS, ROWS, WIDEN, Database, database
from tests.connectors.sql.taking import Taken, soon, take, times

PID = "(select pid from pg_stat_activity where usename = 'reader' and state <> 'idle')"
END = f"select pg_terminate_backend({PID})"
SLEEPING = "from pg_stat_activity where usename = 'reader' and wait_event = 'PgSleep'"


def test_a_session_that_was_ended_is_a_new_snapshot_and_nothing_of_the_old(
    crm: Database, tmp_path: Path
) -> None:
    """57P01. Between the two, most rows are deleted, and one is new."""
    crm.execute(WIDEN)

    def ended() -> None:
        crm.execute(
            "delete from customers where customer_key > 100",
            "insert into customers (customer_key, updated_at) values (-1, now())",
            END,
        )

    taken = take(crm.sql(patience=soon()), tmp_path, at_rows=times(1, ended))
    assert sorted(taken.keys) == [-1, *range(1, 101)]
    assert taken.whole.rows == 101
    assert taken.whole.witness is not None
    assert taken.whole.witness.declared == 101
    assert (taken.whole.retries, taken.whole.authentications) == (1, 2)
    (retried,) = taken.retried
    assert (retried.what, retried.attempt) == ("reading of customers", 2)
    assert re.search("57P01, the server or its owner ended the session|no answer", retried.why)


def test_so_it_is_in_one_session_and_the_next_reading_shares_the_new_one(
    crm: Database, tmp_path: Path
) -> None:
    crm.execute(WIDEN)
    with crm.sql(patience=soon()).one_session() as connector:
        first = take(connector, tmp_path, at_rows=times(1, lambda: crm.execute(END)))
        (tmp_path / "it.parquet").unlink()
        second = take(connector, tmp_path)
    assert (first.whole.rows, second.whole.rows) == (ROWS, ROWS)
    assert (first.whole.authentications, second.whole.authentications) == (2, 0)


def test_a_server_that_crashes_is_waited_for(tmp_path: Path) -> None:
    """A killed backend ends all others, and the server recovers; nobody is let in meanwhile."""
    with database() as crm:
        crm.execute(*CREATE_CUSTOMERS.split(";"), WIDEN, "grant select on customers to reader")
        crm.execute("checkpoint")
        kill = partial(_kill_its_backend, crm)
        taken = take(crm.sql(patience=patience()), tmp_path, at_rows=times(1, kill))
    assert taken.whole.rows == ROWS == len(set(taken.keys))
    assert taken.retried


def _kill_its_backend(crm: Database) -> None:
    os.kill(crm.scalar(f"select {PID}"), signal.SIGKILL)


def test_a_server_that_ends_every_session_is_left_alone_after_five(
    crm: Database, tmp_path: Path
) -> None:
    crm.execute(WIDEN)
    taken = take(crm.sql(patience=soon()), tmp_path, at_rows=times(99, lambda: crm.execute(END)))
    assert re.search("57P01|no answer", taken.failure)
    assert len(taken.retried) == 4
    assert not list(tmp_path.iterdir()), "nothing of any try is left"


def test_a_server_that_is_down_is_waited_for_and_left(crm: Database, tmp_path: Path) -> None:
    down = f"postgresql+psycopg://reader@127.0.0.1:{free_port()}/crm"
    taken = take(crm.sql(url=down, patience=soon(attempts=3)), tmp_path)
    assert "check that the server is up" in taken.failure
    assert len([event for event in taken.events if isinstance(event, Waited)]) == 2


def slow(crm: Database, tmp_path: Path) -> Taken:
    crm.execute("create view slow as select 1 as customer_key where pg_sleep(60) is null")
    limits = Timeouts(statement_seconds=0.2)
    return take(crm.sql("slow", timeouts=limits, patience=soon()), tmp_path)


def cancelled(crm: Database, tmp_path: Path) -> Taken:
    """By a person, while a statement runs."""
    crm.execute("create view slow as select 1 as customer_key where pg_sleep(60) is null")
    with ThreadPoolExecutor() as pool:
        taking = pool.submit(take, crm.sql("slow", patience=soon()), tmp_path)
        while not crm.scalar(f"select count(pg_cancel_backend(pid)) {SLEEPING}"):
            time.sleep(0.05)
        return taking.result()


def locked(crm: Database, tmp_path: Path) -> Taken:
    with psycopg.connect(crm.dsn) as other:
        other.execute("lock table customers in access exclusive mode")
        limits = Timeouts(lock_seconds=0.2)
        return take(crm.sql(timeouts=limits, patience=soon()), tmp_path)


def without_a_grant(crm: Database, tmp_path: Path) -> Taken:
    crm.execute("revoke select on customers from reader")
    return take(crm.sql(patience=soon()), tmp_path)


@pytest.mark.parametrize(
    ("end", "code"),
    [(slow, "57014"), (cancelled, "57014"), (locked, "55P03"), (without_a_grant, "42501")],
)
def test_what_would_load_the_server_again_in_vain_is_asked_once(
    crm: Database, tmp_path: Path, end: Callable[[Database, Path], Taken], code: str
) -> None:
    """Our own limits, and refusals."""
    taken = end(crm, tmp_path)
    assert code in taken.failure
    assert not taken.retried


def test_a_new_password_is_tried_once(crm: Database, tmp_path: Path) -> None:
    crm.execute(WIDEN)
    before = crm.refused_logins()
    change = f"alter role reader password 'another'; {END}"
    with crm.sql(patience=soon()).one_session() as connector:
        taken = take(connector, tmp_path, at_rows=times(1, lambda: crm.execute(change)))
        again = take(connector, tmp_path)
    crm.execute(f"alter role reader password '{crm.password}'")
    assert "28P01" in taken.failure
    assert "28P01" in again.failure
    assert crm.refused_logins() == before + 1
    assert len([event for event in taken.events if isinstance(event, Refused)]) == 1
    assert len([event for event in taken.events if isinstance(event, Authenticated)]) == 1


def test_a_reading_keeps_its_limits_over_all_tries(crm: Database, tmp_path: Path) -> None:
    """Rows count for one try, as the others are discarded; requests count for all."""
    crm.execute(WIDEN)
    alone = take(crm.sql(), tmp_path).whole
    (tmp_path / "it.parquet").unlink()
    ends = times(2, lambda: crm.execute(END))
    enough = Limits(free_disk=0, rows=ROWS, pages=3 * alone.attempts)
    assert take(crm.sql(patience=soon()), tmp_path, at_rows=ends, limits=enough).whole.rows == ROWS
    (tmp_path / "it.parquet").unlink()
    ends = times(2, lambda: crm.execute(END))
    less = Limits(free_disk=0, pages=alone.attempts)
    failure = take(crm.sql(patience=soon()), tmp_path, at_rows=ends, limits=less).failure
    assert "limits: {pages:" in failure


def test_a_server_has_time_to_start_again() -> None:
    """Five tries within half a minute or so, and no end by the length of the table."""
    policy = patience()
    ceilings = [
        min(policy.backoff_seconds * 2.0**n, policy.backoff_cap_seconds)
        for n in range(policy.attempts - 1)
    ]
    assert ceilings == [4, 8, 16, 30]
    assert policy.seconds == float("inf")
