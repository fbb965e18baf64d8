"""What is waived is shown as that in a bundle, and the verifier finds who may not have done so."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from harness.evidence.evidence import Scope, read
from harness.evidence.formats import FORMATS
from harness.evidence.verify.finding import Grade
from harness.ledger.ledger import entries
from harness.signing.register import Register
from tests.harness.amendments.signing import after_a_night, sign
from tests.harness.evidence.bundles import bundle_of, key
from tests.harness.evidence.verify.checking import checked, edited, refused, registered, resealed

SINCE, UNTIL = (datetime(year, 1, 1, tzinfo=UTC) for year in (2026, 2029))
Files = dict[str, bytes]


@pytest.fixture(scope="module")
def waived(tmp_path_factory: pytest.TempPathFactory) -> tuple[Files, Register, Path]:
    root = tmp_path_factory.mktemp("waived")
    acme = after_a_night(root)
    sign(acme)
    scope = Scope(pilot="acme", title="Acme", environment="dev", zone="UTC")
    found = entries(root / "out" / "ledger.sqlite")
    files = bundle_of(read(found, scope), signer=key())
    assert bundle_of(read(found, scope), signer=key()) == files
    prover = registered(key(), since=SINCE, until=UNTIL)
    return files, {**acme.register, prover.id: prover}, root / "out" / "ledger.sqlite"


def _verdict(files: Files) -> tuple[str, Any]:
    for name in files:
        if name.startswith("judgements/"):
            for one in json.loads(files[name])["verdicts"]:
                if one["claim"] == "conforms":
                    return name, one
    raise AssertionError


def test_the_waiver_is_in_the_bundle_and_verifies(
    waived: tuple[Files, Register, Path], tmp_path: Path
) -> None:
    files, trusted, _ = waived
    _, one = _verdict(files)
    assert (one["outcome"], one["original"], one["excuse"]["number"]) == ("WAIVED", "BROKEN", 1)
    assert {"policy/amendment-1.json", "policy/amendment-1.dsse.json"} <= files.keys()
    report = checked(tmp_path, files, trusted=trusted, now=datetime.now(UTC))
    assert {one.grade for one in report.findings} == {Grade.GOOD}, report.findings


def test_a_consumer_is_told_pass_only_for_proven(waived: tuple[Files, Register, Path]) -> None:
    scope = Scope(pilot="acme", title="Acme", environment="dev", zone="UTC")
    evidence = read(entries(waived[2]), scope)
    made = {name: render(evidence).decode() for name, render in FORMATS.items()}
    said = "BROKEN, waived by Olga Ruiz (owner) until"
    for name in ("oscal.json", "cyclonedx.json", "openlineage.jsonl", "verdicts.csv", "junit.xml"):
        assert said in made[name], name
    oscal = json.loads(made["oscal.json"])["assessment-results"]["results"]
    [state] = [
        finding["target"]["status"]["state"]
        for result in oscal
        for finding in result["findings"]
        if finding["title"] == "outlet.orders conforms"
    ]
    assert state == "not-satisfied"


@pytest.mark.parametrize("change", ["outcome", "by", "until", "measures"])
def test_an_excuse_that_nobody_signed_is_refused(
    waived: tuple[Files, Register, Path], tmp_path: Path, change: str
) -> None:
    """Even where the forger holds the bundle's key: the entries say otherwise."""
    files, trusted, _ = waived
    name, _ = _verdict(files)

    def forge(judged: Any) -> None:
        [one] = [one for one in judged["verdicts"] if one["claim"] == "conforms"]
        [fresh] = [one for one in judged["verdicts"] if one["claim"] == "fresh"]
        if change == "outcome":
            fresh |= {"outcome": "WAIVED", "original": fresh["outcome"], "excuse": one["excuse"]}
        elif change == "measures":
            one["measures"] = dict.fromkeys(one["measures"], 0.01)
        else:
            one["excuse"][change] = "2027-06-01T00:00:00+00:00"

    report = checked(tmp_path, resealed(edited(files, name, forge)), trusted=trusted)
    assert ("judgements", name) in refused(report)


def test_a_waiver_by_a_key_that_may_not_is_refused(
    waived: tuple[Files, Register, Path], tmp_path: Path
) -> None:
    files, trusted, _ = waived
    demoted = {
        identity: replace(one, roles=("witness",)) if one.name == "Olga Ruiz" else one
        for identity, one in trusted.items()
    }
    report = checked(tmp_path, files, trusted=demoted, now=datetime.now(UTC))
    assert ("statements", "policy/amendment-1.json") in refused(report)
