"""Every outcome that the README names is produced by a run or a command, and none other is."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from harness.verdict import Outcome
from tests.harness.amendments.signing import after_a_night, judged, sign, status
from tests.harness.policy.agreed import Agreement

README = Path(__file__).parents[3] / "README.md"


def named() -> set[str]:
    """The outcomes in the first cells of the README's table."""
    rows = re.findall(r"^\| ((?:`[A-Z_]+`(?:, )?)+) \|", README.read_text(), re.MULTILINE)
    return {outcome for row in rows for outcome in re.findall(r"[A-Z_]+", row)}


def _change(acme: Agreement, sql: str) -> None:
    with closing(sqlite3.connect(acme.acme.sources["ACME_OUTLET"])) as outlet, outlet:
        outlet.execute(sql)


def test_each_has_a_producer(tmp_path: Path) -> None:
    acme = after_a_night(tmp_path)
    found = status(acme)
    made = {
        judged(found).outcome: "a run over values that are missing",
        judged(found, "fresh").outcome: "a run with too few nights",
    }
    [never] = {one.outcome for one in found.judged if one.planned.source == "web-shop"}
    made[never] = "what no run has judged"
    sign(acme)
    made[judged(status(acme)).outcome] = "seatrial waive"
    made[judged(status(acme, after=timedelta(hours=27))).outcome] = "26 hours without a run"
    _change(acme, "update orders set voucher = 'SPRING'")
    acme.read()
    made[judged(status(acme)).outcome] = "a run over values that are there"
    _change(acme, "drop table orders")
    acme.read()
    made[judged(status(acme)).outcome] = "a run that found no table"
    assert set(made) == set(Outcome)
    assert named() == set(map(str, Outcome))
