"""`oscal.json`: assessment results (OSCAL 1.1), one result for each run that judged.

An objective is `satisfied` or `not-satisfied`; nothing else exists. Only PROVEN is satisfied;
every other outcome is not, and says which it is and why. A claim is the objective, as no catalogue
of others has it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeAlias

from harness.evidence.evidence import Evidence
from harness.evidence.formats.cases import (
    TRUE_WHEN,
    Case,
    cases,
    gaps_between,
    gaps_of,
    judging,
    last_moment,
    verdicts,
)
from harness.evidence.formats.markup import escape
from harness.evidence.formats.plain import judgements_of, line, moment, uuid_of, written
from harness.evidence.runs import EvidenceRun
from harness.verdict import Basis, Outcome

Json: TypeAlias = dict[str, Any]
VERSION = "1.1.3"
NAMESPACE = "urn:seatrial:evidence"
"""Of the properties that are ours."""


def render(evidence: Evidence) -> bytes:
    """The assessment results. A window without a plan has one result: nothing was planned."""
    results = [_of_run(evidence, run) for run in judging(evidence)]
    if between := list(gaps_between(evidence)):
        results.append(_between(evidence, between))
    plan = uuid_of("oscal plan", evidence.pilot, evidence.environment)
    content: Json = {
        "metadata": {
            "title": escape(f"Evidence of {evidence.title}, environment {evidence.environment}"),
            "last-modified": moment(last_moment(evidence)),
            "version": line(f"{evidence.window.first} to {evidence.window.last}"),
            "oscal-version": VERSION,
            "props": [*_props(pilot=evidence.pilot, environment=evidence.environment)],
        },
        "import-ap": {
            "href": f"#{plan}",
            "remarks": "What was planned stands in this bundle, not in an OSCAL assessment plan.",
        },
        "local-definitions": {"objectives-and-methods": _objectives(cases(evidence))},
        "results": results,
        "back-matter": {
            "resources": [
                {
                    "uuid": plan,
                    "title": "What was promised",
                    "rlinks": [{"href": "../policy/pilot.json", "media-type": "application/json"}],
                }
            ]
        },
    }
    digest = hashlib.sha256(written(content)).hexdigest()
    return written({"assessment-results": {"uuid": uuid_of("oscal", digest), **content}})


def _objectives(of: Iterable[Case]) -> list[Json]:
    return [
        {
            "control-id": claim,
            "description": escape(f"True when {TRUE_WHEN.get(claim, claim)}."),
            "parts": [{"name": "assessment-objective", "prose": escape(claim)}],
        }
        for claim in sorted({case.claim for case in of})
    ]


def _of_run(evidence: Evidence, run: EvidenceRun) -> Json:
    found = [*verdicts(evidence, run), *gaps_of(run)]
    ended = {} if run.ended_at is None else {"end": moment(run.ended_at)}
    return {
        "uuid": uuid_of("oscal result", run.header.run, run.head),
        "title": escape(f"Night {run.night}, run {run.header.run}"),
        "description": escape(_counted(found)),
        "start": moment(run.started_at),
        **ended,
        "props": [*_props(run=run.header.run, state=run.state, code=run.header.code)],
        **_found(evidence, found),
    }


def _between(evidence: Evidence, found: Sequence[Case]) -> Json:
    return {
        "uuid": uuid_of("oscal gaps", *(part for case in found for part in case.key)),
        "title": "What was owed and is in no run",
        "description": escape(_counted(found)),
        "start": moment(min(run.started_at for run in evidence.runs)),
        "end": moment(last_moment(evidence)),
        **_found(evidence, found),
    }


def _counted(found: Sequence[Case]) -> str:
    bad = sum(not case.proven for case in found)
    return f"{len(found) - bad} of {len(found)} are satisfied; {bad} are not, each says why."


def _found(evidence: Evidence, found: Sequence[Case]) -> Json:
    claims = sorted({case.claim for case in found})
    return {
        "local-definitions": {"components": _components(evidence, found)},
        "reviewed-controls": {
            "control-selections": [{"include-controls": [{"control-id": c} for c in claims]}]
        },
        "observations": [_observation(case) for case in found],
        "findings": [_finding(case) for case in found],
    }


def _components(evidence: Evidence, found: Iterable[Case]) -> list[Json]:
    subjects = {_subject(case): case for case in found}
    return [
        {
            "uuid": uuid,
            "type": "system" if case.source is None else "service",
            "title": escape(case.of or evidence.pilot),
            "description": escape(f"{case.of or 'the pilot'}, as {evidence.pilot} names it"),
            "status": {"state": "other", "remarks": "Seatrial does not say."},
        }
        for uuid, case in subjects.items()
    ]


def _subject(case: Case) -> str:
    """A result declares its own: an id that stands in two results would be no id."""
    return uuid_of("oscal subject", case.run_id, case.source or "", case.dataset or "")


def _observation(case: Case) -> Json:
    verdict = case.verdict
    method = "EXAMINE" if verdict.basis is Basis.ATTESTED else "TEST"
    file = judgements_of(case.run_id) if case.run else "../manifest.json"
    return {
        "uuid": uuid_of("oscal observation", *case.key),
        "description": escape(f"Expected {verdict.expected}; observed {verdict.observed}."),
        "props": [
            *_props(
                outcome=case.outcome,
                original=verdict.outcome,
                n=verdict.n,
                method=verdict.method,
                basis=verdict.basis,
                evidence_class=case.evidence_class,
                ledger_entry=case.seq,
            )
        ],
        "methods": [method],
        "types": ["finding"],
        "subjects": [{"subject-uuid": _subject(case), "type": "component"}],
        "relevant-evidence": [{"href": file, "description": "The judgement in this bundle."}],
        "collected": moment(case.at),
    }


def _finding(case: Case) -> Json:
    outcome = case.outcome
    reason = {Outcome.PROVEN: "pass", Outcome.BROKEN: "fail"}.get(outcome, "other")
    return {
        "uuid": uuid_of("oscal finding", *case.key),
        "title": escape(" ".join(filter(None, (case.of, case.claim)))),
        "description": escape(case.said),
        "props": [*_props(outcome=outcome)],
        "target": {
            "type": "objective-id",
            "target-id": case.claim,
            "status": {
                "state": "satisfied" if case.proven else "not-satisfied",
                "reason": reason,
                "remarks": escape(case.said),
            },
        },
        "related-observations": [{"observation-uuid": uuid_of("oscal observation", *case.key)}],
    }


def _props(**values: object) -> Iterator[Json]:
    for name, value in values.items():
        if value is not None:
            yield {"name": name, "ns": NAMESPACE, "value": line(str(value))}
