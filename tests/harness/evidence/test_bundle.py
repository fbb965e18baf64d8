"""A bundle is bound to what it is of, names every file, and is the same for the same ledger."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from harness.errors import ConfigurationError
from harness.ledger.chain import Entry
from harness.ledger.ledger import open_ledger
from harness.signing import note, tree
from harness.signing.ed25519 import key_id
from harness.verdict import Outcome
from tests.harness.evidence.bundles import bundle, key, statement, statements
from tests.harness.evidence.ledgers import FIRST, OWNED, header, night, nights

BESIDE = {"manifest.json", "report.html", "report.pdf", "VERIFY.md"}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return nights(tmp_path_factory.mktemp("ledger") / "ledger.sqlite")


@pytest.fixture(scope="module")
def files(place: Path) -> dict[str, bytes]:
    return bundle(place)


def test_the_manifest_names_every_file_that_is_not_signed_by_itself(
    files: dict[str, bytes],
) -> None:
    named = json.loads(files["manifest.json"])["files"]
    apart = {path for path in files if path.endswith(".dsse.json")} | BESIDE
    assert set(named) == set(files) - apart
    assert all(
        (one["bytes"], one["sha256"])
        == (len(files[path]), hashlib.sha256(files[path]).hexdigest())
        for path, one in named.items()
    )


def test_every_statement_is_on_the_manifest_or_on_what_lies_beside_it(
    files: dict[str, bytes],
) -> None:
    for path, found in statements(files).items():
        for subject in found["subject"]:
            digest = hashlib.sha256(files[subject["name"]]).hexdigest()
            assert subject["digest"] == {"sha256": digest}, path
    beside = statement(files["report.dsse.json"])
    assert {one["name"] for one in beside["subject"]} == BESIDE - {"manifest.json"}
    manifest = hashlib.sha256(files["manifest.json"]).hexdigest()
    assert beside["predicate"]["manifest"] == {"sha256": manifest}


def test_e05_a_statement_binds_pilot_window_contracts_code_and_kind_of_system(
    files: dict[str, bytes],
) -> None:
    bound = statement(files["manifest.dsse.json"])["predicate"]
    assert bound == {
        "pilot": "acme",
        "environment": "dev",
        "window": {"first": "2026-11-20", "last": "2026-11-22", "zone": "UTC"},
        "contracts": {"shop.orders": ["12" * 32]},
        "code": ["0.1.0+abc"],
        "configurations": ["34" * 32],
        "evidence_classes": ["sandbox"],
    }
    assert bound.items() <= json.loads(files["manifest.json"]).items()


@pytest.mark.parametrize("asked", [{"last": "2026-11-21"}, {"first": "2026-11-21"}])
def test_e05_another_window_is_another_statement(
    place: Path, files: dict[str, bytes], asked: dict[str, str]
) -> None:
    other = bundle(place, **{name: date.fromisoformat(day) for name, day in asked.items()})
    assert other["manifest.json"] != files["manifest.json"]
    bound = statement(other["manifest.dsse.json"])["predicate"]["window"]
    assert asked.items() <= bound.items()


def test_the_same_ledger_gives_the_same_bytes(place: Path, files: dict[str, bytes]) -> None:
    assert bundle(place) == files


def test_another_ledger_gives_others(tmp_path: Path, files: dict[str, bytes]) -> None:
    """The positive control of the claim above."""
    assert bundle(nights(tmp_path / "ledger.sqlite", 4)) != files


def test_the_body_of_an_entry_can_be_cut_out_of_its_line(files: dict[str, bytes]) -> None:
    for line in files["facts/entries.jsonl"].splitlines():
        head, _, body = line[:-1].partition(b',"body":')
        entry = json.loads(head + b"}")
        chained = Entry(body=body, **entry)
        fields = {name: entry[name] for name in ("format", "kind", "prev", "run", "seq")}
        hashed = json.dumps(fields, separators=(",", ":")).encode() + b"\n" + body
        assert hashlib.sha256(hashed).hexdigest() == chained.sha256


def test_nothing_of_another_pilot_leaves_but_its_place_in_the_chain(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "ledger.sqlite") as ledger:
        night(ledger, "ours", 0)
        night(ledger, "canary-run", 1, pilot="canary-pilot")
    files = bundle(tmp_path / "ledger.sqlite")
    lines = [json.loads(line) for line in files["facts/entries.jsonl"].splitlines()]
    assert [one.get("withheld", False) for one in lines] == [False] * 5 + [True] * 5
    assert [one["seq"] for one in lines] == list(range(1, 11))
    assert not [path for path, data in files.items() if b"canary-pilot" in data]
    assert list(json.loads(files["log/proof.json"])["inclusion"]) == ["ours"]


def test_each_run_is_proven_to_be_under_the_signed_checkpoint(files: dict[str, bytes]) -> None:
    public = key().public
    opened = note.opened(files["log/checkpoint"], {key_id(public): public})
    checkpoint = note.parsed(opened.text)
    proof = json.loads(files["log/proof.json"])
    hashes = [bytes.fromhex(one) for one in proof["leaves"]]
    assert (checkpoint.size, checkpoint.root) == (3, tree.root(hashes))
    assert list(proof["inclusion"]) == ["run-0", "run-1", "run-2"]
    for one in proof["inclusion"].values():
        beside = [bytes.fromhex(each) for each in one["proof"]]
        leaf = hashes[one["index"]]
        assert tree.includes(checkpoint.root, 3, index=one["index"], leaf=leaf, proof=beside)


def test_the_summary_names_every_envelope_that_it_rests_on(files: dict[str, bytes]) -> None:
    path = "attestations/verification-summary.dsse.json"
    summary = statement(files[path])["predicate"]
    used = {one["uri"]: one["digest"]["sha256"] for one in summary["inputAttestations"]}
    envelopes = {name for name in files if name.endswith(".dsse.json")} - {path}
    assert used == {name: hashlib.sha256(files[name]).hexdigest() for name in envelopes}
    assert (summary["verificationResult"], summary["verifiedLevels"]) == ("FAILED", ["FAILED"])


@pytest.mark.parametrize("outcome", list(Outcome))
def test_only_proven_and_waived_pass(tmp_path: Path, outcome: Outcome) -> None:
    with open_ledger(tmp_path / "ledger.sqlite") as ledger:
        night(ledger, "run", 0, outcomes=(Outcome.PROVEN, outcome))
    files = bundle(tmp_path / "ledger.sqlite")
    suite = statement(files["attestations/test-result.shop.dsse.json"])["predicate"]
    summary = statement(files["attestations/verification-summary.dsse.json"])["predicate"]
    good = outcome in {Outcome.PROVEN, Outcome.WAIVED}
    assert suite["result"] == summary["verificationResult"] == ("PASSED" if good else "FAILED")
    assert suite["passedTests"] == ["shop.orders fresh", *(["shop owned"] if good else [])]
    assert suite["failedTests"] == ([] if good else ["shop owned"])
    assert summary["verifiedLevels"] == (["SEATRIAL_READY_SANDBOX"] if good else ["FAILED"])


def test_a_measurement_says_what_was_asked_when_by_whom_and_how_often(
    files: dict[str, bytes],
) -> None:
    measured = statement(files["attestations/pipeline-reliability.dsse.json"])["predicate"]
    (first, *_) = measured["measurements"]
    assert len(measured["measurements"]) == 3
    assert first["started_at"] == "2026-11-20T02:00:00Z"
    assert (first["collector"], first["run"], first["seq"]) == ("0.1.0+abc", "run-0", 2)
    assert first["n"] > 0
    assert {"query", "endpoint", "rows", "bytes", "latency_ms", "failure"} <= first.keys()


def test_a_source_whose_name_is_a_path_is_refused(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "ledger.sqlite") as ledger:
        begun = {"planned": [replace(OWNED, source="../shop")]}
        ledger.begin(header("run"), begun, at=FIRST)
    with pytest.raises(ConfigurationError, match=r"source '\.\./shop' cannot name a file"):
        bundle(tmp_path / "ledger.sqlite")


def test_a_run_whose_id_is_a_path_is_refused(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "ledger.sqlite") as ledger:
        night(ledger, "../run", 0)
    with pytest.raises(ConfigurationError, match=r"run '\.\./run' cannot name a file"):
        bundle(tmp_path / "ledger.sqlite")
