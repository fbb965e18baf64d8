"""What a table's count proves when the table has parts: partitions, children, foreign ones."""

from __future__ import annotations

import pyarrow as pa
import pytest
from sqlalchemy import make_url

from tests.conformance import Run, read
from tests.connectors.crm_fixture import Database
from tests.connectors.sql.reloads import NUMBERS, only_columns

PARTITIONED = (
    "create table p (n int) partition by range (n)",
    "create table p1 partition of p for values from (0) to (100)",
    "create table p2 partition of p for values from (100) to (200) partition by range (n)",
    "create table p21 partition of p2 for values from (100) to (200)",
    "insert into p select generate_series(1, 110)",
)
INHERITED = (
    "create table p (n int)",
    "create table p1 () inherits (p)",
    "insert into p values (1)",
    "insert into p1 values (2)",
)


def unwitnessed(run: Run) -> str:
    assert run.completed.witness is None
    return run.completed.unwitnessed or ""


def witnessed(run: Run) -> int | None:
    witness = run.completed.witness
    assert witness is None or witness.declared == run.completed.rows
    return witness and witness.declared


def test_partitions_and_children_are_counted_with_their_table(crm: Database) -> None:
    """The positive control of all that follows."""
    crm.execute(*PARTITIONED)
    assert witnessed(read(crm.sql("p"), "it", NUMBERS)) == 110
    crm.execute("drop table p", *INHERITED)
    assert witnessed(read(crm.sql("p"), "it", NUMBERS)) == 2


@pytest.mark.parametrize("part", ["p1", "p21"])
def test_row_security_of_a_part_leaves_its_table_without_a_witness(
    crm: Database, part: str
) -> None:
    crm.execute(*PARTITIONED, f"alter table {part} enable row level security")
    said = unwitnessed(read(crm.sql("p"), "it", NUMBERS))
    assert f"row-level security of public.{part} decides which rows our role may see" in said


@pytest.mark.parametrize(
    "create", ["partition of p for values from (200) to (300)", "() inherits"]
)
def test_a_foreign_part_leaves_its_table_without_a_witness(crm: Database, create: str) -> None:
    """Another session of another server, or of this one, has another snapshot."""
    port = make_url(crm.environ["CRM_URL"]).port
    child, parent = (create, PARTITIONED) if "partition" in create else (None, INHERITED)
    foreign = f"{child} server there" if child else "() inherits (p) server there"
    crm.execute(
        *parent,
        "create table elsewhere (n int)",
        "insert into elsewhere values (250)",
        "drop extension if exists postgres_fdw cascade",
        "create extension postgres_fdw",
        f"create server there foreign data wrapper postgres_fdw "
        f"options (host '127.0.0.1', port '{port}', dbname 'crm')",
        f"create user mapping for reader server there "
        f"options (user 'reader', password '{crm.password}')",
        f"create foreign table \"Far %s\" {foreign} options (table_name 'elsewhere')",
    )
    run = read(crm.sql("p"), "it", NUMBERS)
    assert 250 in run.table.column("n").to_pylist()
    assert 'public."Far %s" is a foreign table' in unwitnessed(run)
    alone = unwitnessed(read(crm.sql("Far %s"), "it", NUMBERS))
    assert "read them where they are stored" in alone


def test_children_without_a_lock_leave_their_table_without_a_witness(crm: Database) -> None:
    """A child may be exchanged for another between snapshot and lock, and no catalogue tells."""
    crm.execute(*INHERITED)
    only_columns(crm, "p")
    run = read(crm.sql("p"), "it", NUMBERS)
    assert run.completed.rows == 2
    assert "grant SELECT on the whole table" in unwitnessed(run)


def test_partitions_without_a_lock_have_a_witness(crm: Database) -> None:
    crm.execute(*PARTITIONED)
    only_columns(crm, "p")
    assert witnessed(read(crm.sql("p"), "it", NUMBERS)) == 110


def test_a_partition_attached_between_count_and_rows_is_no_accusation(crm: Database) -> None:
    """The server plans each statement with the newest partitions, whatever the snapshot."""
    crm.execute(*PARTITIONED, "create table p3 as select 250 as n")
    run = Run()

    def attach(event: object) -> None:
        run.events.append(event)  # type: ignore[arg-type]
        if "count(*)" in getattr(event, "what", ""):
            crm.execute("alter table p attach partition p3 for values from (200) to (300)")

    assert crm.sql("p").read("it", schema=NUMBERS, emit=attach).read_all().num_rows == 111
    assert "a partition was attached between the count and the rows" in unwitnessed(run)


def test_a_view_says_what_would_have_a_witness(crm: Database) -> None:
    crm.execute("create view v as select * from customers")
    said = unwitnessed(read(crm.sql("v"), "it", pa.schema([("customer_key", pa.int64())])))
    assert said.endswith("read the tables behind it for a witness")
