"""`junit.xml`, for build servers: a suite for each source of each run, and one of all gaps.

Only PROVEN and WAIVED pass. Nothing is ever `skipped`: consumers pass skipped cases. The name of a
case holds its night and run, as consumers show one case of several that have the same name.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from xml.etree import ElementTree as ET

from harness.evidence.evidence import Evidence
from harness.evidence.formats.cases import Case, gaps, judging, verdicts
from harness.evidence.formats.plain import moment
from harness.evidence.runs import EvidenceRun
from harness.report.junit import Shown, add_case, add_properties, write
from harness.say import visible


def render(evidence: Evidence) -> bytes:
    """One case for each planned verdict of each run, and one for each thing that is missing."""
    root = ET.Element("testsuites", name=visible(f"{evidence.pilot} {evidence.environment}"))
    for run in judging(evidence):
        for source, of in groupby(verdicts(evidence, run), key=lambda case: case.source):
            _of_source(root, str(source), run, tuple(of))
    if missing := tuple(gaps(evidence)):
        _add(ET.SubElement(root, "testsuite", name="gaps"), missing)
    return write(root).encode()


def _of_source(root: ET.Element, source: str, run: EvidenceRun, cases: tuple[Case, ...]) -> None:
    name = f"{source} {run.night} {run.header.run}"
    suite = ET.SubElement(root, "testsuite", name=visible(name))
    suite.set("timestamp", moment(run.started_at))
    add_properties(
        suite,
        run=run.header.run,
        night=str(run.night),
        slot=run.header.slot,
        state=str(run.state),
        code=run.header.code,
        evidence_class=", ".join(sorted({str(case.evidence_class) for case in cases})),
    )
    _add(suite, cases)


def _add(suite: ET.Element, cases: Iterable[Case]) -> None:
    for case in cases:
        name = " ".join(filter(None, (case.claim, str(case.night), case.run_id)))
        shown = Shown(verdict=case.verdict, outcome=case.outcome, because=case.because)
        add_case(suite, shown, classname=case.of or "gaps", name=name)
