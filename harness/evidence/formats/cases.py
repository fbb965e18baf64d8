"""What every format shows: each planned verdict of each run, and whatever is missing; pure.

A consumer knows pass and fail alone. A case passes only if its outcome is PROVEN; WAIVED is a
person's acceptance of a risk, which some formats can tell from a pass and some cannot.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

import msgspec

from harness.claims import CLAIMS
from harness.evidence.evidence import Evidence
from harness.evidence.runs import EvidenceRun, State
from harness.facts import EvidenceClass
from harness.ledger.body import decoded
from harness.report import excused
from harness.run.config import Job
from harness.verdict import Outcome, Verdict

NIGHT = "night_run"
FINISHED = "run_finished"
WHOLE = "whole_plan"
PLANNED = "anything_planned"
GAPS = {
    NIGHT: "a run began on each night that was owed, and judged the whole plan",
    FINISHED: "a run that began has finished",
    WHOLE: "every verdict that the pilot owes was asked for",
    PLANNED: "something was planned",
}
"""What is owed beside the claims, and when it is there. Shown only where it is not."""
TRUE_WHEN = {claim.name: claim.true_when for claim in CLAIMS} | GAPS


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One thing that was owed, and how it went."""

    run: EvidenceRun | None
    """None for a night on which none began."""
    night: date
    source: str | None
    """None for a gap, which is of no source."""
    dataset: str | None
    claim: str
    """The claim's name, or one of GAPS."""
    verdict: Verdict
    outcome: Outcome
    """What counts: WAIVED where somebody signed."""
    because: str
    """Of the outcome: the verdict's reason, and who signed what beside it."""
    evidence_class: EvidenceClass | None
    seq: int | None
    """The verdict's place in the ledger; None where none was recorded."""
    at: datetime
    """When it was judged; where it was not, when the run ended or the night was due."""

    @property
    def proven(self) -> bool:
        """Whether a consumer may be told that it passed."""
        return self.outcome is Outcome.PROVEN

    @property
    def of(self) -> str:
        """What it is about, as `crm.customers`; empty for a gap."""
        return ".".join(filter(None, (self.source, self.dataset)))

    @property
    def run_id(self) -> str:
        """The id of its run; empty where none began."""
        return self.run.header.run if self.run else ""

    @property
    def key(self) -> tuple[str, ...]:
        """Tells it from every other case of any export."""
        what = (self.source, self.dataset or "") if self.source else ("", self.verdict.because)
        return (self.run_id, str(self.night), *what, self.claim)

    @property
    def said(self) -> str:
        """Outcome and reason, as one sentence."""
        return f"{self.outcome}: {self.because}"


class _At(msgspec.Struct):
    at: datetime


def judging(evidence: Evidence) -> tuple[EvidenceRun, ...]:
    """The runs that were to judge something, in the ledger's order."""
    return tuple(run for run in evidence.runs if run.judges)


def verdicts(evidence: Evidence, run: EvidenceRun) -> Iterator[Case]:
    """Each planned verdict of a run, in the plan's order."""
    for judged, seq in zip(run.judged, run.verdict_seq, strict=True):
        yield Case(
            run=run,
            night=run.night,
            source=judged.planned.source,
            dataset=judged.planned.dataset,
            claim=judged.planned.claim,
            verdict=judged.verdict,
            outcome=judged.outcome,
            because=excused.because(judged),
            evidence_class=judged.evidence_class,
            seq=seq,
            at=_recorded_at(evidence, seq) if seq else run.ended_at or run.started_at,
        )


def gaps(evidence: Evidence) -> Iterator[Case]:
    """All that was owed beside the planned verdicts and is not there."""
    for run in judging(evidence):
        yield from gaps_of(run)
    yield from gaps_between(evidence)


def gaps_of(run: EvidenceRun) -> Iterator[Case]:
    """What a run that judges owed beside its planned verdicts and did not do."""
    if run.state is not State.FINISHED:
        yield _gap(run, FINISHED, f"run {run.header.run} did not finish: {run.because}")
    elif run.job == Job.PROVE and len(run.planned) < run.owed:
        asked = f"{len(run.planned)} of {run.owed} verdicts"
        yield _gap(run, WHOLE, f"run {run.header.run} was asked for {asked}")


def gaps_between(evidence: Evidence) -> Iterator[Case]:
    """Nights that were owed and have no whole run, and a window without any plan."""
    missed = {
        (one.schedule, one.night): "no run began" for one in evidence.census.nights if one.missed
    }
    missed |= {
        (one.missed.schedule, one.missed.night): one.missed.because for one in evidence.missed
    }
    for (schedule, night), because in sorted(missed.items()):
        yield _missing(evidence, night, NIGHT, f"{schedule} was armed for {night}: {because}")
    if not judging(evidence):
        yield _missing(evidence, evidence.window.last, PLANNED, "no run planned a verdict")


def cases(evidence: Evidence) -> Iterator[Case]:
    """All of them: the verdicts run by run, then the gaps."""
    for run in judging(evidence):
        yield from verdicts(evidence, run)
    yield from gaps(evidence)


def last_moment(evidence: Evidence) -> datetime:
    """The newest time that the ledger knows of these runs; no clock is asked."""
    return max(run.ended_at or run.started_at for run in evidence.runs)


def _recorded_at(evidence: Evidence, seq: int) -> datetime:
    entries = evidence.entries  # without a gap; of an archive's rest the first is not 1
    return decoded(entries[seq - entries[0].seq], _At).at


def _gap(run: EvidenceRun, name: str, because: str) -> Case:
    return Case(
        run=run,
        night=run.night,
        source=None,
        dataset=None,
        claim=name,
        verdict=_not_run(name, because),
        outcome=Outcome.NOT_RUN,
        because=because,
        evidence_class=None,
        seq=None,
        at=run.ended_at or run.started_at,
    )


def _missing(evidence: Evidence, night: date, name: str, because: str) -> Case:
    return Case(
        run=None,
        night=night,
        source=None,
        dataset=None,
        claim=name,
        verdict=_not_run(name, because),
        outcome=Outcome.NOT_RUN,
        because=because,
        evidence_class=None,
        seq=None,
        at=last_moment(evidence),
    )


def _not_run(name: str, because: str) -> Verdict:
    return Verdict(
        claim=name,
        outcome=Outcome.NOT_RUN,
        because=because,
        expected=GAPS[name],
        observed="it is missing",
        n=0,
        method="the census of nights and runs",
    )
