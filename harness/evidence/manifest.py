"""`manifest.json`: what a bundle is of, and the digest and size of every file in it; pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from importlib.metadata import distributions
from typing import Any

from contracts.canonical import canonical
from harness.evidence import policy_file
from harness.evidence.census import Census
from harness.evidence.evidence import Evidence
from harness.facts import EvidenceClass

FORMAT = 1
NAME = "manifest.json"


def render(evidence: Evidence, files: Mapping[str, bytes], *, tool: str, packages: str) -> bytes:
    """RFC 8785 bytes. `tool` is the release and digest of the code that writes the bundle,
    `packages` the digest of what is installed beside it.
    """
    return canonical(
        {
            "format": FORMAT,
            "tool": {"code": tool, "packages": packages},
            **binding(evidence),
            "title": evidence.title,
            "policy": digest(files["policy/pilot.json"]),
            "slots": sorted({run.header.slot for run in evidence.runs}),
            "runs": [run.header.run for run in evidence.runs],
            "ledger": {
                "entries": len(evidence.entries),
                "head": evidence.entries[-1].sha256,
                **({} if evidence.continues is None else {"continues": evidence.continues}),
            },
            "census": _census(evidence.census),
            "files": {
                path: {"bytes": len(data), "sha256": digest(data)} for path, data in files.items()
            },
        }
    )


def binding(evidence: Evidence) -> dict[str, Any]:
    """What a statement is bound to, so that it says nothing of another pilot, window, contract,
    code or kind of system.
    """
    return {
        "pilot": evidence.pilot,
        "environment": evidence.environment,
        "window": {
            "first": evidence.window.first,
            "last": evidence.window.last,
            "zone": evidence.zone,
        },
        "contracts": policy_file.contracts(evidence),
        "code": sorted({run.header.code for run in evidence.runs}),
        "configurations": sorted(
            {run.header.configuration for run in evidence.runs if run.header.configuration}
        ),
        "evidence_classes": [str(one) for one in classes(evidence)],
    }


def classes(evidence: Evidence) -> list[EvidenceClass]:
    """The evidence classes of its verdicts, the weakest first."""
    seen = {one.evidence_class for run in evidence.runs for one in run.judged}
    return [known for known in EvidenceClass if known in seen]


def digest(data: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


def packages() -> str:
    """The digest of every installed package with its version, one a line, sorted."""
    lines = sorted({f"{one.name.lower()}=={one.version}\n" for one in distributions()})
    return digest("".join(lines).encode())


def _census(census: Census) -> dict[str, Any]:
    return {
        "nights": {
            "planned": census.planned,
            "started": census.started,
            "missed": census.missed,
            "each": [
                {"schedule": one.schedule, "night": one.night, "runs": one.runs}
                for one in census.nights
            ],
        },
        "runs": [{"job": one.job, "started": one.started, **one.by_state} for one in census.runs],
    }
