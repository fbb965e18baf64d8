"""What a run does with a source that refuses it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.facts import Probed, Reading
from harness.ledger.ledger import utc_now
from harness.pilot import loading
from harness.pilot.plan import plan
from harness.report.terminal import told_once
from harness.result import Result
from harness.run.config import RunConfig
from harness.run.prove import prove
from harness.verdict import Outcome
from tests.connectors.crm_fixture import Database, database
from tests.harness import engagement as written

FOUR = (
    written.PILOT_PY.replace(
        'tables={"orders": "orders"}', 'tables={n: n for n in ("orders", "b", "d", "c")}'
    )
    .replace("ORDERS = Contract(", "import dataclasses\nORDERS = Contract(")
    .replace(
        "contracts=(ORDERS,)",
        'contracts=(ORDERS, *(dataclasses.replace(ORDERS, name=n) for n in "bdc"))',
    )
)


@pytest.fixture(scope="module")
def erp() -> Iterator[Database]:
    with database() as started:
        started.execute(
            *(f"create table {name} (order_key int8)" for name in ("orders", "b", "c", "d")),
            "insert into c values (1)",
            "revoke select on orders, d from reader",
        )
        yield started


def proven(erp: Database, root: Path, password: str, *claims: str) -> Result:
    loaded = loading.load(written.write(root, py=FOUR))
    return prove(
        RunConfig(
            loaded=loaded,
            environment="dev",
            slot=utc_now().date(),
            planned=plan(loaded.pilot, claims=claims),
            out=root / "out",
            environ={"ERP_URL": erp.environ["CRM_URL"], "ERP_PASSWORD": password},
        )
    )


def test_a_refused_password_is_tried_once_and_not_once_a_dataset(
    erp: Database, tmp_path: Path
) -> None:
    before = erp.refused_logins()
    result = proven(erp, tmp_path, "wrong", "complete")
    assert erp.refused_logins() - before == 1
    assert [j.verdict.outcome for j in result.judged] == [Outcome.ERROR] * 4
    assert "not tried again in this run" in result.judged[3].verdict.because


def test_nor_by_the_probe_before(erp: Database, tmp_path: Path) -> None:
    """All claims are planned, so our rights are asked for first."""
    before = erp.refused_logins()
    result = proven(erp, tmp_path, "wrong")
    (probed,) = [fact for fact in result.facts if isinstance(fact, Probed)]
    assert "28P01" in probed.probes[0].detail
    assert erp.refused_logins() - before == 1


def test_tables_that_are_refused_keep_no_other_from_being_read(
    erp: Database, tmp_path: Path
) -> None:
    """The first is refused after the log-in, the third in the session that it began."""
    result = proven(erp, tmp_path, erp.password, "complete")
    outcomes = [j.verdict.outcome for j in result.judged]
    assert outcomes == [Outcome.ERROR, Outcome.BROKEN, Outcome.ERROR, Outcome.PROVEN]
    log_ins = [fact.authentications for fact in result.facts if isinstance(fact, Reading)]
    assert log_ins == [1, 0, 0, 0], "one log-in serves all tables of a source"


def test_a_denied_table_is_told_at_its_dataset_with_its_grant(
    erp: Database, tmp_path: Path
) -> None:
    """The log-in worked, so it is not blamed."""
    result = proven(erp, tmp_path, erp.password, "authenticated", "within_budget", "complete")
    told = dict(zip((j.planned for j in result.judged), told_once(result.judged), strict=True))
    said = {(planned.dataset, planned.claim): because for planned, because in told.items()}
    assert said[None, "authenticated"] == "No stranger was tried: allow it with stranger_allowed."
    for table in ("orders", "d"):
        grant = f'GRANT SELECT ON "public"."{table}" TO "reader".'
        assert said[table, "complete"].endswith(f"permission denied: ask its owner for {grant}")
