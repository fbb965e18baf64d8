"""Every verdict is judged again from entries alone; one that was changed and chained is found."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.evidence.recompute import How, Recomputed, recompute
from harness.ledger.chain import Entry, breaks
from harness.run import code_version
from harness.verdict import Outcome
from tests.cli import REPOSITORY
from tests.harness.evidence.nights import Change, changed, nights

CODE = code_version.text()
PLANNED = 24
"""Verdicts of a night: of the source, two datasets, one whose contract is broken, one without."""


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> tuple[Entry, ...]:
    return nights(tmp_path_factory.mktemp("nights"))


def found(known: list[Entry], *, code: str = CODE) -> list[Recomputed]:
    """What is not equal; the chain itself shows nothing."""
    assert list(breaks(known)) == []
    return [one for one in recompute(known, code=code) if one.how is not How.EQUAL]


def test_every_verdict_comes_out_byte_for_byte(known: tuple[Entry, ...]) -> None:
    again = recompute(known, code=CODE)
    assert Counter(one.how for one in again) == {How.EQUAL: 2 * PLANNED + 3}
    assert [one.seq for one in again] == [e.seq for e in known if e.kind == "verdict"]
    outcomes = {json.loads(e.body)["verdict"]["outcome"] for e in known if e.kind == "verdict"}
    assert outcomes == {"PROVEN", "BROKEN", "UNPROVEN", "ERROR", "NOT_RUN"}


def test_promises_are_recorded_once_and_named_by_every_run(known: tuple[Entry, ...]) -> None:
    recorded = [json.loads(e.body) for e in known if e.kind == "promises"]
    assert [one["dataset"] for one in recorded] == [None, "orders", "refunds"]
    named = [json.loads(e.body)["promises"] for e in known if e.kind == "started"]
    assert len(named) == 3
    assert all(one == named[0] for one in named)
    assert list(named[0]) == ["shop", "shop.orders", "shop.refunds"]
    contracts = {json.loads(e.body)["contract"] for e in known if e.kind == "reading"}
    assert contracts == {one["contract"] for one in recorded[1:]}


def verdict_of(claim: str, dataset: str | None) -> Callable[[Entry], bool]:
    """The last one."""

    def where(entry: Entry) -> bool:
        body = json.loads(entry.body)
        is_it = entry.kind == "verdict" and body["verdict"]["claim"] == claim
        return is_it and body["dataset"] == dataset and body["slot"] == "2026-11-21"

    return where


def proven(body: dict[str, Any]) -> None:
    body["verdict"] |= {"outcome": "PROVEN", "failed_rules": []}
    del body["verdict"]["failed_rules"]


CHANGES: dict[str, Change] = {
    "another outcome": proven,
    "another reason": lambda body: body["verdict"].update(because="All is well."),
    "another number": lambda body: body["verdict"].update(n=7),
    "another class of evidence": lambda body: body.update(evidence_class="production"),
    "a field that it does not have": lambda body: body["verdict"].update(note="fine"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize(
    ("claim", "dataset"),
    [("conforms", "orders"), ("arrives", "orders"), ("owned", None), ("reconciles", "orders")],
)
def test_a_verdict_that_was_changed_and_chained_again_is_found(
    known: tuple[Entry, ...], claim: str, dataset: str | None, change: Change
) -> None:
    """Whoever holds the key can sign it again; the facts still say what they said."""
    others = found(changed(known, change, where=verdict_of(claim, dataset)))
    [one] = [other for other in others if other.planned is not None]
    assert one.how is How.DIFFERS
    assert (one.planned and one.planned.claim, one.planned and one.planned.dataset) == (
        claim,
        dataset,
    )


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_none_of_all_verdicts_can_be_changed_unseen(
    known: tuple[Entry, ...], change: Change
) -> None:
    others = found(changed(known, change, where=lambda entry: entry.kind == "verdict"))
    same = 2 if change is proven else 0  # each night has one that is PROVEN
    assert sum(one.planned is not None for one in others) == 2 * PLANNED + 3 - same


def test_with_the_comparison_off_it_is_not_found(
    known: tuple[Entry, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harness.evidence.recompute._says_the_same", lambda *_: True)
    other = changed(known, CHANGES["another reason"], where=verdict_of("conforms", "orders"))
    assert found(other) == []


def test_broken_is_told_with_what_the_facts_give(known: tuple[Entry, ...]) -> None:
    [one] = found(changed(known, proven, where=verdict_of("conforms", "orders")))
    assert one.why.startswith("recorded PROVEN, and the facts give BROKEN: city: 25 % missing")
    again = changed(known, proven, where=verdict_of("conforms", "orders"))
    [one] = found(again, code="0.2.0+later")
    assert one.why.endswith(f"(judged by {CODE}, recomputed by 0.2.0+later)")


@pytest.mark.parametrize("outcome", sorted(Outcome))
def test_no_outcome_can_be_put_in_the_place_of_another(
    known: tuple[Entry, ...], outcome: str
) -> None:
    def change(body: dict[str, Any]) -> None:
        body["verdict"]["outcome"] = outcome

    others = found(changed(known, change, where=verdict_of("stable_schema", "orders")))
    assert {one.how for one in others} == (set() if outcome == "UNPROVEN" else {How.DIFFERS})


def is_started(entry: Entry) -> bool:
    return entry.kind == "started"


def test_of_an_older_ledger_nothing_is_recomputed_and_nothing_passes(
    known: tuple[Entry, ...],
) -> None:
    """Before promises were recorded, `started` named none."""

    def change(body: dict[str, Any]) -> None:
        for name in ("promises", "zone", "evidence_class"):
            del body[name]

    others = found(changed(known, change, where=is_started))
    assert {one.how for one in others} == {How.NOT_RECOMPUTABLE}
    assert len(others) == 2 * PLANNED + 3
    assert {one.why for one in others} >= {"recorded before promises were"}


def test_a_run_of_now_is_recomputed_with_the_nights_of_before(known: tuple[Entry, ...]) -> None:
    """An upgraded ledger: its old readings name their contract, so they count (L12)."""
    first = known[0].run

    def change(body: dict[str, Any]) -> None:
        for name in ("promises", "zone", "evidence_class"):
            del body[name]

    others = found(
        changed(known, change, where=lambda entry: is_started(entry) and entry.run == first)
    )
    assert {(one.run, one.how) for one in others} == {(first, How.NOT_RECOMPUTABLE)}
    assert len(others) == PLANNED


def is_of_orders(entry: Entry) -> bool:
    return entry.kind == "promises" and json.loads(entry.body)["dataset"] == "orders"


def test_promises_that_were_changed_are_not_those_that_the_runs_name(
    known: tuple[Entry, ...],
) -> None:
    """Ten times as many missing values are no longer too many: the verdict would be PROVEN."""

    def change(body: dict[str, Any]) -> None:
        body["promises"]["meaning"]["promises"]["missing"]["city"] = {"float": "0.9"}

    others = found(changed(known, change, where=is_of_orders))
    assert {one.how for one in others} == {How.NOT_RECOMPUTABLE}
    assert {one.planned.dataset for one in others if one.planned} == {"orders"}
    assert {one.why for one in others} == {"what shop.orders promised is not in the entries"}


def test_facts_that_were_changed_no_longer_give_the_verdict(known: tuple[Entry, ...]) -> None:
    def change(body: dict[str, Any]) -> None:
        body["reading"]["rows"] += 1

    others = found(changed(known, change, where=lambda entry: entry.kind == "reading"))
    assert How.DIFFERS in {one.how for one in others}


def without(known: tuple[Entry, ...], claim: str) -> list[Entry]:
    where = verdict_of(claim, "orders")
    return changed([e for e in known if not where(e)], lambda _: None, where=lambda _: False)


def test_a_verdict_that_is_gone_is_missed(known: tuple[Entry, ...]) -> None:
    one, of_all = found(without(known, "conforms"))
    assert one.planned is not None
    assert (one.planned.claim, one.seq) == ("conforms", None)
    assert one.why == "it was planned, and the run finished without a verdict on it"
    assert (
        of_all.why == f"recorded {PLANNED - 1} executed, ready False; it is {PLANNED - 2}, False"
    )


def test_a_plan_that_was_cut_with_its_verdicts_is_missed(known: tuple[Entry, ...]) -> None:
    """Whoever takes out what is BROKEN, and owes less, would be ready."""
    kept = [e for e in known if e.kind != "verdict" or b'"PROVEN"' in e.body]

    def change(body: dict[str, Any]) -> None:
        if "executed" in body:
            body |= {"planned": 1, "executed": 1, "ready": True}
        elif "planned" in body:
            body["planned"] = [
                one
                for one in body["planned"]
                if (one["dataset"], one["claim"]) == ("refunds", "conforms")
            ]

    told = found(changed(kept, change, where=lambda e: e.kind in {"started", "finished"}))
    assert "recorded 1 verdicts owed, and its promises owe 17" in {one.why for one in told}


def test_a_class_of_evidence_is_what_the_readings_say_as_well(known: tuple[Entry, ...]) -> None:
    def change(body: dict[str, Any]) -> None:
        if "planned" in body:
            body["evidence_class"] = {"shop": "production"}
        else:
            body["evidence_class"] = "production"

    of = {"started", "verdict"}
    told = found(changed(known, change, where=lambda entry: entry.kind in of))
    says = "recorded as evidence of class production, and it is simulated"
    assert says in {one.why for one in told}


def test_a_verdict_that_came_twice_and_one_that_nobody_planned_are_told(
    known: tuple[Entry, ...],
) -> None:
    rows = [one for e in known for one in ([e, e] if verdict_of("fresh", "orders")(e) else [e])]
    again = changed(rows, lambda _: None, where=lambda _: False)
    assert "it was judged before in the same run" in {one.why for one in found(again)}

    def change(body: dict[str, Any]) -> None:
        body["planned"] = [p for p in body["planned"] if p["claim"] != "fresh"]

    told = found(changed(known, change, where=is_started))
    assert "no verdict on it was planned" in {one.why for one in told}


def test_it_needs_no_pandera(known: tuple[Entry, ...], tmp_path: Path) -> None:
    """In a process of its own: nothing that it imports does."""
    rows = [[e.seq, e.run, e.kind, e.format, e.body.decode(), e.sha256, e.prev] for e in known]
    (tmp_path / "entries.json").write_text(json.dumps(rows))
    program = """
import json, sys
from harness.evidence.recompute import recompute
from harness.ledger.chain import Entry
names = ("seq", "run", "kind", "format", "body", "sha256", "prev")
rows = [dict(zip(names, row)) for row in json.loads(open(sys.argv[1]).read())]
entries = [Entry(**{**row, "body": row["body"].encode()}) for row in rows]
heavy = {"pandera", "polars", "pyarrow", "dagster", "httpx", "sqlalchemy"} & set(sys.modules)
print(len([one for one in recompute(entries, code="") if one.how == "equal"]), sorted(heavy))
"""
    ended = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program, str(tmp_path / "entries.json")],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ended.stdout, ended.stderr) == (f"{2 * PLANNED + 3} []\n", "")
