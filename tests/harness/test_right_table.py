"""A whole run judges the table that is meant, where another role may create objects as well."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.sql import names
from connectors.sql.database import Database as OurDatabase
from harness.verdict import Outcome, Verdict
from tests.harness.engagement import PILOT_PY, write
from tests.harness.ledger_server import PASSWORD, Database
from tests.harness.run.reconciled import proven

CLAIMS = ("complete", "conforms")
PUBLIC = PILOT_PY.replace('"orders": "orders"', '"orders": "public.orders"')


@pytest.fixture
def orders(database: Database) -> Iterator[Database]:
    """Ours have numbers twice; those of mallory, in a schema that comes first, are as promised."""
    for statement in (
        "create table public.orders (order_key bigint)",
        "insert into public.orders select n / 2 from generate_series(1, 100) n",
        "alter table public.orders owner to writer",
        "drop role if exists mallory",
        "create role mallory",
        "create schema writer authorization mallory",
        "create table writer.orders as select n::bigint order_key from generate_series(1, 7) n",
        "alter table writer.orders owner to mallory",
        "grant usage on schema writer to writer",
        "grant select on writer.orders to writer",
    ):
        database.ask(statement)
    yield database
    database.ask("drop owned by mallory cascade")
    database.ask("drop role mallory")


def judged(database: Database, tmp_path: Path, py: str) -> dict[str, Verdict]:
    environ = {
        "ERP_URL": database.url.replace("postgresql://", "postgresql+psycopg://").replace(
            f":{PASSWORD}", ""
        ),
        "ERP_PASSWORD": PASSWORD,
    }
    folder = write(tmp_path, py=py)
    result = proven(folder, tmp_path / "out", environ, datasets=["erp.orders"], claims=CLAIMS)
    return {one.verdict.claim: one.verdict for one in result.judged}


def test_the_table_with_its_schema_is_judged(orders: Database, tmp_path: Path) -> None:
    verdicts = judged(orders, tmp_path, PUBLIC)
    assert verdicts["complete"].outcome is Outcome.PROVEN
    assert "100 rows" in verdicts["complete"].because
    assert verdicts["conforms"].outcome is Outcome.BROKEN


@pytest.mark.attempt(3)
def test_a_bare_name_that_two_schemas_hold_proves_nothing(
    orders: Database, tmp_path: Path
) -> None:
    for verdict in judged(orders, tmp_path, PILOT_PY).values():
        assert verdict.outcome is Outcome.ERROR
        assert "is in the schemas writer, public: write the one that is meant" in verdict.because


UNGUARDED = f"""
from connectors.sql import names
from connectors.sql.database import Database

names.OWN_OBJECTS = "DEFAULT"
Database.find = lambda _self, _connection, table, *_: table
{PILOT_PY}
"""
"""In the pilot, because its source is read in a process of its own."""


def test_without_the_guard_both_are_proven_about_another_table(
    orders: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "OWN_OBJECTS", names.OWN_OBJECTS)  # put back at the end
    monkeypatch.setattr(OurDatabase, "find", OurDatabase.find)
    outcomes = {v.outcome for v in judged(orders, tmp_path, UNGUARDED).values()}
    assert outcomes == {Outcome.PROVEN}
