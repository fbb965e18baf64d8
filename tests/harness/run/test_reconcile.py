"""Keys of one real server looked for in another, counted and judged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from estate.lifecycle import Running
from harness.facts import EvidenceClass, Overlap, Reading
from harness.ledger.chain import breaks
from harness.ledger.ledger import open_ledger
from harness.run.evidence_class import weakest
from harness.verdict import Outcome
from tests.harness.run.reconciled import KEYS, proven, read
from tests.harness.run.reconciling import overlapping


def test_every_key_and_amount_found_again_is_proven(estate: Running, tmp_path: Path) -> None:
    """By a form, for a name is written otherwise than a number; nothing is read twice."""
    result = proven(
        overlapping(tmp_path), tmp_path / "out", estate.environ, datasets=["crm.customers"]
    )
    [judged] = result.judged
    assert judged.verdict.outcome is Outcome.PROVEN
    assert judged.verdict.n == KEYS
    assert judged.verdict.because == (
        "As promised, all 1,500 keys of name are in crm.customers (at least 99.8 %, with "
        "95 % confidence) and account_balance agrees with crm.customers for all 1,500 keys "
        "(at least 99.8 %, with 95 % confidence)."
    )
    assert read(result) == ["crm.customers"]


def test_keys_of_another_kind_are_found_nowhere_and_the_other_side_is_read_for_it(
    estate: Running, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    result = proven(overlapping(tmp_path), out, estate.environ, datasets=["logistics.shipments"])
    [judged] = result.judged
    assert judged.verdict.outcome is Outcome.BROKEN
    [overlap] = [f for f in result.facts if isinstance(f, Overlap)]
    assert overlap.found is not None
    missing = overlap.found.keys - overlap.found.found
    assert 0 < missing < overlap.found.keys == judged.verdict.n
    said = f"{missing:,} of {overlap.found.keys:,} keys of order_key are not in crm.customers"
    assert judged.verdict.because.startswith(said)
    assert read(result) == ["logistics.shipments", "crm.customers"]
    with open_ledger(out / "ledger.sqlite") as ledger:
        assert list(breaks(ledger.entries())) == []
        [entry] = [json.loads(e.body) for e in ledger.entries(kind="overlap")]
    assert (entry["source"], entry["dataset"]) == ("logistics", "shipments")
    assert len(entry["contract"]) == 64
    assert entry["evidence_class"] == "simulated"
    assert entry["overlap"]["found"]["keys"] == overlap.found.keys
    page = (out / "report.html").read_text()
    assert "Looked for in" in page
    assert "<code>crm.customers</code> <code>customer_key</code>" in page


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'our_form="Customer#0*([0-9]+)"',
            'our_form="Kunde#0*([0-9]+)"',
            "keys of name are not in crm.customers, 1,500 without the promised form (0 %, and",
        ),
        (
            "factor=Decimal(1)",
            "factor=Decimal(100)",
            "mostly by a factor of 100: see that the unit is right",
        ),
    ],
)
def test_a_wrong_form_and_a_wrong_unit_are_broken(
    estate: Running, tmp_path: Path, old: str, new: str, said: str
) -> None:
    folder = overlapping(tmp_path, old=old, new=new)
    result = proven(folder, tmp_path / "out", estate.environ, datasets=["crm.customers"])
    [judged] = result.judged
    assert judged.verdict.outcome is Outcome.BROKEN
    assert said in judged.verdict.because


def test_two_datasets_of_one_source_are_held_together_and_both_read_once(
    estate: Running, tmp_path: Path
) -> None:
    claims = ("reconciles", "arrives")
    folder, out = overlapping(tmp_path), tmp_path / "out"
    result = proven(folder, out, estate.environ, datasets=["parts", "prices"], claims=claims)
    [judged] = [j for j in result.judged if j.planned.claim == "reconciles"]
    assert judged.planned.dataset == "prices"
    assert judged.verdict.outcome is Outcome.PROVEN
    assert read(result) == ["vendor.parts", "vendor.prices"]


def test_a_side_that_is_down_is_an_error_and_never_proven(estate: Running, tmp_path: Path) -> None:
    environ = {**estate.environ, "CRM_URL": "postgresql+psycopg://reader@127.0.0.1:1/crm"}
    folder, out = overlapping(tmp_path), tmp_path / "out"
    result = proven(folder, out, environ, datasets=["shipments"])
    [judged] = result.judged
    assert judged.verdict.outcome is Outcome.ERROR
    assert judged.verdict.because.startswith("Could not be judged: crm.customers was not read: ")
    [overlap] = [f for f in result.facts if isinstance(f, Overlap)]
    assert overlap.found is None


def test_a_source_that_refused_us_is_not_asked_again_for_the_other_side(
    estate: Running, tmp_path: Path
) -> None:
    """The reading of prices was refused, and parts would be one more try."""
    environ = {**estate.environ, "VENDOR_CLIENT_SECRET": "wrong"}
    folder, out = overlapping(tmp_path), tmp_path / "out"
    result = proven(folder, out, environ, datasets=["prices"])
    assert [j.verdict.outcome for j in result.judged] == [Outcome.ERROR]
    prices, parts = [f for f in result.facts if isinstance(f, Reading)]
    assert prices.failure is not None
    assert parts.failure is not None
    assert parts.failure.message.startswith("not tried again in this run")
    assert parts.attempts == 0


def test_the_evidence_is_worth_what_the_weaker_side_is_worth() -> None:
    """Facts of production compared with practice are practice."""
    production, simulated = EvidenceClass.PRODUCTION, EvidenceClass.SIMULATED
    assert weakest([production, simulated]) is weakest([simulated, production]) is simulated
    assert weakest([production, EvidenceClass.STAGING]) is EvidenceClass.STAGING
