"""A table that is emptied and filled again in the same minute is read whole, or has no witness."""

from __future__ import annotations

from collections.abc import Sequence

import psycopg
import pytest
from sqlalchemy import make_url

from connectors.events import Answered
from tests.conformance import read
from tests.connectors.crm_fixture import Database
from tests.connectors.sql.reloads import (
    CREATE,
    NUMBERS,
    RELOAD,
    only_columns,
    read_while,
    reloading,
    whole,
)


@pytest.mark.parametrize("first", ["select 1", "select set_config('timezone', 'UTC', true)"])
def test_a_snapshot_older_than_its_lock_shows_the_table_empty(crm: Database, first: str) -> None:
    """The positive control: this is what the server does."""
    crm.execute(*CREATE)
    password, url = crm.password, make_url(crm.environ["CRM_URL"])
    with psycopg.connect(
        host=url.host, port=url.port, dbname="crm", user="reader", password=password
    ) as reader:
        reader.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        reader.execute(first.encode())
        with reloading(crm, *RELOAD):
            assert reader.execute("select count(*) from t").fetchone() == (0,)


def test_the_lock_comes_before_the_snapshot(crm: Database) -> None:
    crm.execute(*CREATE)
    with reloading(crm, *RELOAD):
        run = read(crm.sql("t"), "it", NUMBERS)
    assert whole(run, 7)
    assert len([a for a in run.of(Answered) if "count(*)" in a.what]) == 1, "in one snapshot"


def test_a_view_is_locked_with_all_that_it_reads(crm: Database) -> None:
    crm.execute(*CREATE, "create view v as select * from t")
    with reloading(crm, *RELOAD):
        run = read(crm.sql("v"), "it", NUMBERS)
    assert run.table.num_rows == 7


RELOADS = {
    "truncate and insert": ("t", CREATE, RELOAD),
    "drop and create": (
        "t",
        CREATE,
        (
            "begin",
            "drop table t",
            "create table t as select n from generate_series(1, 7) n",
            "revoke all on t from reader",
            "grant select (n) on t to reader",
            "commit",
        ),
    ),
    "swapped by name": (
        "t",
        (*CREATE, "create table u (n int)"),
        (
            "begin",
            "insert into u select generate_series(1, 7)",
            "alter table t rename to old",
            "alter table u rename to t",
            "commit",
        ),
    ),
    "a refreshed materialised view": (
        "m",
        (*CREATE, "create materialized view m as select * from t"),
        ("delete from t where n > 7", "refresh materialized view m"),
    ),
    "a truncated partition": (
        "p",
        (
            "create table p (n int) partition by range (n)",
            "create table p1 partition of p for values from (0) to (100)",
            "insert into p select generate_series(1, 10)",
        ),
        ("truncate p1", "insert into p select generate_series(1, 7)"),
    ),
    "a swapped partition": (
        "p",
        (
            "create table p (n int) partition by range (n)",
            "create table p1 partition of p for values from (0) to (100)",
            "insert into p select generate_series(1, 10)",
        ),
        (
            "begin",
            "create table p2 as select n from generate_series(1, 7) n",
            "alter table p detach partition p1",
            "alter table p attach partition p2 for values from (0) to (100)",
            "commit",
        ),
    ),
}


@pytest.mark.parametrize(
    ("table", "create", "reload"),
    RELOADS.values(),
    ids=[name.replace(" ", "_") for name in RELOADS],
)
def test_without_a_lock_a_replaced_table_is_read_in_a_new_snapshot(
    crm: Database, table: str, create: Sequence[str], reload: Sequence[str]
) -> None:
    crm.execute(*create)
    only_columns(crm, table)
    if "u (n" in " ".join(create):
        only_columns(crm, "u")
    run = read_while(crm, *reload, times=1, table=table)
    assert whole(run, 7), run.completed


def test_a_table_that_is_replaced_each_time_has_no_witness(crm: Database) -> None:
    crm.execute(*CREATE)
    only_columns(crm)
    completed = read_while(crm, *RELOAD, times=9).completed
    assert completed.witness is None
    assert completed.unwitnessed is not None
    assert "replaced each time while its lock was awaited" in completed.unwitnessed


@pytest.mark.parametrize("rewrite", ["vacuum full t", "cluster t using i"])
def test_a_rewrite_that_keeps_its_rows_is_read_again_as_well(crm: Database, rewrite: str) -> None:
    crm.execute(*CREATE, "create index i on t (n)")
    only_columns(crm)
    assert whole(read_while(crm, rewrite, times=1), 10)


def test_under_the_lock_nobody_can_empty_the_table(crm: Database) -> None:
    crm.execute(*CREATE)
    with pytest.raises(psycopg.errors.LockNotAvailable):
        read_while(crm, "set lock_timeout = 100", "truncate t", times=1)
