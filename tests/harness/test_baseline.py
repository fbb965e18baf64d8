"""`seatrial baseline approve`: what a run saw becomes what later runs are held against."""

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


def proven(acme: Acme) -> tuple[int, str]:
    """Exit code and reason of the claim for one table."""
    into = acme.elsewhere / "verdicts.json"
    ended = run(
        *(acme, "prove", "--dataset", ORDERS, "--claim", "stable_schema", "--json", str(into))
    )
    (verdict,) = json.loads(into.read_text())["verdicts"]
    return ended.code, verdict["because"]


def approve(acme: Acme, *datasets: str, by: str = "Ada Okafor") -> Ended:
    named = [word for dataset in datasets for word in ("--dataset", dataset)]
    return run(acme, "baseline", "approve", "--by", by, *named)


def alter(acme: Acme, statement: str) -> None:
    connection = sqlite3.connect(acme.sources["ACME_OUTLET"])
    connection.execute(statement)
    connection.commit()
    connection.close()


def test_a_change_without_notice_is_red_until_somebody_approves_it(acme: Acme) -> None:
    assert proven(acme) == (
        3,
        "4 columns seen and none approved: 1 approval is needed, by seatrial baseline approve.",
    )
    approved = approve(acme, ORDERS)
    assert (approved.code, approved.out) == (0, "outlet.orders: 4 columns approved\n")
    assert proven(acme)[0] == 0

    alter(acme, "alter table orders add column note text")
    code, because = proven(acme)
    assert code == 1
    assert because.endswith("note (text) was added (compatible).")
    assert proven(acme)[0] == 1, "the next night it is as red"
    again = approve(acme, ORDERS, by="Jonas Lind")
    assert again.out == "outlet.orders: 5 columns approved; note (text) was added (compatible)\n"
    code, because = proven(acme)
    assert code == 0
    assert "Jonas Lind approved" in because


def test_without_its_baseline_a_dataset_is_unproven_and_never_unchanged_c10(acme: Acme) -> None:
    """C10: baseline missing, also after a night that saw the same columns."""
    proven(acme)
    approve(acme, ORDERS)
    assert proven(acme)[0] == 0
    (acme.folder / "baseline.json").unlink()
    code, because = proven(acme)
    assert code == 3
    assert because.startswith("4 columns seen and none approved: 1 approval is needed")
    asked = run(acme, "drift", "--dataset", ORDERS)
    assert (asked.code, "none approved" in asked.out) == (3, True)


def test_what_did_not_change_keeps_who_approved_it(acme: Acme) -> None:
    proven(acme)
    approve(acme, ORDERS)
    before = (acme.folder / "baseline.json").read_bytes()
    assert approve(acme, ORDERS, by="Jonas Lind").out.endswith("as approved before\n")
    assert (acme.folder / "baseline.json").read_bytes() == before


def test_the_baseline_that_a_verdict_rests_on_is_in_the_ledger(acme: Acme) -> None:
    proven(acme)
    approve(acme, ORDERS)
    proven(acme)
    ledger = sqlite3.connect(acme.elsewhere / "out" / "acme" / "ledger.sqlite")
    ((body,),) = ledger.execute("select body from entries where kind = 'baseline'").fetchall()
    ledger.close()
    recorded: dict[str, Any] = json.loads(body)
    assert recorded["baseline"]["approved_by"] == "Ada Okafor"
    assert recorded["baseline"]["declared"]["columns"][0]["name"] == "order_key"


def test_a_table_without_the_contracts_columns_is_broken_by_their_names(acme: Acme) -> None:
    proven(acme)
    approve(acme, ORDERS)
    alter(acme, "drop table orders")
    alter(acme, "create table orders (other integer)")
    code, because = proven(acme)
    assert code == 1
    assert "order_key (bigint) was removed" in because


def test_a_table_that_is_gone_is_an_error_by_name(acme: Acme) -> None:
    proven(acme)
    approve(acme, ORDERS)
    alter(acme, "drop table orders")
    code, because = proven(acme)
    assert code == 4
    assert "table orders" in because


def test_nothing_is_approved_that_no_run_has_seen_whole(acme: Acme) -> None:
    assert "prove first" in approve(acme).complaint
    proven(acme)
    unread = approve(acme)
    assert unread.code == 2
    never = "web-shop.orders: not approved: it was never read in dev: run seatrial prove, then"
    assert never in unread.out
    assert unread.complaint.startswith("seatrial: 2 of 3 datasets not approved (web-shop.orders,")
    before = (acme.folder / "baseline.json").read_bytes()
    assert set(json.loads(before)["datasets"]) == {"outlet.orders"}
    alter(acme, "drop table orders")
    proven(acme)
    assert "not approved: its newest reading" in approve(acme, ORDERS).out
    assert (acme.folder / "baseline.json").read_bytes() == before
    assert "--by needs a name" in approve(acme, ORDERS, by=" ").complaint


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "baseline.json: "),
        ('{"format": 2, "datasets": {}}', "has format 2"),
        ('{"format": 1, "datasets": {}, "more": 1}', "keys that nobody reads"),
        ('{"format": 1, "datasets": {"outlet.orders": {"approved_by": "A"}}}', "missing"),
    ],
)
def test_a_damaged_baseline_is_refused_before_anything_is_read(
    acme: Acme, text: str, told: str
) -> None:
    (acme.folder / "baseline.json").write_text(text)
    ended = run(acme, "prove", "--dataset", ORDERS)
    assert ended.code == 2
    assert told in ended.complaint
    assert not (acme.elsewhere / "out" / "acme" / "ledger.sqlite").exists()


def test_a_baseline_for_a_dataset_that_the_pilot_lacks_is_refused(acme: Acme) -> None:
    proven(acme)
    approve(acme, ORDERS)
    path = acme.folder / "baseline.json"
    path.write_text(path.read_text().replace("outlet.orders", "outlet.odrers"))
    ended = run(acme, "prove", "--dataset", ORDERS)
    assert ended.code == 2
    assert "did you mean outlet.orders?" in ended.complaint


def test_a_dataset_that_was_taken_out_of_the_pilot_is_dropped_by_the_next_approval(
    acme: Acme,
) -> None:
    proven(acme)
    approve(acme, ORDERS)
    path = acme.folder / "baseline.json"
    document = json.loads(path.read_text())
    document["datasets"]["outlet.order_lines"] = document["datasets"][ORDERS]
    path.write_text(json.dumps(document))
    ended = run(acme, "prove", "--dataset", ORDERS)
    assert ended.code == 2
    assert (
        "baseline.json: dataset outlet.order_lines is no longer in pilot.py: put it back, "
        "take its record out of the file, or run seatrial baseline approve, which does that"
    ) in ended.complaint
    told = approve(acme, ORDERS)
    assert told.code == 0
    assert told.out.splitlines() == [
        "outlet.order_lines: dropped, as it is no longer in pilot.py",
        "outlet.orders: 4 columns, as approved before",
    ]
    assert proven(acme)[0] == 0
