"""A PostgreSQL of our own for these tests, its table as new for each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.connectors.crm_fixture import CREATE_CUSTOMERS, Database, database


@pytest.fixture(scope="session")
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
