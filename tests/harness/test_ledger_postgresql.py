"""What PostgreSQL alone can do to a ledger, and what a ledger asks of PostgreSQL."""

from __future__ import annotations

import threading
import time

import psycopg
import pytest
import sqlalchemy as sa

from connectors.secrets import Secret
from estate.process import free_port
from harness.errors import ConfigurationError, LedgerLost
from harness.ledger import postgresql
from harness.ledger.chain import breaks
from harness.ledger.ledger import Ledger, open_ledger
from tests.harness.ledger_server import PASSWORD, REFERENCE, Database
from tests.harness.test_ledger import NOON, header, write

WRONG = {
    "port": ("127.0.0.1:", "127.0.0.1:1", "check host and port"),
    "password": (PASSWORD, "canary-0000", "the password was refused"),
    "no password": (
        f":{PASSWORD}",
        "",
        "no password was sent: ask for scram-sha-256 on the server, and put",
    ),
    "user": ("writer", "nobody", "the password was refused"),
    "database": ("/ledger", "/legder", "the database does not exist"),
    "scheme": ("postgresql:", "mysql:", "it leads to mysql, and only PostgreSQL is used: write"),
    "option": ("@", "@/?canary=x", "leads to no URL of PostgreSQL"),
}


def holds(database: Database, *runs: str) -> None:
    """The ledger is whole and holds these runs."""
    with open_ledger(database.place) as ledger:
        assert list(breaks(ledger.entries())) == []
        assert tuple(dict.fromkeys(entry.run for entry in ledger.entries())) == runs


def refused(place: Secret) -> str:
    """The one line that says what is wrong with it."""
    with pytest.raises(ConfigurationError) as caught, open_ledger(place):
        pass
    said = str(caught.value)
    assert said.startswith(f"ledger {REFERENCE}")
    assert "\n" not in said
    for secret in (PASSWORD, "canary"):
        assert secret not in said
    return said


def until_one_waits(database: Database) -> None:
    """For a lock that somebody else holds."""
    while not database.ask("select 1 from pg_locks where not granted"):
        time.sleep(0.01)


def cannot_write(ledger: Ledger, run: str) -> None:
    with pytest.raises(LedgerLost, match="nothing more is written"):
        ledger.append(header(run), "reading", {}, at=NOON)


@pytest.mark.parametrize("part", WRONG)
def test_a_wrong_url_is_one_line_without_a_secret(database: Database, part: str) -> None:
    old, new, said = WRONG[part]
    assert said in refused(database.changed(old, new))


def test_a_server_that_is_down_is_said_so(database: Database) -> None:
    gone = Secret(REFERENCE, f"postgresql://writer:{PASSWORD}@127.0.0.1:{free_port()}/x")
    assert "that the server is up" in refused(gone)


@pytest.mark.parametrize(
    ("owner_does", "said"),
    [
        ("revoke connect on database {name} from public, writer", "grant this user CONNECT"),
        ("revoke create on schema public from public, writer", "CREATE on the schema"),
        ("revoke all on schema public from public, writer", "no schema that this user may use"),
        ("alter database {name} set default_transaction_read_only = on", "name the primary"),
    ],
)
def test_what_its_user_may_not_do_is_said_before_any_source_is_read(
    database: Database, owner_does: str, said: str
) -> None:
    name = database.url.rpartition("/")[2]
    for statement in (
        f"alter database {name} owner to estate",
        "alter schema public owner to estate",
        owner_does.format(name=name),
    ):
        database.ask(statement)
    assert said in refused(database.place)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("53100", "the server's disk is full: have its owner make room and run again"),
        ("53200", "the server lacks memory: run again later"),
        ("57P01", "the server ended the session: run again when it is up"),
        ("XX001", "the server found it damaged: have its owner restore a backup"),
    ],
)
def test_what_ends_a_run_is_said_with_what_to_do_and_loses_nothing(
    database: Database, code: str, said: str
) -> None:
    """The server's answer, as it would give it if its disk were full."""
    with open_ledger(database.place) as ledger:
        write(ledger, "r1", 1)
        database.ask(
            f"create function fail() returns trigger language plpgsql as "
            f"$$ begin raise exception 'canary' using errcode = '{code}'; end $$"
        )
        database.ask("create trigger fail before insert on entries execute function fail()")
        with pytest.raises(LedgerLost) as caught:
            ledger.append(header("r1"), "reading", {}, at=NOON)
        database.ask("drop function fail cascade")
    assert str(caught.value).startswith(f"ledger {REFERENCE}: {said}")
    assert str(caught.value).endswith("; nothing more is written")
    assert "canary" not in str(caught.value)
    holds(database, "r1")


def test_a_server_without_a_free_connection_is_said_so(database: Database) -> None:
    database.ask("alter role writer connection limit 0")
    try:
        said = refused(database.place)
    finally:
        database.ask("alter role writer connection limit -1")
    assert "no free connection: run again later, or have its owner allow more" in said


def test_a_writer_needs_no_right_to_change_an_entry(database: Database) -> None:
    """Tables that the client owns: what is missing is named, what is named is enough."""
    with open_ledger(database.place):
        pass
    for table in ("runs", "entries", "cursors", "nights", "checkpoints"):
        database.ask(f"alter table {table} owner to estate")
    said = refused(database.place)
    wanted = [part.rstrip("; ") for part in said.removesuffix(" to its user").split("GRANT ")[1:]]
    assert wanted == [
        "SELECT, INSERT ON public.checkpoints",
        "SELECT, INSERT, DELETE ON public.cursors",
        "SELECT, INSERT ON public.entries",
        "SELECT, INSERT ON public.nights",
        "SELECT, INSERT, UPDATE (state, head) ON public.runs",
    ]
    for part in wanted:
        database.ask(f"grant {part} to writer")
    with open_ledger(database.place) as ledger:
        write(ledger, "r1", 2)
        ledger.end(header("r1"), "FINISHED", {}, at=NOON)
    holds(database, "r1")
    with (
        psycopg.connect(database.url) as writer,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        writer.execute("update entries set kind = 'verdict'")


def test_a_session_that_is_cut_stops_its_writer_for_good(database: Database) -> None:
    """It connects to nothing again, and the next run marks what it left."""
    with open_ledger(database.place) as ledger:
        write(ledger, "r1", 2)
        database.cut()
        cannot_write(ledger, "r1")
        cannot_write(ledger, "r1")
        assert database.sessions() == []
        with open_ledger(database.place) as next_one:
            assert next_one.begin(header("r2"), {}, at=NOON) == ("r1",)
            cannot_write(ledger, "r1")
            assert next_one.append(header("r2"), "reading", {}, at=NOON) == 6
    holds(database, "r1", "r2")


def test_no_second_session_is_ever_made(database: Database) -> None:
    """It would not hold the lock."""
    with postgresql.writer(database.place) as engine:
        database.cut()
        for _ in range(3):
            with pytest.raises(sa.exc.DBAPIError), engine.begin() as connection:
                connection.exec_driver_sql("select 1")
        assert database.sessions() == []


def test_a_session_that_is_cut_in_the_middle_of_an_entry_leaves_none_of_it(
    database: Database,
) -> None:
    with open_ledger(database.place) as ledger, psycopg.connect(database.dsn) as stranger:
        write(ledger, "r1", 2)
        stranger.execute("lock table entries in exclusive mode")
        late = threading.Thread(target=cannot_write, args=(ledger, "r1"))
        late.start()
        until_one_waits(database)
        database.cut()
        late.join()
        stranger.rollback()
        with open_ledger(database.place) as next_one:
            assert len(list(next_one.entries(run="r1"))) == 3
    holds(database, "r1")


def test_a_writer_without_the_lock_forks_nothing(database: Database) -> None:
    """Should a pooler hand on our session and its lock: each seq stands once, by primary key."""
    with open_ledger(database.place) as ledger, psycopg.connect(database.dsn) as stranger:
        write(ledger, "r1", 2)
        stranger.execute(
            "insert into entries select 4, run_id, kind, format, body, sha256, sha256"
            " from entries where seq = 3"
        )
        late = threading.Thread(target=cannot_write, args=(ledger, "r1"))
        late.start()
        until_one_waits(database)
        stranger.commit()
        late.join()
    assert database.ask("select array_agg(seq order by seq) from entries") == [([1, 2, 3, 4],)]


@pytest.mark.parametrize(
    ("setting", "default", "ours"),
    [
        ("synchronous_commit", "off", "on"),
        ("default_transaction_isolation", "serializable", None),
        ("idle_session_timeout", "'100ms'", "0"),
        ("tcp_keepalives_idle", "7200", "60"),
        ("search_path", "'$user', public", "pg_catalog, pg_temp"),
        ("client_encoding", "'LATIN1'", "UTF8"),
    ],
)
def test_what_the_server_is_set_to_does_not_matter(
    database: Database, setting: str, default: str, ours: str | None
) -> None:
    name = database.url.rpartition("/")[2]
    database.ask(f"alter database {name} set {setting} = {default}")
    with postgresql.writer(database.place) as engine, engine.begin() as connection:
        found = connection.exec_driver_sql(f"show {setting}").scalar()
        assert found == (ours or default)
        isolation = connection.exec_driver_sql("show transaction_isolation").scalar()
        assert isolation == "read committed"
    with open_ledger(database.place) as ledger:
        write(ledger, "r1", 1)
    holds(database, "r1")


def test_two_schemas_of_one_database_are_two_ledgers(database: Database) -> None:
    database.ask("create schema acme authorization writer")
    there = Secret(REFERENCE, f"{database.url}?options=-csearch_path%3Dacme")
    with open_ledger(database.place) as here, open_ledger(there) as other:
        write(here, "r1", 1)
        write(other, "r1", 2)
    holds(database, "r1")
    assert database.ask("select count(*) from acme.entries") == [(3,)]


def test_one_ledger_has_one_lock_by_whatever_path_it_is_found(database: Database) -> None:
    """A schema of the user's own name comes first on the path, as soon as there is one."""
    by_another = Secret(REFERENCE, f"{database.url}?options=-csearch_path%3Dgone,public")
    with open_ledger(database.place):
        assert "another run is writing it" in refused(by_another)


def test_its_numbers_have_no_gaps_after_what_failed(database: Database) -> None:
    with open_ledger(database.place) as ledger:
        write(ledger, "r1", 1)
        with pytest.raises(ValueError, match="finite"):
            ledger.append(header("r1"), "reading", {"n": float("nan")}, at=NOON)
        with pytest.raises(LedgerLost):
            ledger.begin(header("r1"), {}, at=NOON)  # the same run once more
    with open_ledger(database.place) as again:
        write(again, "r2", 1)
    assert database.ask("select array_agg(seq order by seq) from entries") == [([1, 2, 3, 4, 5],)]
    assert database.ask("select array_agg(number order by number) from runs") == [([1, 2],)]


def test_the_url_of_a_source_leads_to_it_as_well(database: Database) -> None:
    """`postgresql+psycopg://`, as sources write it."""
    with open_ledger(database.changed("postgresql:", "postgresql+psycopg:")) as ledger:
        write(ledger, "r1", 1)
    holds(database, "r1")
