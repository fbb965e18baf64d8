"""The report: one HTML file without network, scripts or other files.

Every value from data passes `finalize`, which escapes hidden characters, and then autoescape. No
template marks anything safe. Charts are Markup whose parts were escaped in the same way.
"""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from harness.facts import EvidenceClass
from harness.report import excused, failed_rules, figures, grouping, summary, words
from harness.result import Result
from harness.say import visible
from harness.timetable import describe_all
from harness.verdict import Outcome

SIGNS = {
    Outcome.PROVEN: "✓",
    Outcome.BROKEN: "✕",
    Outcome.UNPROVEN: "?",
    Outcome.ERROR: "!",
    Outcome.NOT_RUN: "○",
    Outcome.STALE: "~",
    Outcome.WAIVED: "§",
}
"""A sign beside each word, for readers who cannot distinguish the colours."""


def render(result: Result) -> str:
    """The page. Equal results give equal bytes."""
    template = environment().get_template("template.html.j2")
    classes = summary.evidence_classes(result)
    return template.render(
        result=result,
        counts=summary.counts(result.judged),
        worst_first=summary.worst_first(result),
        failing=[one for one in summary.worst_first(result) if one.verdict.failed_rules],
        classes=classes,
        practice=summary.PRACTICE if EvidenceClass.SIMULATED in classes else "",
        plan_line=summary.plan_line(result),
        reason=summary.reason(result),
        coverage=summary.coverage(result),
        sources=grouping.by_source(result),
        strays=grouping.strays(result),
        signs=SIGNS,
        words=words,
        figures=figures,
        clock_line=summary.clock_line(result),
        schedules=describe_all(result.schedules, result.ended_at),
        failed_rules=failed_rules,
    )


@cache
def environment() -> Environment:
    """Where every page of ours is rendered: whatever is from data is escaped."""
    made = Environment(
        loader=PackageLoader("harness.report", ""),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["csp_hash"] = _csp_hash
    made.globals["excused"] = excused
    return made


def _finalize(value: Any) -> Any:
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return visible(value)


def _csp_hash(style: str) -> str:
    # CSP 3, 2.3.1: the digest of the exact text between <style> and </style>.
    return f"sha256-{b64encode(sha256(style.encode()).digest()).decode()}"
