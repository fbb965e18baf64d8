"""`seatrial drift`: a change of columns is found without a reading, and is red until approved."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.cli import seatrial
from tests.harness.acme_layout import Acme, lay_out
from tests.shell import Ended

ORDERS = "outlet.orders"


@pytest.fixture
def acme(tmp_path: Path) -> Acme:
    """A copy of its own: its tables are altered here."""
    return lay_out(tmp_path)


def run(acme: Acme, *arguments: str) -> Ended:
    return seatrial(arguments, cwd=acme.elsewhere, environ=acme.sources)


def drifted(acme: Acme, *arguments: str) -> tuple[int, str]:
    """Exit code and reason of the verdict on one table."""
    into = acme.elsewhere / "drift.json"
    words = ("drift", "--dataset", ORDERS, "--json", str(into), *arguments)
    ended = run(acme, *words)
    (verdict,) = json.loads(into.read_text())["verdicts"]
    assert verdict["claim"] == "stable_schema"
    return ended.code, verdict["because"]


def approve(acme: Acme) -> Ended:
    return run(acme, "baseline", "approve", "--by", "Ada Okafor", "--dataset", ORDERS)


def alter(acme: Acme, statement: str) -> None:
    connection = sqlite3.connect(acme.sources["ACME_OUTLET"])
    connection.execute(statement)
    connection.commit()
    connection.close()


def entries(acme: Acme, kind: str) -> list[dict[str, Any]]:
    ledger = sqlite3.connect(acme.elsewhere / "out" / "acme" / "ledger.sqlite")
    found = ledger.execute("select body from entries where kind = ? order by seq", (kind,))
    bodies = [json.loads(body) for (body,) in found]
    ledger.close()
    return bodies


def test_a_change_is_red_until_somebody_approves_what_drift_saw(acme: Acme) -> None:
    """No reading was ever made: the approval rests on what was asked for."""
    code, because = drifted(acme)
    assert (code, because) == (
        3,
        "4 columns seen and none approved: 1 approval is needed, by seatrial baseline approve.",
    )
    assert approve(acme).out == "outlet.orders: 4 columns approved\n"
    assert drifted(acme)[0] == 0

    alter(acme, "alter table orders rename column voucher to coupon")
    code, because = drifted(acme)
    assert code == 1
    assert "voucher was renamed to coupon" in because
    assert drifted(acme)[0] == 1, "the next night it is as red"
    assert "renamed" in approve(acme).out
    assert drifted(acme)[0] == 0
    assert entries(acme, "reading") == []


def test_drift_is_held_against_what_a_reading_was_approved_for(acme: Acme) -> None:
    """Both kinds of run declare the same columns, so that neither alarms after the other."""
    run(acme, "prove", "--dataset", ORDERS, "--claim", "stable_schema")
    approve(acme)
    assert drifted(acme)[0] == 0


def test_the_report_of_the_night_is_left_as_it_is(acme: Acme) -> None:
    run(acme, "prove", "--dataset", ORDERS)
    out = acme.elsewhere / "out" / "acme"
    before = (out / "verdicts.json").read_bytes(), (out / "report.html").read_bytes()
    drifted(acme)
    assert ((out / "verdicts.json").read_bytes(), (out / "report.html").read_bytes()) == before
    assert "stable_schema" in (out / "drift.html").read_text()


def test_its_run_says_in_the_ledger_that_it_looked_for_drift(acme: Acme) -> None:
    """Whoever counts nights can tell it from a run that reads."""
    drifted(acme)
    run(acme, "prove", "--dataset", ORDERS)
    assert [one.get("job") for one in entries(acme, "started")] == ["drift", None]
    (declaration,) = entries(acme, "declaration")
    assert declaration["locator"] == "orders"
    assert 0 < declaration["declaration"]["attempts"] <= 5


def test_a_table_that_is_gone_is_an_error_by_name(acme: Acme) -> None:
    drifted(acme)
    alter(acme, "drop table orders")
    code, because = drifted(acme)
    assert code == 4
    assert "table orders" in because


def test_a_dataset_that_is_not_there_is_refused_with_the_nearest_name(acme: Acme) -> None:
    ended = run(acme, "drift", "--dataset", "outlet.order")
    assert ended.code == 2
    assert "outlet.orders" in ended.err
