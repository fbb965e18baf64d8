"""What fails is told by its kind and SQLSTATE, and is never the end of the rows."""

from __future__ import annotations

import time

import psycopg
import pytest

from connectors.errors import AccessDenied, SourceChanged, SourceUnavailable
from connectors.events import Completed, Refused
from connectors.sql.sqlstate import UNKNOWN, source_error
from connectors.sql.timeouts import Timeouts
from estate.process import free_port
from tests.conformance import Run, read
from tests.connectors.crm_fixture import CUSTOMERS, WIDEN, Database


def test_a_revoked_grant_is_access_denied(crm: Database) -> None:
    crm.execute("revoke select on customers from reader")
    run = Run()
    with pytest.raises(AccessDenied, match="42501, permission denied: ask its owner") as raised:
        read(crm.sql(), "it", CUSTOMERS, into=run)
    assert str(raised.value).endswith('GRANT SELECT ON "public"."customers" TO "reader"')
    assert [event.status for event in run.of(Refused)] == ["42501"]
    assert not run.of(Completed)


def test_columns_that_may_not_be_read_are_told_as_the_grant_that_opens_them(crm: Database) -> None:
    """It is tried: the same reading then succeeds. Columns that nobody reads are not asked for."""
    crm.execute(
        "revoke select on customers from reader",
        "alter table customers add unread int",
        "grant select (customer_key) on customers to reader",
    )
    run = Run()
    with pytest.raises(AccessDenied, match="ask its owner for GRANT") as raised:
        read(crm.sql(), "it", CUSTOMERS, into=run)
    assert [event.status for event in run.of(Refused)] == ["42501"]
    grant = str(raised.value).partition(" ask its owner for ")[2]
    assert "unread" not in grant
    crm.execute(grant)
    read(crm.sql(), "it", CUSTOMERS)


def test_a_server_that_is_down_is_unavailable(crm: Database) -> None:
    down = crm.sql(url=f"postgresql+psycopg://reader@127.0.0.1:{free_port()}/crm")
    run = Run()
    with pytest.raises(SourceUnavailable, match=r"up, and host and port in url of Sql\(…\)$"):
        read(down, "it", CUSTOMERS, into=run)
    assert run.events == []


def test_a_database_that_does_not_exist_is_told_from_a_refused_password(crm: Database) -> None:
    other = crm.sql(url=crm.environ["CRM_URL"].replace("/crm", "/nowhere"))
    with pytest.raises(SourceChanged, match=r"3D000, .* correct url of Sql\(…\)$"):
        read(other, "it", CUSTOMERS)


def test_a_database_may_have_the_name_of_another_address(crm: Database) -> None:
    elsewhere = crm.sql(url=f"{crm.environ['CRM_URL'].rpartition('/')[0]}/host=192.0.2.1")
    with pytest.raises(SourceChanged, match="3D000"):
        read(elsewhere, "it", CUSTOMERS)


def test_a_server_without_a_free_connection_is_no_missing_database(crm: Database) -> None:
    """Its words name the database, as those of a missing one do."""
    for whose in ("database crm", "role reader"):
        crm.execute(f"alter {whose} connection limit 0")
        try:
            with pytest.raises(SourceUnavailable, match="53300, the server has no free connect"):
                read(crm.sql(), "it", CUSTOMERS)
        finally:
            crm.execute(f"alter {whose} connection limit -1")


@pytest.mark.parametrize(
    ("code", "error", "said"),
    [
        ("53100", SourceUnavailable, "the server's disk is full: tell its owner"),
        ("53200", SourceUnavailable, "the server lacks memory"),
        ("XX001", SourceChanged, "the server found the table damaged: tell its owner"),
    ],
)
def test_a_failing_server_is_told_by_what_fails(
    crm: Database, code: str, error: type[Exception], said: str
) -> None:
    """Its answer, as it would give it then; not that it might be down."""
    crm.execute(
        "create function fails() returns text language plpgsql as "
        f"$$ begin raise exception 'canary' using errcode = '{code}'; end $$",
        "create view failing as select fails() as name",
    )
    with pytest.raises(error, match=f"{code}, {said}") as caught:
        read(crm.sql("failing"), "it", CUSTOMERS)
    assert "canary" not in str(caught.value)


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


def test_rows_that_nobody_takes_for_too_long_are_no_end_of_the_rows(crm: Database) -> None:
    """The server's kernel ends the session: COPY is no idle transaction."""
    crm.execute(WIDEN)
    run = Run()
    with pytest.raises(SourceUnavailable, match="25P03"):
        read(
            crm.sql(timeouts=Timeouts(idle_seconds=0.5)),
            "it",
            CUSTOMERS,
            into=run,
            after_first=lambda: time.sleep(3),
        )
    assert not run.of(Completed)


def test_a_session_ended_by_the_server_is_no_end_of_the_rows(crm: Database) -> None:
    """A server that is about to send rows says no word at its end."""
    crm.execute(WIDEN)
    run = Run()
    end = "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'reader'"
    with pytest.raises(SourceUnavailable, match=r"57P01|no answer"):
        read(crm.sql(), "it", CUSTOMERS, into=run, after_first=lambda: crm.execute(end))
    assert not run.of(Completed)


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


@pytest.mark.parametrize("code", ["40001", "57P01", "53300", "57014"])
def test_what_the_server_says_may_be_about_one_table(code: str) -> None:
    """So none of the others is left out for it; that nothing answers is about them all."""
    said, silent = source_error("read t", code), source_error("read t", UNKNOWN)
    assert isinstance(said, SourceUnavailable)
    assert isinstance(silent, SourceUnavailable)
    assert (said.answered, silent.answered) == (True, False)
