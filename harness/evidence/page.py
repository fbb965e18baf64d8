"""`report.html` of a bundle: what must happen, then what was not tested, before what was.

It has the frame of every page (`harness/report/frame.py`) and sections of its own. Every verdict
of the newest run stands on it once, with the words of `judgements/`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from jinja2 import ChoiceLoader, Environment, PackageLoader

from harness.claims.wording import count
from harness.evidence import covered, judgements, policy_file
from harness.evidence.census import Census, job_of
from harness.evidence.evidence import Evidence, Window
from harness.evidence.manifest import classes, digest
from harness.evidence.runs import EvidenceRun, FactEntry, State
from harness.facts import Reading, Register
from harness.policy import state as policy
from harness.policy.words import describe
from harness.report import frame, summary
from harness.report.frame import Group, Page, Section
from harness.report.rests import Known
from harness.report.tasks import registers
from harness.result import MissedNight
from harness.verdict import Outcome

UNTESTED = (Outcome.ERROR, Outcome.UNPROVEN, Outcome.STALE, Outcome.NOT_RUN)
"""Outcomes of verdicts that were planned and that no evidence decides."""
NEVER = (
    ("Availability", "nobody has asked the sources all day: what is known is how the nights went"),
    (
        "Latency",
        "answer times are recorded with each reading, and no promise is held against them",
    ),
    ("Recovery", "no source, no server and no person was made to fail on purpose"),
    ("Load", "no source was asked for more than a night takes"),
)
"""What no claim of this version tests, and why."""
SECTIONS = (
    Section(id="untested", title="What was not tested", template="untested.html.j2"),
    Section(id="tested", title="What was tested", template="tested.html.j2"),
    Section(id="census", title="Every night and every run", template="census.html.j2"),
    Section(id="measured", title="How it was measured", template="measured.html.j2"),
    Section(
        id="covered", title="What is asked before a model is built", template="covered.html.j2"
    ),
    Section(id="provenance", title="What this rests on", template="ledger.html.j2"),
)


_Read = tuple[str, str | None, Reading]
"""A reading with the code that took it and what it asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """All readings of one dataset in the window, in one row."""

    source: str
    dataset: str
    queries: tuple[str, ...]
    """What was asked."""
    collectors: tuple[str, ...]
    """The code that asked."""
    first: datetime
    last: datetime
    """When the first and the last reading began."""
    readings: int
    failed: int
    requests: int
    rows: int
    """Of all whole readings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """A night on which no run began, and which no later run has recorded."""

    schedule: str
    night: date
    because: str = "no run began"
    outcome: Outcome = Outcome.NOT_RUN


def practice(evidence: Evidence) -> str:
    """What every page of practice says first, with the nights that nobody read; empty where all
    systems are real.
    """
    judging = [one for one in evidence.runs if one.judges]
    replayed = [one for one in judging if one.header.launch and one.header.launch.replays]
    told = f"{len(replayed)} of {count(len(judging), 'run')} were replayed: no source was read."
    return " ".join([summary.practice(classes(evidence)), *([told] if replayed else [])]).strip()


def render(evidence: Evidence, manifest: bytes, *, key: str) -> str:
    """The page. `key` is the id of the key that signs the bundle."""
    newest = evidence.newest
    rows = measured(evidence)
    groups = verdicts(evidence, rows)
    return frame.render(
        Page(
            kicker="Seatrial evidence",
            pilot=evidence.pilot,
            title=evidence.title,
            ready=newest is not None and judgements.ready(newest),
            reason=reason(newest),
            classes=classes(evidence),
            practice=practice(evidence),
            judged=newest.judged if newest else (),
            owners=owners(evidence),
            night=newest.night if newest else evidence.window.last,
            bound=("SHA-256 of manifest.json", digest(manifest)),
            sections=SECTIONS,
            head="bundle_head.html.j2",
            foot="bundle_foot.html.j2",
        ),
        loader=_environment(),
        evidence=evidence,
        newest=newest,
        manifest=digest(manifest),
        key=key,
        nights=nights(evidence.window),
        agreed=list(describe(policy_state(evidence))),
        never=NEVER,
        untested=[one for one in groups if one.outcome in UNTESTED],
        tested=[one for one in groups if one.outcome not in UNTESTED],
        missed=without_a_whole_run(evidence),
        unfinished=[one for one in evidence.runs if one.state is not State.FINISHED],
        nights_line=nights_line(evidence.census),
        runs_lines=list(runs_lines(evidence.census)),
        counted=counted,
        job_of=job_of,
        measured=rows,
        covered=covered.rows(evidence),
        coverage=covered.sentence,
        codes=sorted({run.header.code for run in evidence.runs}),
        configurations=sorted({run.header.configuration or "" for run in evidence.runs} - {""}),
        contracts=policy_file.contracts(evidence),
    )


def verdicts(evidence: Evidence, rows: Sequence[Measured]) -> list[Group]:
    """Those of the newest run by outcome, worst first. `rows` are what was measured."""
    newest = evidence.newest
    return frame.groups(
        newest.judged if newest else (),
        map(_known, newest.facts if newest else ()),
        {(one.source, one.dataset): f"measured-{n}" for n, one in enumerate(rows, 1)},
        earlier=map(_known, _readings_before(evidence)),
    )


def owners(evidence: Evidence) -> dict[str, Register]:
    """Who answers for each source, as the newest run recorded it."""
    return registers(one.fact for one in (evidence.newest.facts if evidence.newest else ()))


def _known(entry: FactEntry) -> Known:
    """A probe or a register is of a source; its entry names no dataset."""
    origin = entry.origin
    return Known(
        source=origin.source or "", dataset=origin.dataset, fact=entry.fact, seq=entry.seq
    )


def _readings_before(evidence: Evidence) -> Iterator[FactEntry]:
    """The readings of the window before the newest run, in order."""
    for run in evidence.runs:
        if evidence.newest is None or run.number >= evidence.newest.number:
            return
        yield from (one for one in run.facts if isinstance(one.fact, Reading))


def without_a_whole_run(evidence: Evidence) -> list[MissedNight | Missed]:
    """Each night that was owed and on which no run began, or none that judged the whole plan, as
    a later run recorded; by schedule, oldest first.
    """
    recorded = {(one.missed.schedule, one.missed.night): one.missed for one in evidence.missed}
    began = {(one.schedule, one.night): one for one in evidence.census.nights}
    found = [
        recorded.get(key) or Missed(schedule=one.schedule, night=one.night)
        for key, one in began.items()
        if one.missed or key in recorded
    ]
    return [*found, *(one for key, one in recorded.items() if key not in began)]


def reason(newest: EvidenceRun | None) -> str:
    """One sentence: why what was last judged is ready or not."""
    if newest is None:
        return "No run of the window judged anything, so nothing is proven."
    if newest.state is not State.FINISHED:
        return f"The newest run did not finish: {newest.because}."
    if newest.owed != len(newest.judged):
        return (
            f"The newest run was asked for {len(newest.judged)} of {newest.owed} verdicts: "
            "a part is never ready."
        )
    if judgements.ready(newest):
        return "Every planned verdict of the newest run is PROVEN or WAIVED."
    return f"Of {newest.owed} planned verdicts, the newest run has {counted(newest)}."


def nights_line(census: Census) -> str:
    """The census of nights in one sentence."""
    if not census.nights:
        return (
            "No schedule was armed in this window, so no night was owed: nobody can tell which "
            "nights are missing."
        )
    return f"planned nights {census.planned} = started {census.started} + missed {census.missed}"


def runs_lines(census: Census) -> Iterator[str]:
    """The census of each job that ran, in one sentence."""
    for one in census.runs:
        if one.started:
            by_state = " + ".join(f"{state} {number}" for state, number in one.by_state.items())
            yield f"{one.job}: started {one.started} = {by_state}"


def measured(evidence: Evidence) -> list[Measured]:
    """A row for each dataset that was read."""
    found: dict[tuple[str, str], list[_Read]] = {}
    for run in evidence.runs:
        for entry in run.facts:
            if isinstance(entry.fact, Reading):
                read = (run.header.code, entry.origin.locator, entry.fact)
                found.setdefault((entry.fact.source, entry.fact.dataset), []).append(read)
    return [_measured(*place, own) for place, own in found.items()]


def _measured(source: str, dataset: str, own: list[_Read]) -> Measured:
    began = [reading.started_at for _, _, reading in own]
    whole = [reading for _, _, reading in own if reading.failure is None]
    return Measured(
        source=source,
        dataset=dataset,
        queries=tuple(dict.fromkeys(query for _, query, _ in own if query)),
        collectors=tuple(dict.fromkeys(code for code, _, _ in own)),
        first=min(began),
        last=max(began),
        readings=len(own),
        failed=len(own) - len(whole),
        requests=sum(reading.attempts for _, _, reading in own),
        rows=sum(reading.rows for reading in whole),
    )


def policy_state(evidence: Evidence) -> policy.State:
    """What came of the policy. Whose keys signed it, a register says; a bundle has none."""
    return policy.state(evidence.own, pilot=evidence.pilot, environment=evidence.environment)


def nights(window: Window) -> str:
    """The window in words."""
    first, last = window.first.isoformat(), window.last.isoformat()
    return first if first == last else f"{first} to {last}"


def counted(run: EvidenceRun) -> str:
    """Its verdicts by outcome, worst first: `2 BROKEN, 56 PROVEN`."""
    seen = Counter(one.outcome for one in run.judged)
    return ", ".join(f"{seen[one]} {one}" for one in summary.WORST_FIRST if seen[one])


@cache
def _environment() -> Environment:
    """That of the run's report, with our own sections before its parts."""
    loaders = (PackageLoader("harness.evidence", ""), PackageLoader("harness.report", ""))
    return frame.environment().overlay(loader=ChoiceLoader(loaders))
