"""The promised columns of the named table are read, and nothing else."""

from __future__ import annotations

import pyarrow as pa
import pytest

from connectors.connector import RESCUED
from connectors.errors import SourceChanged
from connectors.events import Answered
from tests.conformance import read
from tests.connectors.crm_fixture import CUSTOMERS, ROWS, Database


def test_only_the_promised_columns_leave_the_source(crm: Database) -> None:
    run = read(crm.sql(), "it", CUSTOMERS)
    assert run.table.column_names == [*CUSTOMERS.names, RESCUED]
    statements = [event.what for event in run.of(Answered)]
    assert not [what for what in statements if "*" in what.replace("count(*)", "")]
    assert not [what for what in statements if "not_promised" in what]


def test_a_dropped_column_is_seen_to_be_missing(crm: Database) -> None:
    crm.execute("alter table customers drop column account_balance")
    run = read(crm.sql(), "it", CUSTOMERS)
    assert "account_balance" not in run.table.column_names
    assert run.table.num_rows == ROWS


def test_a_table_without_any_promised_column_is_refused(crm: Database) -> None:
    with pytest.raises(SourceChanged, match="has none of the contract's columns"):
        read(crm.sql(), "it", pa.schema([("other", pa.int8())]))


def test_views_and_schemas_and_odd_names_are_read(crm: Database) -> None:
    crm.execute(
        'create schema "Büro %s"',
        'create view "Büro %s"."select ""it""" as select 1 as "Größe %(x)s", 2 as ":b"',
        'grant usage on schema "Büro %s" to reader',
        'grant select on all tables in schema "Büro %s" to reader',
    )
    schema = pa.schema([("Größe %(x)s", pa.int32()), (":b", pa.int32())])
    table = read(crm.sql('Büro %s.select "it"'), "it", schema).table
    assert table.drop_columns([RESCUED]).to_pylist() == [{"Größe %(x)s": 1, ":b": 2}]


@pytest.mark.parametrize(
    "name", ["missing", 'customers"; drop table customers; --', "nowhere.customers", "customers;"]
)
def test_a_table_that_is_not_there_is_named_and_nothing_happens(crm: Database, name: str) -> None:
    """Fault X01."""
    with pytest.raises(SourceChanged, match=r"42P01, the table does not exist: correct") as caught:
        read(crm.sql(name), "it", CUSTOMERS)
    assert name in str(caught.value)
    assert crm.scalar("select count(*) from customers") == ROWS


def test_a_dataset_without_a_table_is_named(crm: Database) -> None:
    with pytest.raises(SourceChanged, match=r"^dataset other has no table: add it to `tables`$"):
        read(crm.sql(), "other", CUSTOMERS)


def test_a_table_under_a_like_name_is_told(crm: Database) -> None:
    told = r"^dataset its has no table: add it to `tables`, or correct it there if that is it$"
    with pytest.raises(SourceChanged, match=told):
        read(crm.sql(), "its", CUSTOMERS)


def test_a_reading_cannot_write_even_where_a_view_would(crm: Database) -> None:
    crm.execute(
        "create table touched (n int)",
        "create function touch() returns int language sql volatile security definer "
        "as 'insert into public.touched values (1) returning n'",
        "create view trap as select touch() as customer_key",
    )
    with pytest.raises(SourceChanged, match="25006"):
        read(crm.sql("trap"), "it", CUSTOMERS)
    assert crm.scalar("select count(*) from touched") == 0
