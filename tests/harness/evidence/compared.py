"""Two sides to compare, made of outcomes."""

from __future__ import annotations

from harness.evidence.compare import Said, Side
from harness.facts import EvidenceClass
from harness.result import Planned
from harness.verdict import Basis, Outcome


def said(
    outcome: Outcome,
    because: str = "so it is",
    *,
    evidence_class: EvidenceClass = EvidenceClass.STAGING,
    basis: Basis = Basis.MEASURED,
) -> Said:
    return Said(outcome=outcome, because=because, evidence_class=evidence_class, basis=basis)


def planned(claim: str, dataset: str | None = "orders") -> Planned:
    return Planned(source="erp", dataset=dataset, claim=claim)


def side(name: str = "A", *, pilot: str = "acme", owed: int | None = None, **of: Said) -> Side:
    """The verdicts on `erp.orders`, by claim."""
    return Side(
        name=name,
        pilot=pilot,
        environment="dev",
        run="20261129T020000Z-00000000",
        slot="2026-11-29",
        owed=len(of) if owed is None else owed,
        code=None,
        contracts={},
        verdicts={planned(claim): one for claim, one in of.items()},
    )
