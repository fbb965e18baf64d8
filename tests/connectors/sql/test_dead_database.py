"""What fifty datasets of one database ask of it when it is down."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from bench.outage import Time
from connectors.sql.again import patience
from harness.facts import Failure
from harness.run.circuit_breaker import OpenCircuit, break_circuit
from tests.accepting import accepting
from tests.connectors.crm_fixture import Database
from tests.connectors.sql.taking import Taken, take
from tests.golden.facts import READING

ALL = 50
MOST = 1.2 * ALL + 10


@contextmanager
def hanging_up() -> Iterator[tuple[int, list[None]]]:
    """A server that takes every connection and ends it, as a proxy before a dead database does:
    its port, and one for each connection.
    """
    taken: list[None] = []

    with accepting(lambda _: taken.append(None)) as port:
        yield port, taken


def a_night(crm: Database, port: int, time: Time, into: Path) -> list[Taken]:
    policy = replace(patience(), monotonic=time.monotonic, sleep=time.sleep)
    url = f"postgresql+psycopg://reader@127.0.0.1:{port}/crm"
    with crm.sql(url=url, patience=policy).one_session() as session:
        return [take(session, into) for _ in range(ALL)]


def test_a_dead_database_is_asked_a_few_times_by_all_datasets_together(
    crm: Database, tmp_path: Path
) -> None:
    time = Time()
    with hanging_up() as (port, connections):
        night = a_night(crm, port, time, tmp_path)
    assert len(connections) <= 30 < MOST, "with TLS and without, thirteen times"
    assert time.now > 70, "it had time to come back"
    assert "this source is not asked again in this run" in night[-1].failure
    assert "check that the server is up" in night[-1].failure


def test_a_table_that_is_too_slow_says_nothing_of_the_others(
    crm: Database, tmp_path: Path
) -> None:
    """The server answered: it has taken too long, by our own limit."""
    crm.execute("create view slow as select 1 as customer_key where pg_sleep(60) is null")
    time = Time()
    policy = replace(patience(), monotonic=time.monotonic, sleep=time.sleep)
    timeouts = replace(crm.sql().timeouts, statement_seconds=0.1)
    connector = crm.sql("slow", patience=policy, timeouts=timeouts)
    for _ in range(6):
        assert "57014" in take(connector, tmp_path).failure
    assert time.now == 0, "nobody waited"


def test_tables_that_are_locked_close_no_source(crm: Database) -> None:
    """Nor do six of them in a row; a refused log-in does."""
    locked = replace(
        READING, declared=None, failure=Failure(kind="SourceUnavailable", message="55P03")
    )
    connector = crm.sql()
    assert break_circuit(connector, [locked] * 6) is connector
    refused = replace(
        locked, authentications=0, failure=Failure(kind="AccessDenied", message="28P01")
    )
    assert isinstance(break_circuit(connector, [*[locked] * 6, refused]), OpenCircuit)
