"""Dagster's storage is taken by one process and what it becomes, and by nobody beside a ledger."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from connectors.secrets import Secret
from harness.dagster.storage import lock_storage, url
from harness.errors import ConfigurationError
from harness.ledger.ledger import open_ledger
from tests.harness.ledger_server import PASSWORD, Database

REFERENCE = "env:RECORDS"
ODD = "p@s%s/:?# x"
HOLDS = """
import sys
from connectors.secrets import Secret
from harness.dagster.storage import lock_storage
held = lock_storage(Secret("env:RECORDS", sys.stdin.readline().strip()))
print("taken", flush=True)
sys.stdin.readline()
"""


def place(database: Database) -> Secret:
    return Secret(REFERENCE, database.url)


@contextmanager
def held(at: Secret) -> Iterator[None]:
    locked = lock_storage(at)
    try:
        yield
    finally:
        locked.session.dispose()


def refused(at: Secret) -> str:
    with pytest.raises(ConfigurationError) as error, held(at):
        pass
    assert "\n" not in str(error.value)
    assert PASSWORD not in str(error.value)
    return str(error.value)


def test_one_has_it_and_the_next_after_it(database: Database) -> None:
    with held(place(database)):
        assert refused(place(database)) == (
            f"storage {REFERENCE}: another seatrial ui serves it: open that one, or end it first"
        )
    with held(place(database)):
        pass


def test_it_is_held_by_a_process_and_let_go_when_that_is_killed(database: Database) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(database.url + "\n")
        process.stdin.flush()
        assert process.stdout.readline() == "taken\n"
        assert "another seatrial ui serves it" in refused(place(database))
        process.kill()
    with held(place(database)):
        pass


def test_a_ledger_and_a_storage_do_not_share_a_schema(database: Database) -> None:
    with open_ledger(database.place):
        pass
    assert "a ledger is there" in refused(place(database))
    database.ask("create schema records authorization writer")
    with held(Secret(REFERENCE, f"{database.url}?options=-csearch_path%3Drecords")):
        pass


def test_where_tables_cannot_be_made_it_says_what_to_grant(database: Database) -> None:
    database.ask("revoke create on schema public from public, writer")
    database.ask("alter schema public owner to estate")
    assert "GRANT CREATE ON its schema to its user" in refused(place(database))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("nowhere", "it leads to no URL of PostgreSQL"),
        ("postgresql://writer@127.0.0.1:1/none", "no answer"),
    ],
)
def test_what_leads_nowhere_is_one_line(wrong: str, said: str) -> None:
    assert said in refused(Secret(REFERENCE, wrong))


@pytest.mark.parametrize(
    "form",
    [
        "postgresql://odd:{quoted}@{host}:{port}/{name}?sslmode=disable",
        "postgresql+psycopg://odd:{quoted}@{host}:{port}/{name}",
        "host={host} port={port} dbname={name} user=odd password='{plain}'",
        "host={host},{host} port={port},{port} dbname={name} user=odd password='{plain}'",
    ],
)
def test_dagster_is_given_what_a_ledger_may_be_given(database: Database, form: str) -> None:
    database.ask("drop role if exists odd")
    database.ask(f"create role odd login password '{ODD}'")
    address = sa.make_url(database.url)
    told = form.format(
        quoted=quote(ODD, safe=""),
        plain=ODD,
        host=address.host,
        port=address.port,
        name=address.database,
    )
    engine = sa.create_engine(url(Secret(REFERENCE, told), "public"), poolclass=sa.NullPool)
    assert engine.driver == "psycopg2"
    with closing(engine.connect()) as connection:
        assert connection.scalar(sa.text("select current_user")) == "odd"


LOGS_IN = """
import os
import sqlalchemy as sa
engine = sa.create_engine(os.environ["SEATRIAL_STORAGE_URL"])
print(engine.connect().scalar(sa.text("select inet_server_addr()")))
"""
LEADS_ELSEWHERE = {"PGHOSTADDR": "127.0.0.2", "PGSERVICE": "other", "PGSERVICEFILE": "/nowhere"}


@pytest.mark.parametrize(
    "leads",
    [
        pytest.param({}, id="left out", marks=pytest.mark.attempt(2)),
        pytest.param(LEADS_ELSEWHERE, id="put back"),
    ],
)
def test_dagsters_processes_get_no_variable_that_leads_its_log_in_elsewhere(
    database: Database, leads: dict[str, str]
) -> None:
    """Put back is the control: there, nothing answers."""
    locked = lock_storage(place(database))
    try:
        environ = locked.environ({**os.environ, **LEADS_ELSEWHERE}) | leads
        ended = subprocess.run(
            [sys.executable, "-c", LOGS_IN], env=environ, capture_output=True, text=True
        )
    finally:
        locked.session.dispose()
    assert (ended.stdout.strip() == "127.0.0.1") is not bool(leads), ended.stderr
