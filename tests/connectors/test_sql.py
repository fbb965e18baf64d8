"""The SQL connector against a real PostgreSQL, and SQLite."""

from __future__ import annotations

import json
import logging
import socket
import sqlite3
import struct
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import psycopg
import pyarrow as pa
import pytest

from connectors.connector import RESCUED, Probe, ProbeKind
from connectors.errors import AccessDenied, SourceChanged, SourceError, SourceUnavailable
from connectors.events import Answered, Authenticated, Completed, Emit, Event, Refused, WitnessKind
from connectors.secrets import Secret
from connectors.sql.connector import Sql
from connectors.sql.snapshot import ROWS_PER_BATCH
from connectors.sql.timeouts import Timeouts
from estate.process import free_port
from tests.conformance import Run, keeps_the_seam, read
from tests.connectors.crm_fixture import CREATE_CUSTOMERS, CUSTOMERS, ROWS, Database, database


@contextmanager
def asking_in_clear() -> Iterator[tuple[int, list[bytes]]]:
    """A server that asks for the password in clear: its port, and all that it was shown."""
    shown: list[bytes] = []
    asks = b"R" + struct.pack("!II", 8, 3)

    def serve() -> None:
        while True:
            try:
                peer, _ = listening.accept()
            except OSError:
                return
            with peer:
                shown.append(peer.recv(4096))
                if shown[-1][4:8] == struct.pack("!I", 80877103):  # SSLRequest
                    peer.sendall(b"N")
                    shown.append(peer.recv(4096))
                peer.sendall(asks)
                shown.append(peer.recv(4096))

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listening.getsockname()[1], shown
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()


def read_or_refused(connector: Sql) -> Run:
    run = Run()
    with suppress(AccessDenied):
        read(connector, "it", CUSTOMERS, into=run)
    return run


def until(true: Callable[[], bool]) -> None:
    """The server takes a new setting in its own time."""
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.fixture(scope="module")
def server() -> Iterator[Database]:
    with database() as running:
        yield running


@pytest.fixture
def crm(server: Database) -> Database:
    """The database with its table as new."""
    server.execute("drop schema public cascade", "create schema public")
    server.execute(
        "grant usage on schema public to reader",
        "alter default privileges in schema public grant select on tables to reader",
        *CREATE_CUSTOMERS.split(";"),
    )
    return server


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


def test_memory_is_bounded_by_the_batch(crm: Database) -> None:
    run = read(crm.sql(), "it", CUSTOMERS)
    assert len(run.batches) == ROWS // ROWS_PER_BATCH + 1
    assert max(batch.num_rows for batch in run.batches) == ROWS_PER_BATCH


def test_only_the_promised_columns_leave_the_source(crm: Database) -> None:
    run = read(crm.sql(), "it", CUSTOMERS)
    assert run.table.column_names == [*CUSTOMERS.names, RESCUED]
    statements = [event.what for event in run.of(Answered)]
    assert not [what for what in statements if "*" in what.replace("count(*)", "")]
    assert not [what for what in statements if "not_promised" in what]


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


ZOO = """
create table zoo (
    id int8, truth bool, small int2, real8 float8, money numeric, exact numeric(38,10),
    words text, day date, at timestamptz, at_home timestamp, uid uuid, anything jsonb
);
insert into zoo values
(1, null, null, null, null, null, null, null, null, null, null, null),
(9007199254740993, false, 0, 0, 0, 0, '', '0001-01-01', '0001-01-01 00:00:00Z',
    '0001-01-01 00:00:00', '00000000-0000-0000-0000-000000000000', 'null'),
(9223372036854775807, true, -32768, 'NaN', 'NaN', 9999999999999999999999999999.9999999999, 'NA',
    'infinity', 'infinity', '-infinity', null, '{"a": 1.10}'),
(-1, true, 7, 'Infinity', 'Infinity', -0.0000000001, '007', '10000-01-01',
    '10000-01-01 00:00:00Z', '2026-11-20 13:05:00.000001', null, '"x"'),
(4, true, 7, 0.1, 1.005, 1, E' \\n"\\u2028', '0044-03-15 BC', '2026-11-20 13:05:00.000001+05:30',
    '0044-03-15 00:00:00 BC', null, '[]')
"""
ZOO_SCHEMA = pa.schema(
    [
        ("id", pa.int64()),
        ("truth", pa.bool_()),
        ("small", pa.int32()),
        ("real8", pa.float64()),
        ("money", pa.decimal128(12, 2)),
        ("exact", pa.decimal128(38, 10)),
        ("words", pa.string()),
        ("day", pa.date32()),
        ("at", pa.timestamp("us", "UTC")),
        ("at_home", pa.timestamp("us")),
        ("uid", pa.string()),
        ("anything", pa.string()),
    ]
)


def test_every_value_comes_exactly_or_is_rescued_as_the_server_writes_it(crm: Database) -> None:
    crm.execute(*ZOO.split(";"))
    batch = pa.Table.from_batches(read(crm.sql("zoo"), "it", ZOO_SCHEMA).batches)
    rescued = [json.loads(text or "{}") for text in batch.column(RESCUED).to_pylist()]
    # Years beyond Python's stay in Arrow as they are: compare as text.
    days = batch.column("day").cast(pa.string()).to_pylist()
    times = batch.column("at").cast(pa.string()).to_pylist()
    rows = batch.drop_columns(["day", "at", "at_home", RESCUED]).to_pylist()
    assert rows[0] == {"id": 1, **dict.fromkeys(list(rows[0])[1:])}
    assert list(rows[1].values()) == [
        *(9007199254740993, False, 0, 0.0, Decimal(0), Decimal(0), ""),
        *("00000000-0000-0000-0000-000000000000", "null"),
    ]
    assert rows[2]["exact"] == Decimal("9999999999999999999999999999.9999999999")
    assert (rows[2]["words"], rows[3]["words"], rows[4]["words"]) == ("NA", "007", ' \n"\u2028')
    assert rows[2]["anything"] == '{"a": 1.10}'
    assert (rows[4]["real8"], rows[3]["exact"]) == (0.1, Decimal("-0.0000000001"))
    assert (days[1], times[1]) == ("0001-01-01", "0001-01-01 00:00:00.000000Z")
    assert times[4] == "2026-11-20 07:35:00.000001Z"
    assert rescued == [
        {},
        {},
        {
            "real8": "nan",
            "money": "NaN",
            "day": "infinity",
            "at": "infinity",
            "at_home": "-infinity",
        },
        {
            "real8": "inf",
            "money": "Infinity",
            "day": "10000-01-01",
            "at": "10000-01-01 00:00:00+00",
        },
        {"money": "1.005", "day": "0044-03-15 BC", "at_home": "0044-03-15 00:00:00 BC"},
    ]


@pytest.mark.parametrize("held", ["numeric", "date", "timestamptz", "int4", "bool"])
def test_a_column_that_is_no_text_is_not_taken_for_the_promised_text(
    crm: Database, held: str
) -> None:
    values = {"date": "'2026-01-01'", "timestamptz": "'2026-01-01'", "bool": "true"}
    crm.execute(f"create table t (c {held})", f"insert into t values ({values.get(held, '1')})")
    table = read(crm.sql("t"), "it", pa.schema([("c", pa.string())])).table
    assert table.column("c").to_pylist() == [None]
    assert table.column(RESCUED).null_count == 0


def test_a_dropped_column_is_seen_to_be_missing(crm: Database) -> None:
    crm.execute("alter table customers drop column account_balance")
    run = read(crm.sql(), "it", CUSTOMERS)
    assert "account_balance" not in run.table.column_names
    assert run.table.num_rows == ROWS


def test_an_empty_table_has_a_witness_of_nothing(crm: Database) -> None:
    crm.execute("truncate customers")
    completed = read(crm.sql(), "it", CUSTOMERS).completed
    assert completed.rows == 0
    assert completed.witness is not None
    assert completed.witness.declared == 0


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
    with pytest.raises(SourceChanged, match=r"42P01, the table does not exist: correct") as caught:
        read(crm.sql(name), "it", CUSTOMERS)
    assert name in str(caught.value)
    assert crm.scalar("select count(*) from customers") == ROWS


def test_a_table_without_any_promised_column_is_refused(crm: Database) -> None:
    with pytest.raises(SourceChanged, match="has none of the contract's columns"):
        read(crm.sql(), "it", pa.schema([("other", pa.int8())]))


def test_a_revoked_grant_is_access_denied(crm: Database) -> None:
    crm.execute("revoke select on customers from reader")
    run = Run()
    with pytest.raises(AccessDenied, match="42501, permission denied: ask for SELECT"):
        read(crm.sql(), "it", CUSTOMERS, into=run)
    assert [event.status for event in run.of(Refused)] == ["42501"]
    assert not run.of(Completed)


def test_a_wrong_password_is_tried_once(crm: Database) -> None:
    before = crm.refused_logins()
    run = Run()
    wrong = crm.sql(password=Secret("env:CRM_PASSWORD", "wrong-canary"))
    with pytest.raises(AccessDenied, match="28P01, the password was refused: check") as caught:
        read(wrong, "it", CUSTOMERS, into=run)
    assert crm.refused_logins() == before + 1
    assert [(event.what, event.status) for event in run.events] == [("log-in", "28P01")]
    assert "wrong-canary" not in "".join(traceback.format_exception(caught.value))


def test_a_server_that_is_down_is_unavailable(crm: Database) -> None:
    down = crm.sql(url=f"postgresql+psycopg://reader@127.0.0.1:{free_port()}/crm")
    run = Run()
    with pytest.raises(SourceUnavailable, match="check that the server is up"):
        read(down, "it", CUSTOMERS, into=run)
    assert run.events == []


def test_a_database_that_does_not_exist_is_told_from_a_refused_password(crm: Database) -> None:
    other = crm.sql(url=crm.environ["CRM_URL"].replace("/crm", "/nowhere"))
    with pytest.raises(SourceChanged, match="3D000, the database does not exist: correct"):
        read(other, "it", CUSTOMERS)


def test_a_locked_table_is_waited_for_no_longer_than_allowed(crm: Database) -> None:
    with psycopg.connect(crm.dsn) as other:
        other.execute("lock table customers in access exclusive mode")
        with pytest.raises(SourceUnavailable, match="55P03"):
            read(crm.sql(timeouts=Timeouts(lock_seconds=0.2)), "it", CUSTOMERS)


def test_a_statement_that_takes_too_long_is_ended_by_the_server(crm: Database) -> None:
    crm.execute(
        "create view slow as select 'x' as name from generate_series(1, 60) "
        "where pg_sleep(1) is null"
    )
    with pytest.raises(SourceUnavailable, match="57014"):
        read(crm.sql("slow", timeouts=Timeouts(statement_seconds=0.2)), "it", CUSTOMERS)


def test_a_transaction_that_idled_too_long_is_no_end_of_the_rows(crm: Database) -> None:
    run = Run()
    with pytest.raises(SourceUnavailable, match="25P03"):
        read(
            crm.sql(timeouts=Timeouts(idle_seconds=0.1)),
            "it",
            CUSTOMERS,
            into=run,
            after_first=lambda: time.sleep(0.5),
        )
    assert not run.of(Completed)


def test_a_session_ended_by_the_server_is_no_end_of_the_rows(crm: Database) -> None:
    run = Run()
    end = "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'reader'"
    with pytest.raises(SourceUnavailable, match="57P01"):
        read(crm.sql(), "it", CUSTOMERS, into=run, after_first=lambda: crm.execute(end))
    assert not run.of(Completed)


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


def test_a_reader_left_alone_leaves_no_session(crm: Database) -> None:
    reader = crm.sql().read("it", schema=CUSTOMERS, emit=lambda _: None)
    reader.read_next_batch()
    sessions = "select count(*) from pg_stat_activity where usename = 'reader'"
    assert crm.scalar(sessions) == 1
    del reader
    end = time.monotonic() + 10
    while crm.scalar(sessions) and time.monotonic() < end:
        time.sleep(0.01)
    assert crm.scalar(sessions) == 0


def test_text_that_is_not_utf8_is_a_finding(crm: Database) -> None:
    crm.execute(
        "drop database if exists ascii",
        "create database ascii template template0 encoding 'SQL_ASCII' locale 'C' "
        "locale_provider libc",
    )
    with psycopg.connect(crm.dsn.replace("dbname=crm", "dbname=ascii")) as other:
        other.execute("create table t (c text)")
        other.execute("grant select on t to reader")
        other.execute("insert into t select convert_from('\\x41ff'::bytea, 'SQL_ASCII')")
    connector = crm.sql("t", url=crm.environ["CRM_URL"].replace("/crm", "/ascii"))
    with pytest.raises(SourceChanged, match="not UTF-8"):
        read(connector, "it", pa.schema([("c", pa.string())]))


def test_the_password_is_in_no_log_event_error_or_repr(
    crm: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    run = read(crm.sql(), "it", CUSTOMERS)
    said = [caplog.text, repr(run.events), repr(crm.sql())]
    crm.execute("revoke select on customers from reader")
    with pytest.raises(SourceError) as caught:
        read(crm.sql(), "it", CUSTOMERS)
    said.append("".join(traceback.format_exception(caught.value)))
    assert not [text for text in said if crm.password in text]


def test_a_database_may_have_the_name_of_another_address(crm: Database) -> None:
    elsewhere = crm.sql(url=f"{crm.environ['CRM_URL'].rpartition('/')[0]}/host=192.0.2.1")
    with pytest.raises(SourceChanged, match="3D000"):
        read(elsewhere, "it", CUSTOMERS)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PGHOSTADDR", "127.0.0.1"),
        ("PGOPTIONS", "-c search_path=other"),
        ("PGSERVICE", "other"),
        ("PGSSLROOTCERT", "/nowhere"),
    ],
)
def test_the_environment_has_no_say_in_the_log_in(
    crm: Database, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    run = Run()
    with pytest.raises(AccessDenied, match=f"sets {name}, .*: unset it") as caught:
        read(crm.sql(), "it", CUSTOMERS, into=run)
    assert value not in str(caught.value)
    assert run.events == []


def test_what_the_url_and_we_say_ourselves_the_environment_may_say_as_well(
    crm: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PGHOST", "PGUSER", "PGDATABASE", "PGPASSWORD", "PGSSLMODE", "PGREQUIREAUTH"):
        monkeypatch.setenv(name, "verify-full" if name == "PGSSLMODE" else "password")
    monkeypatch.setenv("PGPORT", "1")
    assert read(crm.sql(), "it", CUSTOMERS).completed.rows == ROWS


def test_a_password_in_the_environment_is_none_that_was_handed_over(
    crm: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", crm.password)
    with pytest.raises(AccessDenied, match="sets PGPASSWORD, "):
        read(crm.sql(password=None), "it", CUSTOMERS)


def test_a_password_is_shown_to_no_server_that_asks_for_it_in_clear(crm: Database) -> None:
    run = Run()
    with asking_in_clear() as (port, shown):
        url = f"postgresql+psycopg://reader@127.0.0.1:{port}/crm"
        with pytest.raises(AccessDenied, match="no SCRAM, the password was not sent: ask for"):
            read(crm.sql(url=url), "it", CUSTOMERS, into=run)
    assert shown
    assert crm.password.encode() not in b"".join(shown)
    assert run.events == []


def test_beyond_this_machine_nothing_is_sent_to_a_server_that_does_not_prove_its_name(
    crm: Database,
) -> None:
    """0.0.0.0 is no loopback address, and leads to one."""
    before = crm.log.read_text().count("connection authenticated")
    url = crm.environ["CRM_URL"].replace("127.0.0.1", "0.0.0.0")
    for stricter in ("", "?sslmode=require", "?sslmode=verify-ca&sslrootcert=/nowhere"):
        with pytest.raises(AccessDenied, match="no proven certificate, nothing was sent: ask"):
            read(crm.sql(url=url + stricter), "it", CUSTOMERS)
    assert crm.log.read_text().count("connection authenticated") == before


def test_a_server_that_asks_for_no_password_has_authenticated_nobody(crm: Database) -> None:
    rules = Path(crm.scalar("show hba_file"))
    before = rules.read_text()
    try:
        rules.write_text(f"host all reader 127.0.0.1/32 trust\n{before}")
        crm.execute("select pg_reload_conf()")
        wrong = crm.sql(password=Secret("env:CRM_PASSWORD", "wrong"))
        until(lambda: not read_or_refused(wrong).of(Refused))
        run = read(wrong, "it", CUSTOMERS)
    finally:
        rules.write_text(before)
        crm.execute("select pg_reload_conf()")
        until(lambda: bool(read_or_refused(wrong).of(Refused)))
    assert run.completed.rows == ROWS
    assert not run.of(Authenticated)


def test_a_dataset_without_a_table_is_named(crm: Database) -> None:
    with pytest.raises(SourceChanged, match=r"^dataset other has no table: add it to `tables`$"):
        read(crm.sql(), "other", CUSTOMERS)


def test_the_endpoint_names_the_system_and_nobody_in_it(crm: Database) -> None:
    port = crm.environ["CRM_URL"].split(":")[-1]
    assert crm.sql().endpoint == f"postgresql://127.0.0.1:{port}"


def strangers(connector: Sql, emit: Emit = lambda _: None) -> list[Probe]:
    return [probe for probe in connector.probe(emit=emit) if probe.kind is ProbeKind.STRANGER]


def test_a_stranger_is_refused_by_the_server_itself(crm: Database) -> None:
    before = crm.refused_logins()
    run = Run()
    (probe,) = strangers(crm.sql(stranger_allowed=True), run.events.append)
    assert (probe.name, probe.refused, probe.status) == ("stranger_refused", True, "28P01")
    assert crm.refused_logins() == before + 1
    assert [event.status for event in run.of(Refused)] == ["28P01"]
    assert 'user "reader"' not in crm.log.read_text().split("\n")[-2]


def test_no_stranger_is_sent_where_none_is_allowed(crm: Database) -> None:
    before = crm.refused_logins()
    assert strangers(crm.sql()) == []
    assert crm.refused_logins() == before


def test_a_server_that_is_down_refuses_nobody(crm: Database) -> None:
    down = f"postgresql+psycopg://reader@127.0.0.1:{free_port()}/crm"
    (probe,) = strangers(crm.sql(url=down, stranger_allowed=True))
    assert not probe.refused


def test_any_other_database_is_read_without_a_witness(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "db") as connection:
        connection.execute("create table t (n integer, words text, day date)")
        rows = [(1, "a", "2026-11-20"), (2**53 + 1, None, "x"), ("one", 7, None), (1.5, "", None)]
        connection.executemany("insert into t values (?, ?, ?)", rows)
    connection.close()
    schema = pa.schema([("n", pa.int64()), ("words", pa.string()), ("day", pa.date32())])
    connector = Sql(url=f"sqlite:///{tmp_path}/db", password=None, tables={"it": "t"})
    run = read(connector, "it", schema)
    assert run.completed.witness is None
    assert run.table.drop_columns([RESCUED]).to_pylist() == [
        {"n": 1, "words": "a", "day": date(2026, 11, 20)},
        {"n": 2**53 + 1, "words": None, "day": None},
        {"n": None, "words": "7", "day": None},  # SQLite turned 7 into text itself
        {"n": None, "words": "", "day": None},
    ]
    rescued = run.table.column(RESCUED).to_pylist()
    assert rescued == [None, '{"day": "x"}', '{"n": "one"}', '{"n": 1.5}']
