"""E09: what the signed statements say of verdicts is what the ledger recorded."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.ledger.ledger import open_ledger
from harness.signing import dsse, strict
from harness.verdict import Outcome
from tests.harness.evidence.bundles import bundle, key, payload
from tests.harness.evidence.ledgers import night
from tests.harness.evidence.verify.checking import Files, checked, refused, resealed, said

SUMMARY = "attestations/verification-summary.dsse.json"
RESULT = "attestations/test-result.shop.dsse.json"
GOOD = (Outcome.PROVEN, Outcome.PROVEN)


def restated(files: Files, name: str, change: Callable[[Any], None]) -> Files:
    """A statement with something else in it, signed by the right key, and all that rests on it."""
    statement = json.loads(payload(files[name]))
    change(statement["predicate"])
    return resealed(files | {name: dsse.seal(dsse.IN_TOTO, strict.canonical(statement), key())})


def _passed(predicate: Any) -> None:
    predicate["verificationResult"] = "PASSED"


def test_a_summary_that_says_passed_of_a_run_that_is_not_ready_is_refused(
    tmp_path: Path, made: Files
) -> None:
    report = checked(tmp_path, restated(made, SUMMARY, _passed))
    assert refused(report) == {("statements", SUMMARY)}
    assert "the newest run's verdicts say FAILED" in said(report)


def _moved(predicate: Any) -> None:
    predicate["passedTests"] += predicate["failedTests"]
    predicate |= {"failedTests": [], "result": "PASSED"}


def _dropped(predicate: Any) -> None:
    predicate |= {"failedTests": [], "result": "PASSED"}


def _twice(predicate: Any) -> None:
    predicate["passedTests"] *= 2


def _called_passed(predicate: Any) -> None:
    predicate["result"] = "PASSED"


@pytest.mark.parametrize("change", [_moved, _dropped, _twice, _called_passed])
def test_test_results_other_than_the_verdicts_are_refused(
    tmp_path: Path, made: Files, change: Callable[[Any], None]
) -> None:
    report = checked(tmp_path, restated(made, RESULT, change))
    assert {check for check, _ in refused(report)} == {"statements"}, said(report)


def test_the_result_of_a_source_left_out_is_refused(tmp_path: Path, made: Files) -> None:
    def unused(predicate: Any) -> None:
        listed = predicate["inputAttestations"]
        predicate["inputAttestations"] = [one for one in listed if one["uri"] != RESULT]

    without = {name: content for name, content in made.items() if name != RESULT}
    report = checked(tmp_path, restated(without, SUMMARY, unused))
    assert {check for check, _ in refused(report)} == {"statements"}, said(report)


@pytest.mark.parametrize("proved", [GOOD, (Outcome.PROVEN, Outcome.BROKEN)], ids=["good", "bad"])
def test_a_good_look_for_drift_after_a_night_does_not_make_it_better(
    tmp_path: Path, proved: tuple[Outcome, Outcome]
) -> None:
    """The summary is of the newest run that was to prove; nights of drift alone are no proof."""
    with open_ledger(tmp_path / "ledger.sqlite") as ledger:
        night(ledger, "proved", 0, outcomes=proved)
        night(ledger, "looked", 0, outcomes=GOOD, job="drift", armed=())
    files = bundle(tmp_path / "ledger.sqlite")
    report = checked(tmp_path / "bundle", files)
    assert report.code == 0, said(report)
    predicate = json.loads(payload(files[SUMMARY]))["predicate"]
    assert predicate["verificationResult"] == ("PASSED" if proved == GOOD else "FAILED")
