"""A table is read whole, in one snapshot, and its count is the witness where it can be."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from connectors.connector import RESCUED
from connectors.events import Answered, Authenticated, Event, WitnessKind
from connectors.sql.copy_out import BLOCK_BYTES, BLOCK_LINES
from tests.conformance import Run, keeps_the_seam, read
from tests.connectors.crm_fixture import CUSTOMERS, ROWS, WIDEN, Database


def test_a_table_is_read_as_every_connector_must(crm: Database) -> None:
    keeps_the_seam(crm.sql(), "it", CUSTOMERS, rows=ROWS, secrets=[crm.password])


def test_all_rows_come_and_the_count_in_the_same_snapshot_is_the_witness(crm: Database) -> None:
    run = read(crm.sql(), "it", CUSTOMERS)
    assert sorted(run.table.column("customer_key").to_pylist()) == list(range(1, ROWS + 1))
    assert run.table.column(RESCUED).null_count == ROWS
    witness = run.completed.witness
    assert witness is not None
    assert (witness.kind, witness.declared) == (WitnessKind.SNAPSHOT_COUNT, ROWS)
    assert witness.detail.count(":") == 2  # xmin:xmax:xip_list
    first = run.table.slice(0, 1).to_pylist()[0]
    assert first == {
        "customer_key": 1,
        "name": "Customer 1",
        "account_balance": Decimal("0.14"),
        "market_segment": "BUILDING",
        "updated_at": datetime(2026, 11, 20, 0, 0, 1, tzinfo=UTC),
        RESCUED: None,
    }


def test_memory_is_bounded_by_the_bytes_of_wide_rows(crm: Database) -> None:
    crm.execute(WIDEN)
    sizes = [batch.nbytes for batch in read(crm.sql(), "it", CUSTOMERS).batches]
    assert sum(sizes) > 10 * BLOCK_BYTES
    assert max(sizes) < 1.2 * BLOCK_BYTES


def test_memory_is_bounded_by_the_number_of_short_rows(crm: Database) -> None:
    crm.execute(f"create table short as select null::int as n from generate_series(1, {4 * ROWS})")
    batches = read(crm.sql("short"), "it", pa.schema([("n", pa.int32())])).batches
    assert [batch.num_rows for batch in batches] == [BLOCK_LINES, 4 * ROWS - BLOCK_LINES]


def test_each_partition_is_an_answer_and_the_log_in_is_told_once(crm: Database) -> None:
    run = read(crm.sql(), "it", CUSTOMERS)
    assert run.of(Authenticated) == [Authenticated(how="password of reader", renewed=False)]
    answers = run.of(Answered)
    assert {answer.status for answer in answers} == {"00000"}
    assert len([a for a in answers if a.what.startswith("SELECT customer_key")]) >= len(
        run.batches
    )


def test_rows_deleted_and_added_by_another_session_meanwhile_change_nothing(crm: Database) -> None:
    run = read(
        crm.sql(),
        "it",
        CUSTOMERS,
        after_first=lambda: crm.execute(
            "delete from customers where customer_key > 5",
            "insert into customers values (-1, 'late', 0, null, now())",
        ),
    )
    assert run.table.num_rows == run.completed.rows == ROWS
    assert crm.scalar("select count(*) from customers") == 6


def test_rows_deleted_between_the_count_and_the_rows_are_still_read(crm: Database) -> None:
    run = Run()

    def deleting(event: Event) -> None:
        run.events.append(event)
        if isinstance(event, Answered) and "count(*)" in event.what:
            crm.execute("delete from customers")

    reader = crm.sql().read("it", schema=CUSTOMERS, emit=deleting)
    assert reader.read_all().num_rows == run.completed.rows == ROWS
    assert crm.scalar("select count(*) from customers") == 0


def test_rows_hidden_by_row_level_security_leave_no_witness(crm: Database) -> None:
    """The count is as blind as the rows."""
    crm.execute(
        "alter table customers enable row level security",
        "create policy few on customers for select using (customer_key <= 10)",
    )
    run = read(crm.sql(), "it", CUSTOMERS)
    assert (run.completed.rows, run.completed.witness) == (10, None)


@pytest.mark.parametrize("options", ["", "with (security_invoker = true)"])
def test_a_view_may_hide_rows_and_is_read_without_a_witness(crm: Database, options: str) -> None:
    crm.execute(f"create view v {options} as select * from customers where customer_key <= 10")
    run = read(crm.sql("v"), "it", CUSTOMERS)
    assert (run.completed.rows, run.completed.witness) == (10, None)
    assert len([answer for answer in run.of(Answered) if "count(*)" in answer.what]) == 1


@pytest.mark.parametrize(
    "create",
    [
        'create table "T %s" (n int) partition by range (n)',
        'create table "T %s" (n int)',
        'create materialized view "T %s" as select 1 as n where false',
    ],
)
def test_what_holds_its_rows_itself_has_a_witness(crm: Database, create: str) -> None:
    crm.execute(create)
    completed = read(crm.sql("public.T %s"), "it", pa.schema([("n", pa.int32())])).completed
    assert completed.witness is not None
    assert completed.witness.declared == 0


def test_an_empty_table_has_a_witness_of_nothing(crm: Database) -> None:
    crm.execute("truncate customers")
    completed = read(crm.sql(), "it", CUSTOMERS).completed
    assert completed.rows == 0
    assert completed.witness is not None
    assert completed.witness.declared == 0
