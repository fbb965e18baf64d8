"""JUnit XML for build servers. Only PROVEN and WAIVED pass. No test is ever `skipped`, because
build servers treat a skipped test as a pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from xml.etree import ElementTree as ET

from harness.report import excused, failed_rules
from harness.result import Judged, Result
from harness.say import visible
from harness.verdict import GOOD, Outcome, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One verdict as build servers see it."""

    verdict: Verdict
    outcome: Outcome
    """What counts."""
    because: str
    """Of the outcome, with who signed what."""


def render(result: Result) -> str:
    """One suite per source and one case per planned verdict, in the plan's order."""
    root = ET.Element("testsuites", name=visible(result.pilot))
    for source, judged in groupby(result.judged, key=lambda judged: judged.planned.source):
        _suite(root, result, source, list(judged))
    if not result.judged:
        _nothing_planned(root)
    return write(root)


def write(root: ET.Element) -> str:
    """The whole document, with what each suite counts."""
    for counted, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error")):
        for element in (root, *root.findall("testsuite")):
            element.set(counted, str(len(list(element.iter(tag)))))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _suite(root: ET.Element, result: Result, source: str, judged: list[Judged]) -> None:
    suite = ET.SubElement(root, "testsuite", name=visible(source))
    suite.set("timestamp", result.started_at.isoformat())
    add_properties(
        suite,
        environment=result.environment,
        run=result.run,
        slot=result.slot.isoformat(),
        evidence_class=", ".join(sorted({str(j.evidence_class) for j in judged})),
    )
    for one in judged:
        where = ".".join(filter(None, (one.planned.source, one.planned.dataset)))
        shown = Shown(verdict=one.verdict, outcome=one.outcome, because=excused.because(one))
        add_case(suite, shown, classname=where, name=one.planned.claim)


def add_properties(suite: ET.Element, **values: str) -> None:
    """What a suite is of, before its cases."""
    properties = ET.SubElement(suite, "properties")
    for name, value in values.items():
        ET.SubElement(properties, "property", name=name, value=visible(value))


def add_case(suite: ET.Element, shown: Shown, *, classname: str, name: str) -> None:
    """One verdict as a case: a failure, or an error for ERROR, unless it is PROVEN or WAIVED. Who
    waived it stands in what the case puts out.
    """
    case = ET.SubElement(suite, "testcase", classname=visible(classname), name=visible(name))
    verdict, outcome = shown.verdict, shown.outcome
    if outcome in GOOD:
        if outcome is not verdict.outcome:
            ET.SubElement(case, "system-out").text = visible(shown.because)
        return
    tag = "error" if outcome is Outcome.ERROR else "failure"
    message = visible(shown.because)
    fault = ET.SubElement(case, tag, type=str(outcome), message=message)
    told = visible(f"expected {verdict.expected}; observed {verdict.observed}")
    fault.text = "\n".join(filter(None, (told, failed_rules.text(verdict))))


def _nothing_planned(root: ET.Element) -> None:
    suite = ET.SubElement(root, "testsuite", name="plan")
    case = ET.SubElement(suite, "testcase", classname="plan", name="planned")
    ET.SubElement(case, "failure", type=str(Outcome.UNPROVEN), message="nothing was planned")
