"""`policy/pilot.json`: what verdicts were held against, as the ledger has it; pure."""

from __future__ import annotations

from typing import Any

from contracts.canonical import canonical
from harness import tags
from harness.amendments import files as amendments
from harness.evidence.evidence import Evidence
from harness.ledger.body import part
from harness.ledger.chain import Entry
from harness.policy.files import files

FORMAT = 1


def render(evidence: Evidence) -> bytes:
    """RFC 8785 bytes: each promise once, in the order in which the ledger took it up, with the
    contracts whose digests readings name.
    """
    return canonical(
        {
            "format": FORMAT,
            "pilot": evidence.pilot,
            "environment": evidence.environment,
            "promises": [_promise(entry) for entry in evidence.promises],
            "contracts": contracts(evidence),
        }
    )


def agreed(evidence: Evidence) -> dict[str, bytes]:
    """By path, each policy and each amendment that people signed until the end of the window, with
    the signatures.
    """
    own, of = evidence.own, {"pilot": evidence.pilot, "environment": evidence.environment}
    return {**files(own, **of), **amendments.files(own, **of)}


def contracts(evidence: Evidence) -> dict[str, list[str]]:
    """The digests of each dataset's contract in the window, by `source.dataset`."""
    found: dict[str, set[str]] = {}
    for run in evidence.runs:
        for origin in (fact.origin for fact in run.facts):
            if origin.contract and origin.dataset:
                found.setdefault(f"{origin.source}.{origin.dataset}", set()).add(origin.contract)
    return {place: sorted(digests) for place, digests in found.items()}


def _promise(entry: Entry) -> dict[str, Any]:
    said = {name: part(entry, name, object) for name in ("at", "source", "dataset", tags.PROMISES)}
    return {"seq": entry.seq, **said}
