"""`seatrial verify --recompute`: a verdict that was changed and signed again by the prover's own
key passes every check but this one (C05, by the signer).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from harness.evidence.evidence import Scope, read
from harness.evidence.judged_again import with_recomputed
from harness.evidence.verify.finding import Finding, Grade
from harness.evidence.verify.verify import Report
from harness.ledger.chain import Entry
from harness.policy.files import files
from harness.run import code_version
from tests.harness.acme_layout import lay_out
from tests.harness.evidence.bundles import bundle_of, key
from tests.harness.evidence.nights import changed, nights
from tests.harness.evidence.verify.checking import TRUST, Files, checked
from tests.harness.policy.agreed import Agreement

CODE = code_version.text()


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> tuple[Entry, ...]:
    return nights(tmp_path_factory.mktemp("nights"))


def bundled(entries: Sequence[Entry], *, pilot: str = "nights") -> Files:
    scope = Scope(pilot=pilot, title="Nights", environment="dev", zone="UTC")
    return bundle_of(read(entries, scope), signer=key())


def recomputed(folder: Path, made: Files) -> Report:
    return with_recomputed(checked(folder, made), folder, TRUST, code=CODE)


def of_check(report: Report, check: str) -> list[Finding]:
    return [one for one in report.findings if one.check == check]


def test_every_verdict_of_a_bundle_follows_from_its_facts_and_promises(
    known: tuple[Entry, ...], tmp_path: Path
) -> None:
    report = recomputed(tmp_path, bundled(known))
    [one] = of_check(report, "recomputed")
    assert (one.grade, one.found) == (
        Grade.GOOD,
        "51 verdicts of 51 given by facts and promises",
    )
    assert report.code == 0, [f for f in report.findings if f.grade is not Grade.GOOD]


def proven(body: dict[str, Any]) -> None:
    if body["verdict"]["outcome"] == "BROKEN":
        body["verdict"]["outcome"] = "PROVEN"


def test_what_the_prover_changed_and_signed_again_is_refused_c05(
    known: tuple[Entry, ...], tmp_path: Path
) -> None:
    made = bundled(changed(known, proven, where=lambda entry: entry.kind == "verdict"))
    assert checked(tmp_path, made).code == 0, "the control: all else holds"
    report = recomputed(tmp_path, {})
    assert report.code == 1
    refused = of_check(report, "recomputed")
    assert sum(one.grade is Grade.REFUSED for one in refused) == 7
    assert any("recorded PROVEN, and the facts give BROKEN" in one.found for one in refused)
    assert {one.file.partition("/")[0] for one in refused if one.file} == {"judgements"}


def test_what_older_releases_recorded_is_not_known_to_follow(
    known: tuple[Entry, ...], tmp_path: Path
) -> None:
    def change(body: dict[str, Any]) -> None:
        del body["promises"]

    made = bundled(changed(known, change, where=lambda entry: entry.kind == "started"))
    report = recomputed(tmp_path, made)
    assert report.code == 3
    says = [one.found for one in of_check(report, "recomputed")]
    assert any("not recomputable: recorded before promises were" in one for one in says)


def test_what_was_refused_before_is_not_recomputed(
    known: tuple[Entry, ...], tmp_path: Path
) -> None:
    made = bundled(known)
    made["facts/entries.jsonl"] = made["facts/entries.jsonl"].replace(b"BROKEN", b"PROVEN", 1)
    [one] = of_check(recomputed(tmp_path, made), "recomputed")
    assert (one.grade, one.found) == (
        Grade.UNKNOWN,
        "not recomputed, because of what is said above",
    )


def test_promises_of_a_stranger_are_not_computed_with(
    known: tuple[Entry, ...], tmp_path: Path
) -> None:
    """A cadence of a microsecond would be a year of nights; no contract may say so."""
    made = bundled(known)
    report = checked(tmp_path, made, trusted={})
    report = with_recomputed(report, tmp_path, {}, code=CODE)
    [one] = of_check(report, "recomputed")
    assert (one.grade, report.code) == (Grade.UNKNOWN, 3)


def test_a_bundle_has_the_policy_that_was_signed_and_says_what_came_of_it(
    tmp_path: Path,
) -> None:
    agreement = Agreement(acme=lay_out(tmp_path), root=tmp_path)
    agreement.sign("sec")
    agreement.sign("law")
    agreement.read()
    made = bundled(agreement.entries(), pilot="acme")
    agreed = files(agreement.entries(), pilot="acme", environment="dev")
    assert len(agreed) == 3
    assert agreed.items() <= made.items()
    assert set(agreed) <= json.loads(made["manifest.json"])["files"].keys()
    folder = tmp_path / "bundle"
    trusted = {**TRUST, **agreement.register}
    report = checked(folder, made, trusted=trusted)
    assert report.code == 0, [f for f in report.findings if f.grade is not Grade.GOOD]
    [one] = of_check(with_recomputed(report, folder, trusted, code=CODE), "policy")
    assert one.grade is Grade.UNKNOWN
    assert "signed as security and legal before the first reading" in one.found
    assert "never arrived: 16 verdicts that must arrive" in one.found
