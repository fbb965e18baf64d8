"""The evidence bundle: every file of it, as bytes; pure.

    facts/ judgements/ policy/ log/ export/ ─▶ manifest.json ─▶ manifest.dsse.json
                                                    │
    report.html, report.pdf, VERIFY.md                  │
                          ── report.dsse.json ◀────┤      each names the manifest's digest
    attestations/*.dsse.json ◀──────────────────────┘

Equal ledgers give equal bytes, whoever exports them and when, as long as the same code and the
same key do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from harness.errors import ConfigurationError
from harness.evidence import (
    entries,
    judgements,
    log,
    manifest,
    page,
    policy_file,
    statements,
)
from harness.evidence.evidence import Evidence
from harness.evidence.paper import paper
from harness.evidence.runs import EvidenceRun
from harness.signing import dsse
from harness.signing.ed25519 import key_id
from harness.signing.signer import Signer

SUMMARY = "attestations/verification-summary.dsse.json"
_RUN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
Format = Callable[[Evidence], bytes]
"""A form in which an auditor's program takes evidence."""


def build(  # noqa: PLR0913 - what a bundle is made from
    evidence: Evidence,
    *,
    signer: Signer,
    formats: Mapping[str, Format],
    tool: str,
    packages: str,
    verify_text: bytes,
) -> dict[str, bytes]:
    """The bytes of each file by its path. `tool`, `packages`: see `manifest.render`.

    Raises ConfigurationError where the ledger holds what no bundle can.
    """
    covered = {
        "facts/entries.jsonl": entries.render(evidence),
        **_judgements(evidence.runs),
        "policy/pilot.json": policy_file.render(evidence),
        **policy_file.agreed(evidence),
        **log.render(evidence, signer),
        **{f"export/{name}": render(evidence) for name, render in formats.items()},
    }
    covered = dict(sorted(covered.items()))
    written = manifest.render(evidence, covered, tool=tool, packages=packages)
    signed = _seal(statements.of_manifest(evidence, written), signer)
    key = key_id(signer.public)
    beside = {
        "report.html": page.render(evidence, written, key=key).encode(),
        paper.NAME: paper.render(evidence, written, signed, key=key),
        "VERIFY.md": verify_text,
    }
    sealed = {
        paper.SIGNED: signed,
        "report.dsse.json": _seal(statements.of_files(evidence, written, beside), signer),
    }
    for name, statement in statements.attestations(evidence, written, covered):
        sealed[f"attestations/{name}.dsse.json"] = _seal(statement, signer)
    summary = statements.summary(evidence, written, covered, sealed)
    return {
        **covered,
        manifest.NAME: written,
        **beside,
        **sealed,
        SUMMARY: _seal(summary, signer),
    }


def _judgements(runs: Iterable[EvidenceRun]) -> dict[str, bytes]:
    return {f"judgements/{_name(run)}.json": judgements.render(run) for run in runs}


def _name(run: EvidenceRun) -> str:
    """A run's id as a file's name. We write no other ids; another program may."""
    if not _RUN.fullmatch(run.header.run):
        raise ConfigurationError(
            f"the ledger's run {run.header.run!a} cannot name a file, so another program wrote "
            "it: keep the ledger, and name another --out"
        )
    return run.header.run


def _seal(statement: bytes, signer: Signer) -> bytes:
    return dsse.seal(dsse.IN_TOTO, statement, signer)
