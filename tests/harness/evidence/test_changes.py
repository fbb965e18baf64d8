"""What `seatrial compare` prints fits 80 columns, and loses no word."""

from __future__ import annotations

import io
from dataclasses import replace

from hypothesis import given, settings
from rich.cells import cell_len
from rich.console import Console

from harness.evidence.changes import print_changes
from harness.evidence.compare import Compared, Side, compare
from harness.evidence.sides import of_result
from harness.facts import EvidenceClass
from harness.result import Result
from harness.say import visible
from harness.verdict import Outcome
from tests.harness.evidence.compared import said, side
from tests.harness.report.results import results

PROVEN, BROKEN = Outcome.PROVEN, Outcome.BROKEN


def printed(compared: Compared) -> str:
    text = io.StringIO()
    print_changes(compared, Console(file=text, width=80))
    return text.getvalue()


def packed(text: str) -> str:
    return "".join(text.split())


def once(result: Result) -> Side:
    """A plan has each verdict once; any result at all may have it twice."""
    judged = {one.planned: one for one in result.judged}
    return of_result(replace(result, judged=tuple(judged.values())), "A")


@settings(max_examples=20)
@given(results, results)
def test_no_change_loses_a_word_and_no_line_is_too_long(one: Result, other: Result) -> None:
    before = once(one)
    compared = compare(before, replace(once(other), pilot=before.pilot))
    text = printed(compared)
    assert [line for line in text.splitlines() if cell_len(line) > 80] == []
    for change in compared.changes:
        said_now = change.now or change.before
        assert said_now is not None
        assert packed(visible(said_now.because)) in packed(text)
        assert packed(visible(change.planned.source)) in packed(text)


def test_only_what_changed_is_told() -> None:
    before = side("monday", fresh=said(BROKEN, "late"), owned=said(PROVEN), conforms=said(PROVEN))
    now = side("tuesday", fresh=said(PROVEN, "in time"), owned=said(PROVEN), conforms=said(PROVEN))
    assert [line.rstrip() for line in printed(compare(before, now)).splitlines()] == [
        "erp.orders",
        "  BROKEN \N{RIGHTWARDS ARROW} PROVEN      fresh             in time",
        "",
        "1 of 3 changed: 1 better",
        "as before: 2 PROVEN",
        "monday: NOT READY, acme (dev), slot 2026-11-29",
        "tuesday: READY, acme (dev), slot 2026-11-29",
    ]


def test_where_nothing_changed_that_is_all_that_is_said() -> None:
    shown = printed(compare(side("A", fresh=said(PROVEN)), side("B", fresh=said(PROVEN))))
    assert shown.splitlines()[:2] == ["0 of 1 changed", "as before: 1 PROVEN"]


def test_what_else_differs_is_told() -> None:
    made = said(PROVEN, evidence_class=EvidenceClass.SIMULATED)
    before = replace(
        side("A", fresh=said(PROVEN), owned=said(BROKEN, "x")),
        code="0.1.0+aa",
        contracts={"erp.orders": "12", "erp.lines": "34"},
    )
    now = replace(
        side("B", fresh=made, owed=2),
        environment="prod",
        code="0.1.0+bb",
        contracts={"erp.orders": "13", "erp.parts": "56"},
    )
    text = " ".join(printed(compare(before, now)).split())
    assert "Evidence: staging before, simulated now. so it is" in text
    assert "BROKEN \N{RIGHTWARDS ARROW} - owned Not judged there. It was: x" in text
    assert "2 of 2 changed: 1 worse, 1 gone" in text
    assert "two environments: dev and prod" in text
    assert "judged by two versions: 0.1.0+aa and 0.1.0+bb" in text
    assert "judged by another contract: erp.orders B was" in text
    assert "B was asked for 1 of 2 verdicts" in text


def test_what_is_still_wrong_with_other_numbers_is_told_as_before() -> None:
    before, now = side(fresh=said(BROKEN, "7 h")), side(fresh=said(BROKEN, "9 h"))
    assert "BROKEN as before     fresh             9 h" in printed(compare(before, now))
