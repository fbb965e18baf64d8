"""Which demands a bundle's evidence tests, and what is known of the prover; pure.

The outcomes are those of the newest run that was to prove; a look for drift alone says less.
Entries are counted over the window.
"""

from __future__ import annotations

from collections import Counter

from contracts.canonical import canonical
from harness.coverage import prover, table
from harness.coverage.table import Covered
from harness.evidence.evidence import Evidence
from harness.evidence.runs import EvidenceRun
from harness.ledger.promised import not_planned_in, promises_in
from harness.run.config import Job

sentence = table.sentence


def rows(evidence: Evidence) -> tuple[Covered, ...]:
    """One row for each demand."""
    newest = _newest(evidence)
    own = {run.header.run for run in evidence.runs}
    kinds = Counter(entry.kind for entry in evidence.entries if entry.run in own)
    if newest is None:
        return table.cover((), kinds)
    promised = {one.promises.digest: one.promises for one in promises_in(evidence.promises)}
    known = {where: promised[one] for where, one in newest.promises.items() if one in promised}
    return table.cover(newest.judged, kinds, not_planned_in(known))


def render(evidence: Evidence) -> bytes:
    """`coverage.json`: RFC 8785 bytes."""
    newest = _newest(evidence)
    return canonical(
        {
            "pilot": evidence.pilot,
            "environment": evidence.environment,
            "run": newest and newest.header.run,
            **table.document(rows(evidence)),
        }
    )


def known(_evidence: Evidence) -> bytes:
    """`prover.json`: what is said of servers of which it is known what is true. It is the same in
    every bundle of one release.
    """
    return prover.render()


def _newest(evidence: Evidence) -> EvidenceRun | None:
    proving = [one for one in evidence.runs if one.judges and one.job == Job.PROVE]
    return proving[-1] if proving else None
