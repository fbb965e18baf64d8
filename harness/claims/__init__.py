"""The claims that can be proven, each with its proof: pure functions of promises and facts.

Names are stable identifiers: once published, never reused for another meaning.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from contracts.promises import Promises, SourcePromises
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
from harness.facts import Fact
from harness.verdict import Verdict

DatasetProof: TypeAlias = Callable[[Promises, Sequence[Fact]], Verdict]
"""The facts are this run's for the dataset, and the readings of earlier nights."""
SourceProof: TypeAlias = Callable[[SourcePromises, Sequence[Fact]], Verdict]
"""The facts are this run's for the source: readings of its datasets, probes, its register."""

DATASET_CLAIMS: Mapping[str, DatasetProof] = {
    "complete": complete.prove,
    "conforms": conforms.prove,
    "stable_schema": stable_schema.prove,
    "stable_values": stable_values.prove,
    "fresh": fresh.prove,
    "arrives": arrives.prove,
    "reconciles": reconciles.prove,
}
SOURCE_CLAIMS: Mapping[str, SourceProof] = {
    "authenticated": authenticated.prove,
    "least_privilege": least_privilege.prove,
    "within_budget": within_budget.prove,
    "owned": owned.prove,
}
