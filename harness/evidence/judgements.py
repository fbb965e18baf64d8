"""`judgements/RUN.json`: what one run came to, every planned verdict with its entry; pure."""

from __future__ import annotations

from typing import Any

from contracts.canonical import canonical
from harness.evidence.runs import EvidenceRun, State
from harness.report.verdicts_json import entry
from harness.verdict import GOOD, Outcome

FORMAT = 1


def render(run: EvidenceRun) -> bytes:
    """RFC 8785 bytes. The verdicts have the form of `verdicts.json`, and `seq` beside it."""
    return canonical(document(run))


def document(run: EvidenceRun) -> dict[str, Any]:
    """The same as values."""
    return {
        "format": FORMAT,
        "pilot": run.header.pilot,
        "environment": run.header.environment,
        "run": run.header.run,
        "number": run.number,
        "job": run.job,
        "slot": run.header.slot,
        "night": run.night,
        "code": run.header.code,
        "configuration": run.header.configuration,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "state": run.state,
        "because": run.because,
        "planned": run.owed,
        "executed": executed(run),
        "ready": ready(run),
        "verdicts": [
            {**entry(judged), "seq": seq}
            for judged, seq in zip(run.judged, run.verdict_seq, strict=True)
        ],
    }


def executed(run: EvidenceRun) -> int:
    """Number of verdicts whose check ran."""
    return sum(one.original is not Outcome.NOT_RUN for one in run.judged)


def ready(run: EvidenceRun) -> bool:
    """Whether it finished, and every verdict that the pilot owes is PROVEN or WAIVED."""
    whole = run.state is State.FINISHED and run.owed == len(run.judged)
    return whole and bool(run.judged) and all(one.outcome in GOOD for one in run.judged)
