from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given

from harness.report.failed_rules import lines
from harness.report.junit import render
from harness.result import Result
from harness.say import visible
from harness.verdict import GOOD, Outcome
from tests.harness.report import sample
from tests.harness.report.results import results
from tests.harness.report.sample_verdicts import MISSING_SEGMENTS, plan


def told(outcome: Outcome) -> tuple[str, str | None]:
    """How one verdict of that outcome ends in the XML."""
    found = sample.as_found()
    judged = replace(found.judged[0], verdict=replace(found.judged[0].verdict, outcome=outcome))
    (case,) = ET.fromstring(render(replace(found, judged=(judged,)))).iter("testcase")
    ends = [(end.tag, end.get("type")) for end in case]
    return ends[0] if ends else ("pass", None)


@pytest.mark.parametrize("outcome", Outcome)
def test_only_what_is_proven_or_waived_passes(outcome: Outcome) -> None:
    expected = {Outcome.PROVEN: "pass", Outcome.WAIVED: "pass", Outcome.ERROR: "error"}
    end = expected.get(outcome, "failure")
    assert told(outcome) == (end, None if end == "pass" else str(outcome))


@given(results)
def test_any_result_is_well_formed_and_counts_what_it_holds(result: Result) -> None:
    root = ET.fromstring(render(result).encode())
    bad = [j.verdict for j in result.judged if j.verdict.outcome not in GOOD]
    errors = sum(verdict.outcome is Outcome.ERROR for verdict in bad)
    assert root.get("errors") == str(errors)
    assert root.get("failures") == str(len(bad) - errors + (not result.judged))
    assert root.get("tests") == str(len(result.judged) or 1)
    assert not list(root.iter("skipped"))
    ends = [*root.iter("failure"), *root.iter("error")]
    assert sorted(str(end.get("message")) for end in ends) == sorted(
        [visible(verdict.because) for verdict in bad]
        or ["nothing was planned"] * (not result.judged)
    )


def test_each_failed_rule_is_told_on_lines_of_its_own() -> None:
    [told] = [
        end.text
        for end in ET.fromstring(render(sample.as_found())).iter("failure")
        if "market_segment" in str(end.get("message"))
    ]
    assert str(told).splitlines() == [
        "expected market_segment missing in at most 2 % of rows; observed 7.01 % missing",
        "market_segment, at most 2 % missing: 1,052 of 15,000 rows fail (7\N{NO-BREAK SPACE}%)",
        "  row 14, customer_key 14",
        "  row 29, customer_key 29",
        "  row 43, customer_key 43",
        f"  Next: {MISSING_SEGMENTS.next_step}",
    ]


@given(results)
def test_no_name_begins_a_line_of_its_own(result: Result) -> None:
    ends = [end for tag in ("failure", "error") for end in ET.fromstring(render(result)).iter(tag)]
    bad = [j.verdict for j in result.judged if j.verdict.outcome not in GOOD]
    counted = [1 + len(list(lines(verdict))) for verdict in bad]
    found = [str(end.text).count("\n") + 1 for end in ends if result.judged]
    assert sorted(found) == sorted(counted)


def test_nothing_planned_is_a_failure() -> None:
    (failure,) = ET.fromstring(render(sample.empty())).iter("failure")
    assert failure.get("type") == "UNPROVEN"


def test_cases_are_named_after_the_plan() -> None:
    root = ET.fromstring(render(sample.as_found()))
    assert [suite.get("name") for suite in root] == ["crm", "logistics", "vendor"]
    assert [(case.get("classname"), case.get("name")) for case in root.iter("testcase")] == [
        (".".join(filter(None, (p.source, p.dataset))), p.claim) for p in plan()
    ]
