"""A user that a secret store issues for a time: held, renewed, followed by another, given back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from connectors.errors import SourceUnavailable
from connectors.secrets import MissingReference, Secret
from connectors.sql.connector import Sql
from connectors.vault.token import AppRole
from connectors.vault.vault import Vault
from harness.pilot.lease_keeper import kept_alive
from tests.conformance import read
from tests.connectors.crm_fixture import CUSTOMERS, ROWS, Database
from tests.connectors.vault_fixture import Store, store

USER, PASSWORD = (f"lease:database/creds/reader#{name}" for name in ("username", "password"))
_SECONDS = 6
"""Of a lease that is renewed: at half of it, so that a busy machine has three more."""


@pytest.fixture(scope="module")
def issuing(server: Database) -> Iterator[Store]:
    with store() as started:
        started.issue_users(server.dsn, seconds=_SECONDS, most=3600)
        yield started


@pytest.fixture
def lasting(issuing: Store, crm: Database) -> Store:
    """Roles last an hour, so that nothing ends by itself meanwhile."""
    issuing.issue_users(crm.dsn, seconds=3600, most=7200)
    return issuing


def client(at: Store) -> Vault:
    """As a token that a person gave us."""
    token = at.token("issued")
    return Vault(at.address, credentials=Secret("env:VAULT_TOKEN", token))


def machine(at: Store) -> Vault:
    """Logged in by itself."""
    role_id, secret_id = at.approle("issued", uses=1)
    credentials = AppRole(role_id=role_id, secret_id=Secret("env:SECRET_ID", secret_id))
    return Vault(at.address, credentials=credentials)


def leased(crm: Database, vault: Vault) -> Sql:
    return crm.sql(
        url=crm.environ["CRM_URL"].replace("reader@", ""),
        user=Secret(USER, vault.present),
        password=Secret(PASSWORD, vault.present),
    )


def users(crm: Database) -> set[str]:
    """The roles that were issued, and are there."""
    found = crm.scalar("select string_agg(rolname, ' ') from pg_roles where rolname like 'v-%'")
    return set((found or "").split())


def taken(connector: Sql) -> None:
    assert read(connector, "it", CUSTOMERS).completed.rows == ROWS


@pytest.mark.parametrize("log_in", [client, machine])
def test_one_user_serves_all_log_ins_and_is_gone_at_the_end(
    crm: Database, lasting: Store, log_in: object
) -> None:
    before, vault = users(crm), (client if log_in is client else machine)(lasting)
    connector = leased(crm, vault)
    for _ in range(2):
        taken(connector)
    assert len(users(crm) - before) == 1
    vault.give_back()
    assert users(crm) == before


def test_a_user_that_was_revoked_meanwhile_is_followed_by_another(
    crm: Database, lasting: Store
) -> None:
    before, vault = users(crm), client(lasting)
    connector = leased(crm, vault)
    taken(connector)
    [first] = users(crm) - before
    lasting.do("POST", "sys/leases/revoke-prefix/database/creds/reader")
    taken(connector)
    assert first not in users(crm)
    vault.give_back()


def test_a_user_and_its_password_are_of_one_lease(crm: Database, lasting: Store) -> None:
    """Asked for together they are; the control asks for one after the other."""
    vault = client(lasting)
    assert vault.present([USER, PASSWORD]) == vault.present([USER, PASSWORD])
    [user] = vault.present([USER])
    lasting.do("POST", "sys/leases/revoke-prefix/database/creds/reader")
    assert vault.present([USER, PASSWORD])[0] != user
    vault.give_back()


def test_what_is_renewed_lasts_longer_than_it_was_issued_for(
    crm: Database, issuing: Store
) -> None:
    """The control is renewed by nobody, as after a crash: it is gone after its time."""
    issuing.issue_users(crm.dsn, seconds=_SECONDS, most=3600)
    kept, left = client(issuing), client(issuing)
    [ours], [control] = (vault.present([USER]) for vault in (kept, left))
    with kept_alive(kept.renew, kept.give_back):
        for _ in range(300):
            time.sleep(0.1)
            if control not in users(crm):
                break
        time.sleep(1.0)
        assert users(crm) & {ours, control} == {ours}
        assert kept.present([USER]) == [ours]
    assert ours not in users(crm)


@contextmanager
def lost() -> Iterator[Vault]:
    """A store that ends after its first answer."""
    with store() as started:
        vault = Vault(started.address, credentials=Secret("env:VAULT_TOKEN", started.root))
        started.put("a", b="canary")
        vault.present(["vault:secret/a#b"])
    yield vault


def test_what_is_not_issued_or_not_answered_is_told_in_one_line(lasting: Store) -> None:
    root = Vault(lasting.address, credentials=Secret("env:VAULT_TOKEN", lasting.root))
    lasting.put("kept", b="c")
    for reference, said in (
        ("lease:nowhere/creds/reader#username", "the store issues nothing there"),
        ("lease:secret/data/kept#b", "issues nothing for a time there: write vault:"),
        ("lease:database/creds/reader#user", "no text in this field"),
        ("lease:database#user", "write lease:mount/path#field"),
    ):
        with pytest.raises(MissingReference, match=said) as told:
            root.present([reference])
        assert str(told.value).startswith(reference)
    root.give_back()
    with lost() as vault, pytest.raises(SourceUnavailable, match="no connection"):
        vault.present(["vault:secret/a#b"])
