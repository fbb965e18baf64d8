"""What a run does with a source that refuses it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness import pilot
from harness.prove import prove
from harness.result import Result
from harness.take import Clock
from harness.verdict import Outcome
from tests.connectors.crm_fixture import Database, database
from tests.harness import engagement as written

THREE = (
    written.PILOT_PY.replace(
        'tables={"orders": "orders"}', 'tables={n: n for n in ("orders", "b", "c")}'
    )
    .replace("ORDERS = Contract(", "import dataclasses\nORDERS = Contract(")
    .replace(
        "contracts=(ORDERS,)",
        'contracts=(ORDERS, *(dataclasses.replace(ORDERS, name=n) for n in "bc"))',
    )
)


@pytest.fixture(scope="module")
def erp() -> Iterator[Database]:
    with database() as started:
        started.execute(
            *(f"create table {name} (order_key int8)" for name in ("orders", "b", "c")),
            "insert into c values (1)",
            "revoke select on orders from reader",
        )
        yield started


def proven(erp: Database, root: Path, password: str) -> Result:
    return prove(
        pilot.load(written.write(root, py=THREE)),
        environment="dev",
        slot=datetime.now(UTC).date(),
        out=root / "out",
        environ={"ERP_URL": erp.environ["CRM_URL"], "ERP_PASSWORD": password},
        clock=Clock(now=lambda: datetime.now(UTC)),
        progress=lambda *_: None,
        claims=["complete"],
    )


def test_a_refused_password_is_tried_once_and_not_once_a_dataset(
    erp: Database, tmp_path: Path
) -> None:
    before = erp.refused_logins()
    result = proven(erp, tmp_path, "wrong")
    assert erp.refused_logins() - before == 1
    assert [j.verdict.outcome for j in result.judged] == [Outcome.ERROR] * 3
    assert "not tried again in this run" in result.judged[2].verdict.because


def test_one_table_that_is_refused_keeps_no_other_from_being_read(
    erp: Database, tmp_path: Path
) -> None:
    result = proven(erp, tmp_path, erp.password)
    outcomes = [j.verdict.outcome for j in result.judged]
    assert outcomes == [Outcome.ERROR, Outcome.BROKEN, Outcome.PROVEN]
