"""Keys of one real server looked for in another: both files kept, counted, judged, removed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import dagster as dg
import pyarrow.parquet as pq
import pytest
from dagster_proven import run
from reconciling import overlapping

from estate.lifecycle import Running
from harness.dagster import keys
from harness.errors import ConfigurationError
from harness.facts import EvidenceClass, Overlap, Reading
from harness.ledger.chain import breaks
from harness.ledger.ledger import open_ledger, utc_now
from harness.pilot import loading
from harness.pilot.plan import plan
from harness.result import Result
from harness.run.config import RunConfig
from harness.run.evidence_class import weakest
from harness.run.lifecycle import finish, running
from harness.run.prove import prove
from harness.run.reconcile import reconcile
from harness.run.run import Run
from harness.run.slot import slot
from harness.run.sources import prove_sources
from harness.verdict import Outcome

KEYS = 1_500
"""Customers of the estate."""


def proven(
    folder: Path,
    out: Path,
    environ: Mapping[str, str],
    *,
    datasets: Sequence[str] = (),
    claims: Sequence[str] = ("reconciles",),
) -> Result:
    loaded = loading.load(folder)
    result = prove(
        RunConfig(
            loaded=loaded,
            environment="dev",
            slot=slot(None, zone=loaded.zone, now=utc_now()),
            planned=plan(loaded.pilot, datasets=datasets, claims=claims),
            out=out,
            environ=environ,
        )
    )
    assert not (out / "landed").exists()
    assert len(result.judged) == result.executed
    return result


def read(result: Result) -> list[str]:
    return [f"{f.source}.{f.dataset}" for f in result.facts if isinstance(f, Reading)]


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


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return overlapping(tmp_path_factory.mktemp("pilot"))


def comparable(document: Any) -> list[dict[str, Any]]:
    names = ("source", "dataset", "claim", "outcome", "expected", "n", "method", "evidence_class")
    return [{name: v[name] for name in names} for v in document["verdicts"]]


def test_dagster_reconciles_after_the_sources_as_the_command_line_does(
    estate: Running, folder: Path, tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    """CRM and logistics; the vendor's quota would make it a minute."""
    loaded = loading.load(folder)
    of = loaded.pilot
    owed = [p for p in plan(of) if p.source != "vendor"]
    datasets = ["crm.customers", "logistics.shipments"]
    proven(folder, tmp_path / "by-hand", estate.environ, datasets=datasets, claims=())
    by_dagster = run(
        loaded,
        instance,
        tmp_path / "by-dagster",
        estate.environ,
        asset_selection=[
            *{keys.check(of, p).asset_key for p in owed},
            keys.evidence(of),
            keys.verdict(of),
        ],
    )
    document = json.loads((tmp_path / "by-hand" / "verdicts.json").read_text())
    assert comparable(by_dagster.document) == comparable(document)
    assert [v["claim"] for v in document["verdicts"]].count("reconciles") == 2
    said = by_dagster.metadata(keys.reconciled(of, "crm", "customers"))
    assert said == {
        "name in crm.customers: keys": KEYS,
        "name in crm.customers: found": KEYS,
        "name in crm.customers: share": 1.0,
        "name in crm.customers: amounts compared": KEYS,
        "name in crm.customers: amounts agreeing": KEYS,
    }
    checked = {
        "/".join(e.asset_key.path[1:]): e.passed
        for e in by_dagster.result.get_asset_check_evaluations()
        if e.check_name == "reconciles"
    }
    assert checked == {"crm/customers.reconciled": True, "logistics/shipments.reconciled": False}
    assert not (tmp_path / "by-dagster" / "landed").exists()


def test_a_reconciliation_selected_alone_in_dagster_reads_both_sides(
    estate: Running, folder: Path, tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    loaded = loading.load(folder)
    key = keys.reconciled(loaded.pilot, "logistics", "shipments")
    alone = run(loaded, instance, tmp_path, estate.environ, asset_selection=[key])
    assert alone.result.success
    assert alone.state == "FINISHED"
    [evaluation] = alone.result.get_asset_check_evaluations()
    assert not evaluation.passed
    assert evaluation.description is not None
    assert "are not in crm.customers" in evaluation.description


def test_a_dataset_selected_without_its_reconciliation_owes_none(
    estate: Running, folder: Path, tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    loaded = loading.load(folder)
    key = keys.proven(loaded.pilot, "crm", "customers")
    evidence = keys.evidence(loaded.pilot)
    part = run(loaded, instance, tmp_path, estate.environ, asset_selection=[key, evidence])
    assert "reconciles" not in [v["claim"] for v in part.document["verdicts"]]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'TO_PARTS = Reconciliation(dataset="vendor.parts"',
            'TO_PARTS = Reconciliation(dataset="vendor.part"',
            "vendor.prices reconciles: unknown dataset 'vendor.part': did you mean vendor.parts?",
        ),
        (
            'theirs="part_key"',
            'theirs="key"',
            "vendor.prices with vendor.parts: reconciles names key, which is not a column",
        ),
        (
            'theirs="part_key"',
            'theirs="retail_price"',
            "vendor.prices with vendor.parts: reconciles names retail_price, which is no key",
        ),
        (
            'theirs="account_balance"',
            'theirs="phone"',
            "crm.customers with crm.customers: reconciles names phone, which is no integer",
        ),
    ],
)
def test_a_promise_of_what_the_other_side_cannot_hold_is_a_mistake_in_the_pilot(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    folder = overlapping(tmp_path, old=old, new=new)
    with pytest.raises(ConfigurationError) as error:
        loading.load(folder)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_a_promise_of_what_the_own_side_cannot_hold_is_a_broken_contract(tmp_path: Path) -> None:
    loaded = loading.load(overlapping(tmp_path, old='ours="name"', new='ours="nane"'))
    assert loaded.problems.keys() == {("crm", "customers")}
    complaint = loaded.problems["crm", "customers"]
    assert "reconciles names nane, which is not a column" in complaint


def test_reconciles_is_owed_by_those_that_promise_it_and_asked_of_no_other(folder: Path) -> None:
    of = loading.load(folder).pilot
    owed = [p.dataset for p in plan(of) if p.claim == "reconciles"]
    assert owed == ["customers", "shipments", "prices"]
    with pytest.raises(ConfigurationError, match="add reconciles to its promises"):
        plan(of, datasets=["parts"], claims=["reconciles"])


def test_the_evidence_is_worth_what_the_weaker_side_is_worth() -> None:
    """Facts of production compared with practice are practice."""
    production, simulated = EvidenceClass.PRODUCTION, EvidenceClass.SIMULATED
    assert weakest([production, simulated]) is weakest([simulated, production]) is simulated
    assert weakest([production, EvidenceClass.STAGING]) is EvidenceClass.STAGING


def opened_run(folder: Path, out: Path, environ: Mapping[str, str]) -> AbstractContextManager[Run]:
    """Of the one reconciliation of customers."""
    loaded = loading.load(folder)
    return running(
        RunConfig(
            loaded=loaded,
            environment="dev",
            slot=slot(None, zone=loaded.zone, now=utc_now()),
            planned=plan(loaded.pilot, datasets=["crm.customers"], claims=["reconciles"]),
            out=out,
            environ=environ,
        )
    )


def test_rows_that_were_changed_after_they_were_read_are_not_counted(
    estate: Running, folder: Path, tmp_path: Path
) -> None:
    """They are the same rows here, and whole: only the digest tells."""
    with opened_run(folder, tmp_path, estate.environ) as open_run:
        prove_sources(open_run)
        landed = open_run.landing_path("crm", "customers")
        pq.write_table(pq.read_table(landed), landed)
        [judged] = reconcile(open_run)
        finish(open_run)
    assert judged.verdict.outcome is Outcome.ERROR


def test_rows_kept_for_comparing_are_gone_when_the_run_is_interrupted(
    estate: Running, folder: Path, tmp_path: Path
) -> None:
    def interrupted() -> None:
        with opened_run(folder, tmp_path, estate.environ) as open_run:
            prove_sources(open_run)
            assert open_run.landing_path("crm", "customers").exists()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not (tmp_path / "landed").exists()
