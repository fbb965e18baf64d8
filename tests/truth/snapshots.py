"""Kind 3: a table is replaced while it is read, or its count is as blind as its rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pyarrow as pa
from sqlalchemy import make_url

from connectors.events import Emit
from connectors.sql.connector import Sql
from harness.verdict import Outcome, Verdict
from tests.connectors.crm_fixture import Database
from tests.connectors.sql.reloads import CREATE, RELOAD, only_columns, reloading
from tests.truth.situation import NUMBER, Ground, Situation, contract, proven

HELD = contract("it", {"n": NUMBER})
PARTITIONED = (
    "create table t (n int) partition by range (n)",
    "create table t1 partition of t for values from (0) to (100)",
    "insert into t select generate_series(1, 10)",
)


@dataclass(frozen=True, kw_only=True)
class ReloadedMeanwhile(Sql):
    """Its table is emptied and filled by another session, which commits when we wait for it."""

    owner: Database

    def read(self, dataset: str, *, schema: pa.Schema, emit: Emit) -> pa.RecordBatchReader:
        with reloading(self.owner, *RELOAD):
            return Sql.read(self, dataset, schema=schema, emit=emit)


def _reloaded(database: Database) -> Sql:
    sql = database.sql("t")
    return ReloadedMeanwhile(url=sql.url, password=sql.password, tables=sql.tables, owner=database)


def _as_it_is(database: Database) -> Sql:
    return replace(database.sql("t"))


def _with_columns_only(database: Database) -> Sql:
    only_columns(database)
    return _reloaded(database)


def _beside_a_foreign_part(database: Database) -> Sql:
    url = make_url(database.environ["CRM_URL"])
    database.execute(
        "create table elsewhere (n int)",
        "create extension if not exists postgres_fdw",
        "drop server if exists there cascade",
        "create server there foreign data wrapper postgres_fdw "
        f"options (host '127.0.0.1', port '{url.port}', dbname 'crm')",
        "create user mapping for reader server there "
        f"options (user 'reader', password '{database.password}')",
        "create foreign table far partition of t for values from (100) to (200) "
        "server there options (table_name 'elsewhere')",
    )
    return database.sql("t")


def _children_by_columns_only(database: Database) -> Sql:
    only_columns(database)
    return database.sql("t")


def _situation(
    name: str, right: Outcome, create: tuple[str, ...], connect: Callable[[Database], Sql]
) -> Situation:
    def judge(ground: Ground) -> Verdict:
        database = ground.postgresql
        database.execute(
            "drop view if exists t_rows", "drop table if exists t, elsewhere cascade", *create
        )
        return proven(ground, connect(database), HELD, claim="complete")

    return Situation(
        kind=3, source="PostgreSQL", name=name, claim="complete", right=right, judge=judge
    )


def _view(database: Database) -> Sql:
    database.execute("create view t_rows as select * from t where n < 6")
    return database.sql("t_rows")


SITUATIONS = (
    _situation("a table as it is", Outcome.PROVEN, CREATE, _as_it_is),
    _situation("truncated and filled in the same minute", Outcome.PROVEN, CREATE, _reloaded),
    _situation("the same, read by rights on columns", Outcome.PROVEN, CREATE, _with_columns_only),
    _situation("truncated and not filled", Outcome.BROKEN, CREATE[:1], _as_it_is),
    _situation("a view that hides rows", Outcome.UNPROVEN, CREATE, _view),
    _situation(
        "row security for our role",
        Outcome.UNPROVEN,
        (
            *CREATE,
            "alter table t enable row level security",
            "create policy few on t for select using (n < 6)",
        ),
        _as_it_is,
    ),
    _situation(
        "row security on a partition",
        Outcome.UNPROVEN,
        (*PARTITIONED, "alter table t1 enable row level security"),
        _as_it_is,
    ),
    _situation("partitions", Outcome.PROVEN, PARTITIONED, _as_it_is),
    _situation(
        "a partition on another server", Outcome.UNPROVEN, PARTITIONED, _beside_a_foreign_part
    ),
    _situation(
        "inheritance children, read by rights on columns",
        Outcome.UNPROVEN,
        (*CREATE, "create table t1 () inherits (t)"),
        _children_by_columns_only,
    ),
)
