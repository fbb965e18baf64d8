"""A standby ends what its replay conflicts with, and the reading is begun again."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy.exc import DBAPIError

from connectors.sql.sqlstate import SnapshotLost, statement_failure
from tests.connectors.crm_fixture import CREATE_CUSTOMERS, ROWS, WIDEN, Database
from tests.connectors.sql.standby import in_conflict, primary_and_standby, replayed
from tests.connectors.sql.taking import soon, take, times


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[Database, Database]]:
    with primary_and_standby() as both:
        yield both


@pytest.fixture
def pair(servers: tuple[Database, Database]) -> tuple[Database, Database]:
    """Both with the table as new."""
    primary, standby = servers
    primary.execute("drop table customers cascade", *CREATE_CUSTOMERS.split(";"), WIDEN)
    replayed(primary, standby)
    return servers


def test_a_conflict_with_the_replay_is_a_new_snapshot(
    pair: tuple[Database, Database], tmp_path: Path
) -> None:
    primary, standby = pair

    def conflict() -> None:
        primary.execute("delete from customers where customer_key > 20000", "vacuum customers")
        in_conflict(primary, standby)

    taken = take(standby.sql(patience=soon()), tmp_path, at_rows=times(1, conflict))
    assert taken.whole.rows == 20_000 < ROWS
    assert taken.whole.witness is not None
    assert taken.whole.witness.declared == 20_000
    (retried,) = taken.retried
    assert re.search("40001, the snapshot could not be kept|replay ended it", retried.why)


def test_so_is_one_that_meets_a_running_statement(
    pair: tuple[Database, Database], tmp_path: Path
) -> None:
    primary, standby = pair
    primary.execute(
        "create view slow as select customer_key from customers "
        "where customer_key <= 6000 and pg_sleep(0.0005) is not null"
    )
    primary.execute("grant select on slow to reader")
    replayed(primary, standby)

    def conflict() -> None:
        primary.execute("delete from customers where customer_key > 3000", "vacuum customers")

    later = threading.Timer(0.5, conflict)
    taken = take(standby.sql("slow", patience=soon()), tmp_path, at_rows=times(1, later.start))
    later.join()
    assert len(taken.retried) == 1
    assert taken.whole.rows == 3_000


@pytest.mark.parametrize(
    ("function", "again"),
    [("ProcessRecoveryConflictInterrupt", True), ("ProcessInterrupts", False)],
)
def test_servers_that_answer_57014_are_told_from_a_time_out_by_their_function(
    function: str, *, again: bool
) -> None:
    """Its name is in no language."""
    by_server = SimpleNamespace(sqlstate="57014", diag=SimpleNamespace(source_function=function))
    error = DBAPIError("SELECT", {}, by_server)  # type: ignore[arg-type]
    assert isinstance(statement_failure("SELECT", error), SnapshotLost) is again
