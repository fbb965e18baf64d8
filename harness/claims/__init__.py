"""The claims that can be proven: this table is all there is. Each declares itself in its file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from harness.claims import (
    arrives,
    authenticated,
    complete,
    conforms,
    fresh,
    least_privilege,
    owned,
    reconciles,
    stable_schema,
    stable_values,
    within_budget,
)
from harness.claims.claim import Claim, DatasetClaim, Need, SourceClaim

CLAIMS: tuple[Claim, ...] = (
    authenticated.CLAIM,
    least_privilege.CLAIM,
    within_budget.CLAIM,
    owned.CLAIM,
    complete.CLAIM,
    conforms.CLAIM,
    stable_schema.CLAIM,
    stable_values.CLAIM,
    fresh.CLAIM,
    arrives.CLAIM,
    reconciles.CLAIM,
)
"""In the order of every plan and report."""

DATASET_CLAIMS: Mapping[str, DatasetClaim] = {
    claim.name: claim for claim in CLAIMS if isinstance(claim, DatasetClaim)
}
SOURCE_CLAIMS: Mapping[str, SourceClaim] = {
    claim.name: claim for claim in CLAIMS if isinstance(claim, SourceClaim)
}


def look_up(name: str) -> Claim:
    """A claim by its name, which is there."""
    return next(claim for claim in CLAIMS if claim.name == name)


def needs(names: Iterable[str]) -> frozenset[Need]:
    """All that the named claims need."""
    return frozenset(need for name in names for need in look_up(name).needs)


def rests_on_several(name: str) -> bool:
    """Whether a claim is judged only when all the datasets that it rests on have been read."""
    return Need.OVERLAP in look_up(name).needs
