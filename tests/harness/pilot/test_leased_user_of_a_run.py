"""A whole run as a user of a database that the store has issued for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.errors import ConfigurationError
from harness.ledger.ledger import utc_now
from harness.pilot import loading
from harness.pilot.model import LoadedPilot
from harness.pilot.plan import plan
from harness.run.config import RunConfig
from harness.run.prove import prove
from tests.connectors.crm_fixture import Database, database
from tests.connectors.vault_fixture import Store
from tests.harness.engagement import write
from tests.harness.pilot.kept import PILOT, SETTINGS

pytestmark = pytest.mark.long

_LEASE = "lease:database/creds/reader"
LEASED = SETTINGS.replace(
    '"vault:secret/crm#password"', f'"{_LEASE}#password", user: "{_LEASE}#username"'
)
BY_LEASE = PILOT.replace('url=at.text("url"),', 'url=at.text("url"), user=at.secret("user"),')


@pytest.fixture
def crm() -> Iterator[Database]:
    with database() as running:
        running.execute(
            "create table customers (customer_key int8 primary key)",
            "insert into customers select generate_series(1, 20)",
        )
        yield running


def config(loaded: LoadedPilot, crm: Database, vault: Store, out: Path) -> RunConfig:
    policy = vault.issue_users(crm.dsn, seconds=60, most=3600)
    return RunConfig(
        loaded=loaded,
        environment="dev",
        slot=utc_now().date(),
        planned=tuple(plan(loaded.pilot, claims=("complete", "conforms"))),
        out=out,
        environ={
            "CRM_URL": crm.environ["CRM_URL"].replace("reader@", ""),
            "VAULT_ADDR": vault.address,
            "VAULT_TOKEN": vault.token(policy),
        },
    )


def test_a_run_is_proven_as_a_user_that_is_gone_with_it(
    tmp_path: Path, crm: Database, vault: Store
) -> None:
    """The check before the run, probe and readings are one user. A pilot that takes it as a text,
    which would be another user's later, is refused.
    """
    loaded = loading.load(write(tmp_path, py=BY_LEASE, yaml=LEASED))
    result = prove(config(loaded, crm, vault, tmp_path / "out"))
    assert {str(one.outcome) for one in result.judged} == {"PROVEN"}, result.judged
    assert crm.scalar("select count(*) from pg_roles where rolname like 'v-%'") == 0
    text = BY_LEASE.replace('at.secret("user")', 'at.text("user")')
    wrong = loading.load(write(tmp_path, py=text, yaml=LEASED))
    with pytest.raises(ConfigurationError, match="user is issued for a time"):
        prove(config(wrong, crm, vault, tmp_path / "other"))
