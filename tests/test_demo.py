"""`seatrial demo` names every planted fault with its numbers, and nothing else."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from harness.coverage import prover
from harness.ledger.ledger import entries
from tests.cli import REPOSITORY, seatrial
from tests.demo_left import outcomes, said, told, verdicts
from tests.harness.evidence.verify.alone import by_the_page, by_verify_pyz
from tests.shell import Ended, run

pytestmark = pytest.mark.long

DEFAULT = 7


@pytest.fixture(scope="module", params=[DEFAULT, 4], ids=["default seed", "another seed"])
def demo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With the default seed as people run it; with another one without the third act."""
    out = tmp_path_factory.mktemp("demo")
    words = ["--out", out, "--seed", str(request.param)]
    ended: Ended = (
        seatrial(["demo", *words], cwd=out)
        if request.param == DEFAULT
        else run(
            [sys.executable, "-m", "tests.two_acts", *words],
            cwd=REPOSITORY,
            environ={"HOME": str(out)},
        )
    )
    assert ended.code == 0, ended.out + ended.err
    (out / "said").write_text(ended.out)
    return out


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
    _, end = said(demo).split("\nready, ")[0].split("\nrepaired ")
    told = [line.split() for line in end.splitlines()]
    changes = [words[:4] for words in told if words[1:2] == ["\N{RIGHTWARDS ARROW}"]]
    assert len(changes) == 10
    assert {words[0] for words in changes} == {"BROKEN"}
    assert {words[2] for words in changes} == {"PROVEN", "UNPROVEN"}
    assert "\n10 of 58 changed: 10 better\nas before: 11 UNPROVEN, 37 PROVEN\n" in end
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


def test_all_evidence_of_the_demo_is_called_simulated(demo: Path) -> None:
    classes = {v["evidence_class"] for v in verdicts(demo / "repaired")["verdicts"]}
    assert classes == {"simulated"}


def test_facts_fill_seven_tenths_of_what_legal_signs_and_nothing_is_missing(demo: Path) -> None:
    """Of all items, and a default counts for none."""
    from tests.harness.governance.of_demo import of_demo

    found = of_demo(demo / "repaired")
    assert not found.missing, [(one.item.id, one.says) for one in found.missing]
    assert len(found.answers) == 42
    assert found.by_facts >= 0.7


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
            "data",  # what pilot.yaml keeps
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


default_seed = pytest.mark.parametrize("demo", [DEFAULT], ids=["default seed"], indirect=True)


@default_seed
def test_the_third_act_reaches_ready_by_replayed_nights_and_says_that_they_are(demo: Path) -> None:
    told = " ".join(said(demo).split("\nready, ")[1].split())
    assert "Replaying 60 nights" in told
    assert "no source is read, and every entry says so" in told
    assert "READY: late-deliveries (dev)" in told
    assert verdicts(demo / "ready")["ready"] is True
    found = outcomes(verdicts(demo / "ready"))
    assert Counter(outcome for outcome, _ in found.values()) == {"PROVEN": 54, "WAIVED": 4}
    assert found["billing", None, "owned"][0] == "WAIVED"
    launched = Counter(
        "replays" in json.loads(e.body)["launch"]
        for e in entries(shutil.copy(demo / "ready" / "ledger.sqlite", demo / "copy.sqlite"))
        if e.kind == "started" and json.loads(e.body).get("planned")
    )
    assert launched == {True: 60, False: 1}


@default_seed
def test_what_it_leaves_can_be_verified_and_opens_the_gate_as_printed(demo: Path) -> None:
    printed = [line.split() for line in said(demo).splitlines() if "/ready/bundle" in line]
    asked = [words[1:] for words in printed if words[0] == "seatrial"]
    assert [words[0] for words in asked] == ["verify", "gate"]
    for words in asked:
        more = ["--recompute"] if words[0] == "verify" else []
        ended: Ended = seatrial([*words, *more], cwd=REPOSITORY)
        assert ended.code == 0, ended.out + ended.err
    assert "PRACTICE" in ended.out


@default_seed
def test_a_model_was_made_of_what_tonight_proved(demo: Path) -> None:
    made = json.loads(
        (demo / "ready" / "models" / "late_deliveries_model" / "line.json").read_text()
    )
    assert made.keys() == {"lines", "quantity", "discount", "tax"}
    assert made["lines"] == 2078


def test_its_key_is_gone(demo: Path) -> None:
    assert not [one for one in demo.rglob("*") if one.is_file() and b"PRIVATE" in one.read_bytes()]
