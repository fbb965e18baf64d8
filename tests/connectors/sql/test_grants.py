"""What PostgreSQL says that our role may do: asked of a real server, and nothing done."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from connectors.connector import Probe, ProbeKind
from connectors.events import Answered, Authenticated, Event
from connectors.secrets import Secret
from estate.process import free_port
from tests.conformance import read
from tests.connectors.crm_fixture import CREATE_CUSTOMERS, CUSTOMERS, ROWS, Database, database


@pytest.fixture(scope="module")
def server() -> Iterator[Database]:
    with database() as running:
        yield running


@pytest.fixture
def crm(server: Database) -> Iterator[Database]:
    """The database with its table as new, and `reader` who may read it and nothing else."""
    server.execute("drop schema public cascade", "create schema public")
    server.execute(
        *CREATE_CUSTOMERS.split(";"),
        "grant usage on schema public to reader",
        "grant select on customers to reader",
    )
    yield server
    server.execute(
        "drop owned by reader",
        "alter role reader nosuperuser nocreaterole nocreatedb nobypassrls",
        "grant connect on database crm to reader",
    )


@pytest.fixture
def boss(crm: Database) -> Iterator[Database]:
    """Another role, who may do everything with the customers."""
    crm.execute(
        "create role boss",
        "grant usage on schema public to boss",
        "grant all on customers to boss",
    )
    yield crm
    crm.execute("drop owned by boss", "drop role boss")


def asked(crm: Database, table: str = "customers") -> dict[str, Probe]:
    probes = crm.sql(table).probe(emit=lambda _: None)
    assert {probe.kind for probe in probes} == {ProbeKind.GRANT}
    return {probe.name: probe for probe in probes}


def allowed(crm: Database, table: str = "customers") -> dict[str, str]:
    return {name: p.status for name, p in asked(crm, table).items() if not p.refused}


def test_a_role_that_only_reads_is_denied_everything_else(crm: Database) -> None:
    assert allowed(crm) == {}
    found = asked(crm)
    assert {p.detail for p in found.values()} == {"role reader"}
    for write in ("INSERT into customers", "UPDATE customers", "DELETE from customers"):
        assert found[write].status == "42501"
    assert {"use SUPERUSER", "TRUNCATE customers", "SELECT from any other table"} <= set(found)


@pytest.mark.parametrize(
    ("grant", "name", "status"),
    [
        ("grant insert on customers to reader", "INSERT into customers", "00000"),
        ("grant insert (name) on customers to reader", "INSERT into customers", "00000"),
        ("grant update (name) on customers to reader", "UPDATE customers", "00000"),
        ("grant delete on customers to reader", "DELETE from customers", "00000"),
        ("grant truncate on customers to reader", "TRUNCATE customers", "granted"),
        ("grant delete on customers to public", "DELETE from customers", "00000"),
        ("grant pg_write_all_data to reader", "act as pg_write_all_data", "granted"),
        ("alter role reader createdb", "use CREATEDB", "granted"),
        ("alter role reader createrole", "use CREATEROLE", "granted"),
        ("alter role reader bypassrls", "use BYPASSRLS", "granted"),
        ("grant create on schema public to reader", "create tables in schema public", "granted"),
        ("grant create on database crm to reader", "create schemas", "granted"),
        ("alter table customers owner to reader", "own customers", "granted"),
    ],
)
def test_each_thing_too_much_is_named(crm: Database, grant: str, name: str, status: str) -> None:
    crm.execute(grant)
    try:
        assert allowed(crm)[name] == status
    finally:
        crm.execute(
            "alter table customers owner to estate",
            "revoke pg_write_all_data from reader",
            "revoke create on database crm from reader",
        )


def test_what_a_role_could_become_counts_as_its_own(boss: Database) -> None:
    """EXPLAIN as it is denies; SET ROLE would not."""
    boss.execute("grant boss to reader with inherit false")
    assert allowed(boss)["DELETE from customers"] == "granted"


def test_a_superuser_may_do_everything(crm: Database) -> None:
    crm.execute("alter role reader superuser")
    may = allowed(crm)
    assert {"use SUPERUSER", "DELETE from customers", "own customers"} <= set(may)


def test_tables_that_the_pilot_does_not_list_must_be_denied(crm: Database) -> None:
    crm.execute("create table payroll (n serial)", "create table wages (n int)")
    assert allowed(crm) == {}
    crm.execute("grant select on payroll, wages to reader")
    assert allowed(crm) == {"SELECT from public.payroll and 1 more": "granted"}
    assert allowed(crm, "payroll") == {"SELECT from public.customers and 1 more": "granted"}


def test_a_partition_of_a_listed_table_is_no_other_table(crm: Database) -> None:
    """GRANT SELECT ON ALL TABLES reaches it, and it holds only rows that we are asked to read. A
    write to it is one too many all the same, and so is the reading of another table's partition.
    """
    for table in ("sold", "paid"):
        crm.execute(
            f"create table {table} (n int) partition by list (n)",
            f"create table {table}_1 partition of {table} for values in (1) partition by list (n)",
            f"create table {table}_leaf partition of {table}_1 default",
        )
    crm.execute("revoke select on customers from reader", "grant select on sold to reader")
    crm.execute("grant select on sold_1, sold_leaf to reader")
    assert allowed(crm, "sold") == {}
    assert allowed(crm, "sold_1") == {"SELECT from public.sold": "granted"}
    crm.execute("grant delete on sold_leaf to reader", "grant select on paid_leaf to reader")
    assert allowed(crm, "sold") == {
        "DELETE from public.sold_leaf": "granted",
        "SELECT from public.paid_leaf": "granted",
    }


@pytest.mark.attempt(3)
@pytest.mark.parametrize("table", ["customers", "public.customers"])
def test_who_else_may_create_objects_beside_our_table_is_told(boss: Database, table: str) -> None:
    """By a grant, or by one of a role that they may become; not who owns the schema, nor a role
    that cannot log in.
    """
    boss.execute(
        "create role clerk login",
        "create role intern login",
        "grant create on schema public to boss, clerk",
        "grant boss to intern with inherit false",
    )
    try:
        probes = boss.sql(table).probe(emit=lambda _: None)
    finally:
        boss.execute("drop owned by clerk", "drop role clerk", "drop role intern")
    told = [(p.detail, p.name) for p in probes if p.kind is ProbeKind.OTHERS]
    power = "create objects in schema public"
    assert told == [("clerk", power), ("intern", power)]
    assert all(p.refused for p in probes if p.kind is ProbeKind.GRANT)


def test_a_sequence_that_could_be_moved_is_a_write(crm: Database) -> None:
    crm.execute("create sequence numbers", "grant usage on numbers to reader")
    assert allowed(crm) == {"UPDATE public.numbers": "granted"}


def test_a_view_that_nobody_can_write_to_is_no_power(crm: Database) -> None:
    crm.execute(
        "revoke select on customers from reader",
        "create view counted as select count(*) as customer_key from customers",
        "grant select, insert, update, delete on counted to reader",
    )
    assert allowed(crm, "counted") == {}
    assert asked(crm, "counted")["DELETE from counted"].status == "55000"


def test_asking_changes_nothing_and_every_statement_is_told(crm: Database) -> None:
    """Granted everything, it explains every write, and the source is as it was."""
    crm.execute(
        "grant all on customers to reader",
        "alter table customers add n serial",
        "grant all on customers_n_seq to reader",
    )
    counted = "select n_tup_ins + n_tup_upd + n_tup_del from pg_stat_user_tables"
    crm.execute("select pg_stat_force_next_flush()")
    before = crm.scalar(counted), crm.scalar("select last_value from customers_n_seq")
    events: list[Event] = []
    crm.sql().probe(emit=events.append)
    assert (crm.scalar(counted), crm.scalar("select last_value from customers_n_seq")) == before
    assert crm.scalar("select count(*) from customers") == ROWS
    assert isinstance(events[0], Authenticated)
    told = [event.what for event in events if isinstance(event, Answered)]
    writes = [what for what in told if "INSERT" in what or "UPDATE" in what or "DELETE" in what]
    assert len(writes) == 3
    assert all(what.startswith("EXPLAIN ") for what in writes)


def test_the_transaction_could_not_write_if_it_tried(crm: Database) -> None:
    """EXPLAIN answers in READ ONLY as it would elsewhere; the write itself is refused to all."""
    crm.execute("grant delete on customers to reader")
    url = crm.environ["CRM_URL"].replace("+psycopg", "")
    with psycopg.connect(url, password=crm.password, autocommit=True) as connection:
        connection.execute("begin read only")
        connection.execute("explain delete from customers where false")
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            connection.execute("delete from customers where false")


def test_names_that_must_be_quoted_are_asked_about_all_the_same(crm: Database) -> None:
    crm.execute(
        'create schema "Büro %s"',
        'create table "Büro %s"."select ""it" ("Größe %(x)s" int)',
        'grant usage on schema "Büro %s" to reader',
        'grant update on "Büro %s"."select ""it" to reader',
    )
    try:
        table = 'Büro %s.select "it'
        assert allowed(crm, table)[f"UPDATE {table}"] == "00000"
    finally:
        crm.execute('drop schema "Büro %s" cascade')


def test_a_table_that_is_not_there_is_neither_allowed_nor_denied(crm: Database) -> None:
    assert asked(crm, "nowhere.it")["DELETE from nowhere.it"].status == "42P01"
    assert not asked(crm, "nowhere.it")["DELETE from nowhere.it"].refused


def test_who_cannot_log_in_learns_nothing(crm: Database) -> None:
    wrong = crm.sql(password=Secret("env:CRM_PASSWORD", "wrong-canary"))
    (probe,) = wrong.probe(emit=lambda _: None)
    assert (probe.refused, probe.status) == (False, "no answer")
    assert "28P01" in probe.detail


def test_a_server_that_is_down_denies_nothing(crm: Database) -> None:
    down = crm.sql(url=f"postgresql+psycopg://reader@127.0.0.1:{free_port()}/crm")
    (probe,) = down.probe(emit=lambda _: None)
    assert not probe.refused


def test_a_session_lost_in_the_middle_is_no_denial(crm: Database) -> None:
    def losing(event: Event) -> None:
        if isinstance(event, Answered) and event.what.startswith("EXPLAIN INSERT"):
            crm.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where application_name = 'seatrial'"
            )

    probes = crm.sql(stranger_allowed=True).probe(emit=losing)
    assert [(p.name, p.refused, p.status) for p in probes] == [
        ("nobody_refused", True, "28P01"),
        ("stranger_refused", True, "28P01"),
        ("catalogue", False, "no answer"),
    ]


def test_rows_that_row_level_security_may_hide_have_no_witness(crm: Database) -> None:
    """The count inside the snapshot hides them too, so that it would agree."""
    crm.execute(
        "alter table customers enable row level security",
        "create policy few on customers using (customer_key <= 10)",
    )
    completed = read(crm.sql(), "it", CUSTOMERS).completed
    assert (completed.rows, completed.witness) == (10, None)
    assert completed.unwitnessed is not None
    assert "row-level security" in completed.unwitnessed
    crm.execute("alter role reader bypassrls")
    completed = read(crm.sql(), "it", CUSTOMERS).completed
    assert completed.witness is not None
    assert completed.witness.declared == completed.rows == ROWS
    assert completed.unwitnessed is None
