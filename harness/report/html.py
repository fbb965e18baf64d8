"""The report of one run: `report.html`, by the frame of every page (`frame.py`)."""

from __future__ import annotations

from harness.report import frame, grouping, summary
from harness.report.frame import Page, Section
from harness.report.tasks import registers
from harness.result import Result
from harness.timetable import describe_all


def render(result: Result) -> str:
    """The page. Equal results give equal bytes."""
    sources = grouping.by_source(result)
    return frame.render(
        Page(
            kicker="Seatrial report",
            pilot=result.pilot,
            title=result.title,
            ready=result.ready,
            reason=summary.reason(result),
            classes=summary.evidence_classes(result),
            practice=summary.practice(summary.evidence_classes(result)),
            judged=result.judged,
            owners=registers(result.facts),
            night=result.slot,
            bound=_bound(result),
            sections=_sections(result),
            head="run_head.html.j2",
            foot="run_foot.html.j2",
        ),
        result=result,
        counts=summary.counts(result.judged),
        plan_line=summary.plan_line(result),
        clock_line=summary.clock_line(result),
        groups=frame.groups(result.judged, list(grouping.known(result)), grouping.places(sources)),
        coverage=summary.coverage(result),
        sources=sources,
        strays=grouping.strays(result),
        schedules=list(describe_all(result.schedules, result.ended_at)),
    )


def _sections(result: Result) -> list[Section]:
    missed = Section(id="missed", title="Nights that did not run", template="missed.html.j2")
    return [
        *([missed] if result.missed else []),
        Section(id="verdicts", title="Verdicts", template="verdicts.html.j2"),
        Section(id="facts", title="Facts", template="facts.html.j2"),
        Section(id="coverage", title="Coverage", template="coverage.html.j2"),
        Section(id="provenance", title="What this rests on", template="provenance.html.j2"),
    ]


def _bound(result: Result) -> tuple[str, str]:
    if result.provenance is None:
        return "Run, which has not ended", result.run
    return "Ledger head", result.provenance.head
