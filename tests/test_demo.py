"""`seatrial demo` names every planted fault with its numbers, and nothing else."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from harness.coverage import prover
from harness.evidence.evidence import Scope, read
from harness.governance.checklist import checklist
from harness.ledger.ledger import entries, read_ledger
from harness.pilot import loading
from tests.cli import DEMO, seatrial
from tests.harness.evidence.verify.alone import by_the_page, by_verify_pyz
from tests.shell import Ended

pytestmark = pytest.mark.long

SCHEMA = json.loads((files("harness.report") / "verdicts.schema.json").read_text())


def verdicts(folder: Path) -> dict[str, Any]:
    document = json.loads((folder / "verdicts.json").read_text())
    jsonschema.validate(document, SCHEMA)
    return document


@pytest.fixture(scope="module", params=[7, 4], ids=["default seed", "another seed"])
def demo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("demo")
    ended: Ended = seatrial(["demo", "--out", out, "--seed", str(request.param)], cwd=out)
    assert ended.code == 0, ended.out + ended.err
    (out / "said").write_text(ended.out)
    return out


def said(demo: Path) -> str:
    return (demo / "said").read_text()


def outcomes(document: dict[str, Any]) -> dict[tuple[str, str | None, str], tuple[str, str]]:
    return {
        (v["source"], v["dataset"], v["claim"]): (v["outcome"], v["because"])
        for v in document["verdicts"]
    }


def test_the_planted_faults_are_broken_with_the_numbers_that_show_them(demo: Path) -> None:
    document = verdicts(demo / "as-found")
    broken = {k: text for k, (outcome, text) in outcomes(document).items() if outcome == "BROKEN"}
    assert broken.keys() == {
        ("crm", None, "least_privilege"),
        ("crm", "customers", "conforms"),
        ("crm", "customers", "stable_values"),
        ("erp", "orders", "stable_schema"),
        ("erp", "orders", "reconciles"),
        ("billing", None, "owned"),
        ("billing", "lines", "stable_values"),
        ("logistics", "shipments", "fresh"),
        ("logistics", "shipments", "arrives"),
        ("vendor", None, "within_budget"),
    }
    writes = r"Role reader may .*(INSERT|UPDATE|DELETE|TRUNCATE).* customers"
    assert re.match(writes, broken["crm", None, "least_privilege"])
    carried = re.search(r"10. needs \d+ \(0\.\d.\)", broken["vendor", None, "within_budget"])
    assert carried is not None
    assert "7 % missing" in broken["crm", "customers", "conforms"]
    assert broken["billing", None, "owned"] == "The register names no deputy."
    changed = broken["erp", "orders", "stable_schema"]
    assert re.search(
        r"\w+ was renamed to \w+ \(compatible\) and \w+ was narrowed from \w+", changed
    )
    unmatched = broken["erp", "orders", "reconciles"]
    assert re.match(r"21 of 518 keys of kundennr are not in crm.customers \(95.9 %", unmatched)
    assert re.match(
        r"(quantity|discount|tax): D 0\.\d+", broken["billing", "lines", "stable_values"]
    )
    assert "48 h 00 m" in broken["logistics", "shipments", "fresh"]
    monday = re.search(
        r"Monday (\d{4}-\d\d-\d\d) came empty", broken["logistics", "shipments", "arrives"]
    )
    assert monday is not None
    assert date.fromisoformat(monday[1]).weekday() == 0
    assert document["ready"] is False


def test_the_known_verdicts_of_good_and_bad_servers_are_what_the_demo_gives(demo: Path) -> None:
    """`harness/coverage/prover.json` ships with bundles; `python -m tests.prover` writes it."""
    for known in prover.expected().trials:
        found = outcomes(verdicts(demo / known.name))
        assert {key: outcome for key, (outcome, _) in found.items()} == {
            (one.source, one.dataset, one.claim): one.outcome for one in known.verdicts
        }
    assert "\n116 of 116 verdicts are as known of these servers (prover.json)\n" in said(demo)


def test_it_ends_with_what_the_repair_changed(demo: Path) -> None:
    """And not with 58 verdicts again."""
    _, end = said(demo).split("\nrepaired ")
    told = [line.split() for line in end.splitlines()]
    changes = [words[:4] for words in told if words[1:2] == ["\N{RIGHTWARDS ARROW}"]]
    assert len(changes) == 10
    assert {words[0] for words in changes} == {"BROKEN"}
    assert {words[2] for words in changes} == {"PROVEN", "UNPROVEN"}
    assert "\n10 of 58 changed: 10 better\nas before: 14 UNPROVEN, 34 PROVEN\n" in end
    assert "repaired: NOT READY, late-deliveries (dev)" in end


@pytest.mark.parametrize("trial", ["as-found", "repaired"])
def test_the_token_was_renewed_between_two_pages(demo: Path, trial: str) -> None:
    outcome, because = outcomes(verdicts(demo / trial))["vendor", None, "authenticated"]
    assert outcome == "PROVEN"
    assert "1 renewal between pages" in because


@pytest.mark.parametrize("trial", ["as-found", "repaired"])
@pytest.mark.parametrize("dataset", ["parts", "prices"])
def test_the_vendors_pages_are_complete_by_the_order_of_their_key(
    demo: Path, trial: str, dataset: str
) -> None:
    outcome, because = outcomes(verdicts(demo / trial))["vendor", dataset, "complete"]
    assert (outcome, "(immutable key)" in because) == ("PROVEN", True), because


def test_repaired_nothing_is_wrong_and_the_same_claims_are_planned(demo: Path) -> None:
    found, repaired = (outcomes(verdicts(demo / trial)) for trial in ("as-found", "repaired"))
    assert list(found) == list(repaired)
    assert {outcome for outcome, _ in repaired.values()} == {"PROVEN", "UNPROVEN"}
    for mended in (
        ("billing", None, "owned"),
        ("crm", "customers", "conforms"),
        ("crm", None, "least_privilege"),
        ("crm", "customers", "stable_values"),
        ("erp", "orders", "stable_schema"),
        ("erp", "orders", "reconciles"),
        ("billing", "lines", "stable_values"),
        ("billing", "lines", "reconciles"),
        ("vendor", None, "within_budget"),
    ):
        assert repaired[mended][0] == "PROVEN", repaired[mended]
    document = verdicts(demo / "repaired")
    assert document["planned"] == document["executed"] == len(repaired)


def test_what_one_run_cannot_prove_says_how_much_is_missing(demo: Path) -> None:
    for outcome, because in outcomes(verdicts(demo / "repaired")).values():
        if outcome == "UNPROVEN":
            needed = r"\d+ .*needed( for \d+|, on a scratch object)"
            too_few = r"too few values to see one: \w+ has [\d,]+ (of [\d,]+|.*would do)"
            assert re.search(f"{needed}|{too_few}", because), because


def test_its_owners_were_told_once_and_told_again_when_it_was_mended(
    demo: Path, tmp_path: Path
) -> None:
    """By the ledger, beside the demo's own count of what their room received."""
    shown = said(demo)
    assert "What the owners' room received, nothing of it twice:" in shown
    assert "  erp        Katrin Vogel, order systems: 2 broken, 2 mended\n" in shown
    assert "  logistics  Mirela Popescu, warehouse IT: 2 broken, none mended\n" in shown
    words = " ".join(shown.split())
    assert "no row read, 1 bad BROKEN erp.orders: 2 changes" in words
    assert "told Katrin Vogel, order systems, that it is bad: erp.orders" in words
    assert "no row read, 0 bad told Katrin Vogel, order systems, that it is mended" in words
    entries_of = {}
    for trial in ("as-found", "repaired"):  # whoever reads a ledger leaves files beside it
        ledger = shutil.copy(demo / trial / "ledger.sqlite", tmp_path / f"{trial}.sqlite")
        entries_of[trial] = told(ledger)
    assert len(entries_of["as-found"]) == len(set(entries_of["as-found"])) == 10
    again = entries_of["repaired"][10:]
    assert entries_of["repaired"][:10] == entries_of["as-found"]
    assert len(again) == len(set(again)) == 8
    assert {step for step, *_ in again} == {"mended"}


def told(ledger: Path) -> list[tuple[str, str, str | None, str]]:
    """Step, source, dataset and claim of all that was told, oldest first."""
    bodies = [json.loads(e.body)["told"] for e in entries(ledger) if e.kind == "told"]
    assert all(body["failure"] is None for body in bodies)
    return [
        (news["step"], news["source"], news["dataset"], news["claim"])
        for body in bodies
        for news in body["news"]
    ]


def test_all_evidence_of_the_demo_is_called_simulated(demo: Path) -> None:
    classes = {v["evidence_class"] for v in verdicts(demo / "repaired")["verdicts"]}
    assert classes == {"simulated"}


def test_nothing_is_left_behind_but_results(demo: Path) -> None:
    for trial in ("as-found", "repaired"):
        kept = {path.name for path in (demo / trial).iterdir()}
        read = {"ledger.sqlite-wal", "ledger.sqlite-shm"}  # SQLite's own, by who reads a ledger
        assert kept - read == {
            "ledger.sqlite",
            "ledger.lock",
            "run.lock",
            "logs",
            "verdicts.json",
            "report.html",
            "drift.json",
            "drift.html",
        }


def test_no_word_that_it_says_was_taken_for_a_secret(demo: Path) -> None:
    """A log-in's name is redacted too, wherever it stands."""
    assert "[the secret" not in said(demo)


def test_what_it_says_fits_80_columns(demo: Path) -> None:
    lines = said(demo).splitlines()
    assert [line for line in lines if len(line) > 80 and str(demo) not in line] == []


def test_its_evidence_is_valid_for_who_has_the_register_and_of_both_trials(demo: Path) -> None:
    asked = ["verify", demo / "bundle", "--trust", demo / "trust.json", "--recompute"]
    ended: Ended = seatrial(asked, cwd=demo)
    assert ended.code == 0, ended.out + ended.err
    assert re.search(r"\b([1-9]\d+) verdicts of \1 given by facts and promises", ended.out)
    words = " ".join(ended.out.split())
    assert "signed as security and legal before the first reading" in words
    assert re.search(r"never arrived|unsigned|not signed", words) is None
    manifest = json.loads((demo / "bundle" / "manifest.json").read_text())
    by_job = {one["job"]: one["started"] for one in manifest["census"]["runs"]}
    assert by_job == {"prove": 2, "drift": 2, "beside": 2}
    page = (demo / "bundle" / "report.html").read_text()
    assert page.index("What was not tested") < page.index("What was tested")
    shown = re.findall(r'<span class="claim">', page)
    assert len(shown) == len(verdicts(demo / "repaired")["verdicts"])


def test_its_evidence_is_of_an_unknown_signer_for_who_has_none(demo: Path) -> None:
    ended: Ended = seatrial(["verify", demo / "bundle"], cwd=demo)
    assert ended.code == 3
    assert "SELF-CONSISTENT, SIGNER UNKNOWN" in ended.out


def test_its_evidence_verifies_by_verify_pyz_alone_and_by_openssl_alone(demo: Path) -> None:
    """With nothing of ours installed; tests/harness/evidence/verify has what they refuse."""
    ended = by_verify_pyz(demo, "bundle", "--trust", "trust.json")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert ended.stdout.splitlines()[-1].startswith("VALID")
    told = by_the_page(demo / "bundle")
    assert told[3] == "Signature Verified Successfully\nmanifest.json: OK\n"
    assert set(re.findall(r": (\w+)$", told[4] + told[5], re.MULTILINE)) == {"OK"}
    assert told[6] == ""
    count = len((demo / "bundle" / "facts" / "entries.jsonl").read_bytes().splitlines())
    assert told[7] == f"{count} entries, unbroken\n"
    assert told[8].startswith("Signature Verified Successfully\n")


def test_its_key_is_gone(demo: Path) -> None:
    assert not [one for one in demo.rglob("*") if one.is_file() and b"PRIVATE" in one.read_bytes()]


def test_facts_fill_seven_tenths_of_what_legal_signs_of_it(demo: Path) -> None:
    """Of all items, and a default counts for none."""
    ledger = shutil.copy(demo / "repaired" / "ledger.sqlite", demo / "governed.sqlite")
    loaded = loading.load(DEMO)
    owners = {
        name: one if one.deputy else one.model_copy(update={"deputy": "as the repair named one"})
        for name, one in loaded.settings.owners.items()
    }
    settings = loaded.settings.model_copy(update={"owners": owners})
    scope = Scope(pilot="late-deliveries", title="Demo", environment="dev", zone="UTC")
    with read_ledger(Path(ledger)) as opened, opened.snapshot() as seen:
        notes = [note for _, note in seen.checkpoints()]
        evidence = read(list(seen.entries()), scope, checkpoints=notes)
    found = checklist(
        replace(loaded, settings=settings),
        evidence,
        environment="dev",
        today=evidence.window.last,
    )
    assert found.complete, [(one.item.id, one.says) for one in found.missing]
    assert len(found.answers) >= 42
    assert found.by_facts >= 0.7
