"""Promises are signed before the first reading; each later change is an amendment, or is told."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from harness.errors import ConfigurationError
from harness.ledger.chain import breaks
from harness.policy.document import digest
from harness.policy.state import state
from harness.policy.words import describe
from tests.harness.acme_layout import lay_out
from tests.harness.evidence.nights import Change, changed
from tests.harness.policy.agreed import NOON, YEAR, Agreement

THRESHOLDS = "zone: Europe/Berlin"
REFUNDS = "contracts/refunds.py"
LESS = "thresholds: {on_time: 0.9}\nzone: Europe/Berlin"


@pytest.fixture
def agreement(tmp_path: Path) -> Agreement:
    return Agreement(acme=lay_out(tmp_path), root=tmp_path)


def test_two_people_sign_one_policy_and_it_is_in_time(agreement: Agreement) -> None:
    agreement.sign("sec")
    agreement.sign("law")
    before = agreement.state()
    agreement.read()
    found = agreement.state()
    [one] = found.agreed
    assert [s.signature.role for s in one.signed] == ["security", "legal"]
    assert (before.in_time, found.in_time, one.lacks) == (True, True, ())
    assert found.deviations == ()
    said = one.document
    assert (said["number"], said["amends"], said["by"]) == (1, None, "Sam Okoye")
    assert said["thresholds"]["on_time"] == 0.95
    orders = said["promises"]["outlet.orders"]
    readings = [json.loads(e.body) for e in agreement.entries() if e.kind == "reading"]
    assert {r["contract"] for r in readings} == {orders["contract"]}
    assert orders["promised"]["volume"] == {"minimum": 1, "maximum": None}
    assert "thresholds" not in orders["promised"]
    assert list(breaks(agreement.entries())) == []


def test_what_must_arrive_and_never_did_is_shown_missing(agreement: Agreement) -> None:
    """Only the outlet's orders were read; the web shop's verdicts are as much owed."""
    agreement.sign("sec")
    agreement.sign("law")
    agreement.read()
    found = agreement.state()
    assert {one.source for one in found.missing} == {"web-shop"}
    assert {one.dataset for one in found.missing} == {None, "orders", "refunds"}
    lines = list(describe(found))
    assert "never arrived: 16 verdicts that must arrive" in lines
    assert "  fresh of web-shop.orders" in lines
    assert found.good is False


@pytest.mark.parametrize("signers", [["sec"], ["law"], []])
def test_what_lacks_a_signature_is_not_agreed(agreement: Agreement, signers: list[str]) -> None:
    for who in signers:
        agreement.sign(who)
    agreement.read()
    found = agreement.state()
    assert (found.in_time, found.good) == (False, False)


def test_a_signature_after_the_first_reading_is_too_late(agreement: Agreement) -> None:
    agreement.sign("sec")
    agreement.read()
    agreement.sign("law")
    found = agreement.state()
    assert found.newest is not None
    assert found.newest.lacks == ()
    assert found.in_time is False
    assert any(
        line.startswith("not signed as security and legal before the first reading")
        for line in describe(found)
    )


def test_a_later_change_is_an_amendment_with_old_and_new_who_and_why(
    agreement: Agreement,
) -> None:
    agreement.sign("sec")
    agreement.sign("law")
    agreement.read()
    agreement.edit(THRESHOLDS, LESS)
    told = r"policy 1 says: thresholds: on_time: 0\.95 → 0\.9; say why by --why"
    with pytest.raises(ConfigurationError, match=told):
        agreement.sign("law")
    agreement.sign("law", why="the shop closes later")
    agreement.sign("sec")
    first, second = agreement.state().agreed
    assert second.document["amends"] == digest(first.document)
    assert (second.document["by"], second.document["why"]) == (
        "Lea Brandt",
        "the shop closes later",
    )
    [change] = second.document["changes"]
    assert change == {"what": "thresholds: on_time", "old": 0.95, "new": 0.9}
    assert second.lacks == ()
    agreement.read()
    assert agreement.state().deviations == ()


def test_a_change_that_nobody_signed_is_told_with_the_runs_that_held_it(
    agreement: Agreement,
    capsys: pytest.CaptureFixture[str],
) -> None:
    agreement.sign("sec")
    agreement.sign("law")
    agreement.read()
    agreement.edit(THRESHOLDS, LESS)
    assert "not as policy" not in capsys.readouterr().err
    agreement.read()
    assert (
        "not as policy 1 says: thresholds: on_time: 0.95 → 0.9: seatrial policy sign --why"
        in capsys.readouterr().err
    )
    agreement.read()
    agreement.edit(LESS, THRESHOLDS)
    agreement.read()
    found = agreement.state()
    [one] = found.deviations
    assert (one.runs, [c.what for c in one.changes]) == (2, ["thresholds: on_time"])
    assert found.good is False
    assert any(
        re.match("unsigned: 2 runs from .* held other promises", x) for x in describe(found)
    )


def test_a_rule_of_the_schema_counts_and_prose_does_not(agreement: Agreement) -> None:
    agreement.sign("sec")
    agreement.sign("law")
    agreement.edit("The order's number", "The number of the order", file=REFUNDS)
    agreement.read()
    assert agreement.state().deviations == ()
    agreement.edit("pa.Check.gt(0)", "pa.Check.ge(0)", file=REFUNDS)
    agreement.read()
    [one] = agreement.state().deviations
    assert [change.what for change in one.changes] == ["web-shop.refunds: rules"]


def test_the_same_key_signs_once_and_in_one_role(agreement: Agreement) -> None:
    agreement.sign("sec")
    before = len(agreement.entries())
    assert "was signed with this key by Sam Okoye" in agreement.sign("sec")[0]
    with pytest.raises(ConfigurationError, match="somebody else to sign as legal"):
        agreement.sign("sec", role="legal", trusted=False)
    assert len(agreement.entries()) == before


def test_what_the_register_does_not_allow_is_refused_and_does_not_count(
    agreement: Agreement,
) -> None:
    with pytest.raises(ConfigurationError, match="by the register Sam Okoye signs as security"):
        agreement.sign("sec", role="legal")
    agreement.at = NOON + 2 * YEAR
    with pytest.raises(ConfigurationError, match="was valid until"):
        agreement.sign("sec")
    agreement.at = NOON
    agreement.sign("sec", role="legal", trusted=False)
    [one] = agreement.state().agreed
    assert one.signed[0].objection == "Sam Okoye does not sign as legal"
    assert one.lacks == ("security", "legal")


def change_thresholds(body: dict[str, Any]) -> None:
    body["policy"]["thresholds"]["on_time"] = 0.5


def change_signer(body: dict[str, Any]) -> None:
    body["signature"]["by"] = "Somebody Else"


def swap_role(body: dict[str, Any]) -> None:
    other = {"security": "legal", "legal": "security"}
    body["signature"]["role"] = other[body["signature"]["role"]]


def cut_signature(body: dict[str, Any]) -> None:
    envelope = json.loads(body["signature"]["envelope"])
    envelope["signatures"] = []
    body["signature"]["envelope"] = json.dumps(envelope)


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("policy", change_thresholds),
        ("signature", change_signer),
        ("signature", swap_role),
        ("signature", cut_signature),
    ],
)
def test_a_policy_or_signature_that_was_changed_and_chained_again_does_not_count(
    agreement: Agreement, kind: str, change: Change
) -> None:
    agreement.sign("sec")
    agreement.sign("law")
    known = agreement.entries()
    of = {"pilot": "acme", "environment": "dev"}
    assert state(known, **of, register=agreement.register).in_time
    other = changed(known, change, where=lambda entry: entry.kind == kind)
    assert list(breaks(other)) == []
    found = state(other, **of, register=agreement.register)
    assert not found.in_time
    assert found.newest is None or found.newest.lacks == ("security", "legal")


@pytest.mark.parametrize("name", ["promises", "evidence", "changes", "thresholds", "number"])
def test_what_is_no_policy_is_a_value_error(agreement: Agreement, name: str) -> None:
    agreement.sign("sec")

    def change(body: dict[str, Any]) -> None:
        body["policy"][name] = "nothing of ours"

    other = changed(agreement.entries(), change, where=lambda entry: entry.kind == "policy")
    with pytest.raises(ValueError, match="is no policy that can be read"):
        state(other, pilot="acme", environment="dev")


def test_a_ledger_that_was_changed_shows_no_policy(agreement: Agreement) -> None:
    agreement.sign("sec")
    with closing(sqlite3.connect(agreement.root / "out" / "ledger.sqlite")) as ledger, ledger:
        ledger.execute("delete from entries where kind = 'signature'")
    with pytest.raises(ConfigurationError, match="missing"):
        agreement.look()
    with pytest.raises(ConfigurationError, match="missing"):
        agreement.sign("law")


def test_a_policy_that_amends_none_is_left_out(agreement: Agreement) -> None:
    agreement.sign("sec")
    agreement.edit(THRESHOLDS, LESS)
    agreement.sign("sec", why="another shop")

    def change(body: dict[str, Any]) -> None:
        if body["policy"]["number"] > 1:
            body["policy"]["amends"] = "00" * 32

    other = changed(agreement.entries(), change, where=lambda entry: entry.kind == "policy")
    assert len(state(other, pilot="acme", environment="dev").agreed) == 1


def test_a_broken_contract_an_unknown_role_and_a_nameless_person_are_refused(
    agreement: Agreement,
) -> None:
    with pytest.raises(ConfigurationError, match="--role security2: unknown role: did you mean"):
        agreement.sign("sec", role="security2")
    with pytest.raises(ConfigurationError, match="--why is empty"):
        agreement.sign("sec", why=" ")
    agreement.edit('key=("order_key",)', 'key=("nothing",)', file=REFUNDS)
    with pytest.raises(ConfigurationError, match="correct it, then sign"):
        agreement.sign("sec")
    assert not (agreement.root / "out").exists()
