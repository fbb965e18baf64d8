"""`cyclonedx.json`: attestations (CycloneDX 1.6), one for each run that judged, one of the gaps.

The claims are a standard's requirements. What is PROVEN is attested by a claim with conformance 1;
whatever else became of it is a counter-claim with conformance 0 and its reason. Confidence has no
number, as none was measured. The document is written by hand: the library of this format drops
`declarations` where it reads and writes. Strictly valid documents may hold references that lead
nowhere; here each leads to one object.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias
from urllib.parse import quote

from harness.evidence.evidence import Evidence
from harness.evidence.formats.cases import (
    TRUE_WHEN,
    Case,
    gaps,
    judging,
    last_moment,
    verdicts,
)
from harness.evidence.formats.plain import judgements_of, line, moment, uuid_of, written

Json: TypeAlias = dict[str, Any]
VERSION = "1.6"
_SUBJECT, _ASSESSOR, _STANDARD = "pilot", "assessor", "standard"


def render(evidence: Evidence) -> bytes:
    """One document: what was to be true, what is claimed, and what speaks for or against it."""
    groups = [
        (f"Run {run.header.run} of the night {run.night}, {run.state}", [*verdicts(evidence, run)])
        for run in judging(evidence)
    ]
    groups.append(("What was owed and is in no verdict", [*gaps(evidence)]))
    found = [case for _, of in groups for case in of]
    content: Json = {
        "bomFormat": "CycloneDX",
        "specVersion": VERSION,
        "version": 1,
        "metadata": _metadata(evidence),
        "declarations": {
            "assessors": [
                {
                    "bom-ref": _ASSESSOR,
                    "thirdParty": False,
                    "organization": {"name": "Seatrial, as the pilot's own people ran it"},
                }
            ],
            "attestations": [_attestation(summary, of) for summary, of in groups if of],
            "claims": [_claim(case) for case in found],
            "evidence": [_evidence(case) for case in found],
            "targets": {"components": _targets(found)},
        },
        "definitions": {"standards": [_standard(found)]},
    }
    serial = uuid_of("cyclonedx", hashlib.sha256(written(content)).hexdigest())
    return written({**content, "serialNumber": f"urn:uuid:{serial}"})


def _metadata(evidence: Evidence) -> Json:
    codes = sorted({run.header.code for run in evidence.runs})
    return {
        "timestamp": moment(last_moment(evidence)),
        "tools": {
            "components": [
                {"type": "application", "name": "seatrial", "version": line(code)}
                for code in codes
            ]
        },
        "component": {
            "bom-ref": _SUBJECT,
            "type": "application",
            "name": line(evidence.pilot),
            "description": line(evidence.title),
        },
        "properties": [
            {"name": f"seatrial:{name}", "value": line(str(value))}
            for name, value in (
                ("environment", evidence.environment),
                ("first_night", evidence.window.first),
                ("last_night", evidence.window.last),
            )
        ],
    }


def _standard(found: Iterable[Case]) -> Json:
    return {
        "bom-ref": _STANDARD,
        "name": "Seatrial's claims",
        "description": "What a pilot's data pipelines are to prove, each night.",
        "requirements": [
            {
                "bom-ref": _ref("requirement", claim),
                "identifier": line(claim),
                "text": line(f"True when {TRUE_WHEN.get(claim, claim)}."),
            }
            for claim in sorted({case.claim for case in found})
        ],
    }


def _attestation(summary: str, of: Sequence[Case]) -> Json:
    proven = sum(case.proven for case in of)
    return {
        "summary": line(f"{summary}: {proven} of {len(of)} are proven."),
        "assessor": _ASSESSOR,
        "map": [
            {
                "requirement": _ref("requirement", case.claim),
                "claims" if case.proven else "counterClaims": [_ref("claim", *case.key)],
                "conformance": {"score": int(case.proven), "rationale": line(case.said)},
                "confidence": {"rationale": line(_basis(case))},
            }
            for case in of
        ],
    }


def _claim(case: Case) -> Json:
    what = " ".join(filter(None, (case.of, case.claim)))
    about = f"{what} of {case.night}"
    return {
        "bom-ref": _ref("claim", *case.key),
        "target": _target(case),
        "predicate": line(about if case.proven else f"{about} is not proven"),
        "reasoning": line(case.said),
        "evidence" if case.proven else "counterEvidence": [_ref("evidence", *case.key)],
    }


def _evidence(case: Case) -> Json:
    verdict = case.verdict
    file = judgements_of(case.run_id) if case.run else "../manifest.json"
    return {
        "bom-ref": _ref("evidence", *case.key),
        "description": line(f"Expected {verdict.expected}; observed {verdict.observed}."),
        "data": [{"name": "the judgement in this bundle", "contents": {"url": file}}],
        "created": moment(case.at),
    }


def _basis(case: Case) -> str:
    verdict = case.verdict
    kind = f"{case.evidence_class} systems" if case.evidence_class else "no system"
    return f"{verdict.basis} on {kind}, n = {verdict.n}: {verdict.method}"


def _targets(found: Iterable[Case]) -> list[Json]:
    subjects = {_target(case): case for case in found if case.source is not None}
    return [
        {"bom-ref": ref, "type": "data", "name": line(case.of)} for ref, case in subjects.items()
    ]


def _target(case: Case) -> str:
    if case.source is None:
        return _SUBJECT
    return _ref("target", *filter(None, (case.source, case.dataset)))


def _ref(kind: str, *parts: str) -> str:
    """Different for different parts, whatever stands in them."""
    return "/".join((kind, *(quote(part, safe="") for part in parts)))
