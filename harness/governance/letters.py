"""The letter to a person whom a decision affects, and the closing report of a pilot; pure.

Both are one HTML file without network, scripts or other files, by the rules of
`harness/report/html.py`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime

from harness.claims.wording import count
from harness.governance.checklist import Checklist
from harness.governance.decision_log import Decision
from harness.governance.known import Known
from harness.governance.lineage import Graph
from harness.governance.pages import environment
from harness.report import summary
from harness.verdict import Outcome

MEANINGS = {
    Outcome.PROVEN: "what was promised was shown, with enough evidence",
    Outcome.BROKEN: "what was promised was not kept",
    Outcome.UNPROVEN: "there was too little evidence to say",
    Outcome.ERROR: "it could not be judged",
    Outcome.NOT_RUN: "the check did not run",
    Outcome.STALE: "the evidence had become too old",
    Outcome.WAIVED: "somebody signed that it need not be kept for a time",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One thing that the model was told about the person's case."""

    name: str
    value: str
    means: str
    """What its columns are, as their contracts say."""
    systems: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """Who ends a pilot, why and when."""

    by: str
    why: str
    on: date


def letter(known: Known, graph: Graph, decision: Decision, *, on: date) -> str:
    """Why it was decided so, of what, and how a person can have it decided otherwise."""
    record = decision.record
    return (
        environment()
        .get_template("letter.html.j2")
        .render(
            known=known,
            practice=_practice(known),
            record=record,
            decided=datetime.fromisoformat(record["time"]),
            outcome=plain(record["outcome"]),
            given=[
                Given(
                    name=plain(field.name),
                    value=_value(record["inputs"][field.name]),
                    means="; ".join(
                        filter(None, (*(one.described for one in field.origins), field.how))
                    ),
                    systems=tuple(dict.fromkeys(one.source for one in field.origins)),
                )
                for field in graph.given.fields
            ],
            model=graph.model,
            owners={source: known.owner(source) for source, _ in graph.given.datasets},
            governance=known.governance,
            on=on,
        )
    )


def closing(known: Known, found: Checklist, closed: Closed) -> str:
    """What a pilot came to: every run, the last verdicts, what is open, and what is kept."""
    runs = known.evidence.runs if known.evidence else ()
    last = [
        replace(one, excuse=known.excuses.get(one.planned))
        for one in (known.run.judged if known.run else ())
    ]
    judged = Counter(one.outcome for one in last)
    questions = known.governance.questions or ()
    return (
        environment()
        .get_template("closing.html.j2")
        .render(
            known=known,
            practice=_practice(known),
            title=known.loaded.settings.title,
            closed=closed,
            runs=count(len(runs), "run"),
            states=sorted(Counter(str(one.state) for one in runs).items()),
            outcomes=[(one, judged[one], MEANINGS[one]) for one in Outcome if judged[one]],
            excused=[one for one in last if one.excuse is not None],
            where=summary.where,
            found=found,
            open=[one for one in questions if one.answer is None],
            answered=[one for one in questions if one.answer is not None],
            retention=known.governance.retention,
        )
    )


def _practice(known: Known) -> str:
    """What every page of practice says first; empty where the systems are real."""
    judged = known.run.judged if known.run else ()
    return summary.practice(one.evidence_class for one in judged)


def plain(text: str) -> str:
    """A name of a log, as people write it."""
    return text.replace("_", " ")


def _value(value: object) -> str:
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
