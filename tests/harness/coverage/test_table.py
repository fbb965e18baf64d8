"""Which demands a run has tested, and that this is never mixed with how it came out."""

from __future__ import annotations

from typing import Any

import pytest

from harness.coverage.table import Covered, cover, document, sentence
from harness.facts import EvidenceClass
from harness.result import Judged, Planned
from harness.verdict import Outcome, Verdict
from tests.coverage_table import judged as known

RUNS = [outcome for outcome in Outcome if outcome is not Outcome.NOT_RUN]


def one(claim: str, outcome: Outcome) -> Judged:
    verdict = Verdict(
        claim=claim, outcome=outcome, because="so", expected="", observed="", n=1, method=""
    )
    planned = Planned(source="crm", dataset="customers", claim=claim)
    return Judged(planned=planned, verdict=verdict, evidence_class=EvidenceClass.STAGING)


def row(number: int, *judged: Judged, **kinds: int) -> Covered:
    return cover(judged, kinds)[number - 1]


def table(*judged: Judged, **kinds: int) -> Any:
    return document(cover(judged, kinds))


def test_without_a_verdict_nothing_is_tested() -> None:
    """Absence never passes: every row says why."""
    rows = cover((), {})
    assert sentence(rows) == "0 of 51 demands are tested in part, 51 by no verdict."
    for each in rows:
        assert not each.tested
        assert not each.outcomes
        for claim in each.demand.claims:
            assert f"no verdict on {claim} was planned" in each.not_tested


def test_a_verdict_that_did_not_run_tests_nothing() -> None:
    left_out = row(21, one("reconciles", Outcome.NOT_RUN))
    assert (left_out.tested, left_out.classes) == (False, ())
    assert left_out.not_tested[-1] == "1 planned verdict did not run"


@pytest.mark.parametrize("outcome", RUNS)
def test_what_is_tested_does_not_depend_on_how_it_came_out(outcome: Outcome) -> None:
    tested = row(21, one("reconciles", outcome))
    assert tested.tested
    assert tested.outcomes == {outcome: 1}
    assert tested.classes == (EvidenceClass.STAGING,)
    of_proven = table(one("reconciles", Outcome.PROVEN))
    assert table(one("reconciles", outcome))["tested_in_part"] == of_proven["tested_in_part"] == 3


def test_entries_of_the_ledger_are_counted_and_test_nothing() -> None:
    counted = row(46, started=31, finished=30, interrupted=1)
    assert counted.recorded == {"started": 31, "finished": 30, "interrupted": 1, "missed": 0}
    assert not counted.tested
    assert counted.not_tested[1:] == ("nothing was recorded as missed",)


def test_coverage_and_results_never_become_one_number() -> None:
    """The only sum counts rows that were tested; no share, no mean, no score."""
    whole = table(*known("as-found"), told=3)
    assert whole.keys() == {"format", "demands", "tested_in_part", "rows"}
    numbers = {key: value for key, value in whole.items() if isinstance(value, int | float)}
    assert numbers == {"format": 1, "demands": 51, "tested_in_part": 16}
    for each in whole["rows"]:
        assert [key for key, value in each.items() if isinstance(value, int)] == ["id", "tested"]
