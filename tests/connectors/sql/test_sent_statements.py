"""Every statement that reaches the server is known: read-only, limited, told, and few."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from connectors.capabilities import in_one_session
from connectors.events import Answered
from tests.conformance import Run, read
from tests.connectors.crm_fixture import CUSTOMERS, Database

BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
LIMITS = (
    "SET LOCAL search_path = pg_catalog, pg_temp; "
    "SET LOCAL lock_timeout = '10000'; SET LOCAL statement_timeout = '300000'; "
    "SET LOCAL idle_in_transaction_session_timeout = '300000'; SET LOCAL timezone = 'UTC'; "
    "SET LOCAL datestyle = 'ISO'; SET LOCAL intervalstyle = 'postgres'; "
    "SET LOCAL extra_float_digits = '3'; SET LOCAL bytea_output = 'hex'"
)
FIND = (
    "SET LOCAL search_path = DEFAULT",
    "SELECT pg_catalog.current_schemas(true)",
    "SET LOCAL search_path = pg_catalog, pg_temp",
    "SELECT sought.name",
    "ROLLBACK",
)
"""For a table without a schema, once for all of a source."""
LOCK = 'SAVEPOINT unlocked; LOCK TABLE "public"."customers" IN ACCESS SHARE MODE'
CATALOGUE = (
    "SELECT pg_catalog.pg_attribute",
    "SELECT pg_catalog.pg_class",
    "SELECT attr.conrelid",
)
COUNT = "WITH RECURSIVE part"
ROWS = (
    "SET LOCAL statement_timeout = '0'; SET LOCAL max_parallel_workers_per_gather = '0'; "
    "SET LOCAL tcp_user_timeout = '300000'; COPY (SELECT customer_key"
)


@contextmanager
def logged(crm: Database) -> Iterator[list[str]]:
    """All statements that the server sees of our role meanwhile."""
    crm.execute("alter role reader set log_statement = 'all'")
    start, found = crm.log.stat().st_size, []
    try:
        yield found
        time.sleep(0.2)  # a log is written after the answer
        lines = crm.log.read_text()[start:]
    finally:
        crm.execute("alter role reader reset log_statement")
    statements = re.findall(
        r"LOG:  (?:statement|execute \S+): (.*?)(?=\n\d{4}-|\Z)", lines, re.DOTALL
    )
    found += [" ".join(statement.split()) for statement in statements]


def shortened(sent: Sequence[str]) -> list[str]:
    """Without the tails of the long ones."""
    long = (*CATALOGUE, COUNT, ROWS, FIND[3])
    return [next((s for s in long if one.startswith(s)), one) for one in sent]


def test_a_reading_sends_these_statements_and_no_others(crm: Database) -> None:
    """The log-in sends none at all."""
    with logged(crm) as sent:
        read(crm.sql("public.customers"), "it", CUSTOMERS)
    assert shortened(sent) == [BEGIN, LIMITS, LOCK, *CATALOGUE, COUNT, ROWS, "ROLLBACK"]


def test_a_second_reading_in_the_session_asks_for_a_sign_of_life_first(crm: Database) -> None:
    with logged(crm) as sent, in_one_session(crm.sql()) as connector:
        first, second = (read(connector, "it", CUSTOMERS) for _ in range(2))
    each = [BEGIN, LIMITS, LOCK, *CATALOGUE, COUNT, ROWS, "ROLLBACK"]
    assert shortened(sent) == [BEGIN, LIMITS, *FIND, *each, ";", *each]
    assert first.table.equals(second.table)


def test_a_role_with_rights_on_columns_costs_one_more(crm: Database) -> None:
    columns = ", ".join(CUSTOMERS.names)
    crm.execute("revoke all on customers from reader")
    crm.execute(f"grant select ({columns}) on customers to reader")
    with logged(crm) as sent:
        run = read(crm.sql("public.customers"), "it", CUSTOMERS)
    back = "ROLLBACK TO SAVEPOINT unlocked"
    assert shortened(sent) == [BEGIN, LIMITS, LOCK, back, *CATALOGUE, COUNT, ROWS, "ROLLBACK"]
    assert run.completed.witness is not None
    assert [a.status for a in run.of(Answered) if a.what.startswith("LOCK")] == ["42501"]


def test_the_run_log_has_each_statement_that_looks_or_locks(crm: Database) -> None:
    """Transaction control answers nothing; the look-up of columns is one."""
    run = read(crm.sql(), "it", CUSTOMERS)
    told = Counter(answer.what.split()[0] for answer in run.of(Answered))
    blocks = told.pop("SELECT") - 1
    assert blocks in (len(run.batches), len(run.batches) + 1), "the end may come by itself"
    assert told == {"SET": 2, "LOCK": 1, "schemas": 1, "catalogue": 1}


def test_a_log_in_alone_sends_nothing_but_its_limits(crm: Database) -> None:
    with logged(crm) as sent:
        crm.sql().log_in(emit=Run().events.append)
    assert sent == [BEGIN, LIMITS, "ROLLBACK"]


@pytest.mark.parametrize("setting", ["on", "off"])
def test_the_server_says_how_it_reads_backslashes_at_the_log_in(
    crm: Database, setting: str
) -> None:
    crm.execute(f"alter role reader set standard_conforming_strings = {setting}")
    try:
        with crm.sql()._session(lambda _: None) as connection:  # noqa: SLF001 - no other way in
            assert connection.dialect._backslash_escapes is (setting == "off")  # type: ignore[attr-defined]  # noqa: SLF001
            assert connection.dialect.server_version_info >= (18,)
    finally:
        crm.execute("alter role reader reset standard_conforming_strings")
