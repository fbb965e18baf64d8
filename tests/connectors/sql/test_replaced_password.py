"""A database's password is fetched for each log-in, and again where it was replaced just then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from connectors.errors import AccessDenied
from connectors.events import Authenticated
from connectors.secrets import Secret
from connectors.sql.connector import Sql
from tests.conformance import Run, read
from tests.connectors.crm_fixture import CUSTOMERS, ROWS, Database

REFERENCE = "vault:secret/crm#password"
NEW = "canary-of-tomorrow"


@dataclass
class Store:
    """What is kept there, each fetch the next, and at last the same."""

    passwords: list[str]
    asked: int = field(default=0, init=False)

    def fetch(self, _: Sequence[str]) -> Sequence[str]:
        self.asked += 1
        return [self.passwords.pop(0) if len(self.passwords) > 1 else self.passwords[0]]


@contextmanager
def replaced(crm: Database) -> Iterator[None]:
    """The server knows another password of our role meanwhile."""
    crm.execute(f"alter role reader password '{NEW}'")
    try:
        yield
    finally:
        crm.execute(f"alter role reader password '{crm.password}'")


def taken(connector: Sql) -> Run:
    run = read(connector, "it", CUSTOMERS)
    assert run.completed.rows == ROWS
    return run


def test_a_password_that_is_replaced_between_two_readings_is_never_refused(crm: Database) -> None:
    store, before = Store([crm.password, NEW]), crm.refused_logins()
    connector = crm.sql(password=Secret(REFERENCE, store.fetch))
    taken(connector)
    with replaced(crm):
        taken(connector)
    assert crm.refused_logins() == before


def test_a_password_that_is_fetched_once_is_refused_there(crm: Database) -> None:
    """Control."""
    connector = crm.sql(password=Secret(REFERENCE, crm.password))
    taken(connector)
    with replaced(crm), pytest.raises(AccessDenied, match="28P01"):
        taken(connector)


def test_a_password_that_is_replaced_while_we_log_in_costs_one_refusal_and_no_row(
    crm: Database,
) -> None:
    store, before = Store([crm.password, crm.password, NEW]), crm.refused_logins()
    connector = crm.sql(password=Secret(REFERENCE, store.fetch))
    with connector.one_session() as session:
        taken(session)
        with replaced(crm):
            crm.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'reader'"
            )
            run = taken(session)
    assert [one.renewed for one in run.of(Authenticated)] == [True]
    assert crm.refused_logins() == before + 1


def test_a02_a_refused_password_is_shown_once_however_often_we_are_asked(crm: Database) -> None:
    """Also the new one, once the old one was taken: two refusals in all."""
    store, before = Store([crm.password, crm.password, "canary-wrong"]), crm.refused_logins()
    connector = crm.sql(password=Secret(REFERENCE, store.fetch))
    taken(connector)
    with replaced(crm):
        for _ in range(3):
            with pytest.raises(AccessDenied, match="28P01") as told:
                taken(connector)
            assert "canary" not in str(told.value)
    assert crm.refused_logins() == before + 2


def test_a02_a_password_that_was_never_taken_is_not_fetched_again(crm: Database) -> None:
    store, before = Store(["canary-wrong", crm.password]), crm.refused_logins()
    connector = crm.sql(password=Secret(REFERENCE, store.fetch))
    for _ in range(2):
        with pytest.raises(AccessDenied, match="28P01"):
            taken(connector)
    assert (crm.refused_logins(), store.asked) == (before + 1, 1)


@pytest.mark.parametrize(
    "changes",
    [
        {"user": Secret("lease:db/creds/r#username", "v-1")},
        {
            "url": "postgresql://h/d",
            "user": Secret("lease:db/creds/r#username", "v-1"),
            "password": None,
        },
    ],
)
def test_a_user_by_reference_stands_in_place_of_the_urls_and_has_a_password(
    changes: dict[str, object],
) -> None:
    settings = {"url": "postgresql://u@h/d", "password": Secret("env:P", "p"), "tables": {}}
    with pytest.raises(ValueError, match="a user by reference comes with its password"):
        Sql(**{**settings, **changes})
