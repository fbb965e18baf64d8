"""A COPY that is left, cancelled or over: the session and the reading stay what they were."""

from __future__ import annotations

import time

import pyarrow as pa
import pytest

from connectors.errors import SourceChanged, SourceUnavailable
from connectors.events import Answered, Completed
from connectors.sql.timeouts import Timeouts
from tests.conformance import Run, read
from tests.connectors.crm_fixture import CUSTOMERS, ROWS, WIDEN, Database

OURS = "from pg_stat_activity where usename = 'reader'"
KEYS = pa.schema([("customer_key", pa.int64())])


def test_a_session_that_ends_after_the_last_row_takes_no_row_away(crm: Database) -> None:
    """All of a small table has come with its first rows."""
    end = f"select pg_terminate_backend(pid) {OURS}"
    run = read(crm.sql(), "it", KEYS, after_first=lambda: crm.execute(end))
    assert run.completed.rows == ROWS
    assert run.completed.witness is not None


def test_a_reading_left_in_the_middle_stops_its_statement_and_keeps_the_session(
    crm: Database,
) -> None:
    crm.execute(WIDEN)
    with crm.sql().one_session() as connector:
        left = connector.read("it", schema=CUSTOMERS, emit=lambda _: None)
        left.read_next_batch()
        del left
        assert crm.scalar(f"select state {OURS}") == "idle"
        pid = crm.scalar(f"select pid {OURS}")
        assert read(connector, "it", KEYS).completed.rows == ROWS
        assert crm.scalar(f"select pid {OURS}") == pid


def test_a_view_that_computes_for_ever_is_stopped_when_its_reading_is_left(crm: Database) -> None:
    crm.execute(
        "create view slow as select n as customer_key from generate_series(1, 3000) n "
        "where n <= 1500 or pg_sleep(60) is not null"
    )
    reader = crm.sql("slow").read("it", schema=KEYS, emit=lambda _: None)
    first = reader.read_next_batch()
    assert 0 < first.num_rows <= 1500, "rows that have come do not wait for others"
    began = time.monotonic()
    del reader
    assert time.monotonic() - began < 10
    assert not crm.scalar(f"select count(*) {OURS} and state = 'active'")


def test_a_statement_may_send_rows_for_longer_than_it_may_be_silent(crm: Database) -> None:
    crm.execute(
        "create view steady as select n as customer_key, repeat('x', 9000) as name "
        "from generate_series(1, 30) n where pg_sleep(0.1) is not null"
    )
    steady = Timeouts(statement_seconds=1)
    assert read(crm.sql("steady", timeouts=steady), "it", CUSTOMERS).completed.rows == 30


def test_one_that_falls_silent_in_the_middle_is_cancelled(crm: Database) -> None:
    crm.execute(
        "create view silent as select n as customer_key, repeat('x', 9000) as name "
        "from generate_series(1, 30) n where n < 20 or pg_sleep(60) is not null"
    )
    run = Run()
    with pytest.raises(SourceUnavailable, match="57014"):
        read(crm.sql("silent", timeouts=Timeouts(statement_seconds=1)), "it", CUSTOMERS, into=run)
    assert run.batches
    assert not run.of(Completed)


def test_a_failure_in_the_middle_is_no_end_of_the_rows(crm: Database) -> None:
    """And quotes no value."""
    crm.execute(
        "create view failing as select n as customer_key, repeat('x', 9000) as name "
        "from generate_series(1, 2000) n where 1 / (n - 1999) < 2"
    )
    run = Run()
    with pytest.raises(SourceChanged, match=r"^SELECT customer_key, name .*: answered 22012"):
        read(crm.sql("failing"), "it", CUSTOMERS, into=run)
    assert not run.of(Completed)
    assert "22012" in {answer.status for answer in run.of(Answered)}


def test_a_row_that_is_larger_than_a_block_comes_alone(crm: Database) -> None:
    crm.execute(
        "create table wide (customer_key int8, name text)",
        "insert into wide select n, repeat('y', n * 3000000) from generate_series(1, 3) n",
    )
    table = read(crm.sql("wide"), "it", CUSTOMERS).table
    assert [len(name) for name in table["name"].to_pylist()] == [3_000_000, 6_000_000, 9_000_000]
