"""Readings as the ledger holds them: of this run's past, and of what was last seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import msgspec

from harness.facts import EvidenceClass, Reading
from harness.ledger import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A reading's entry as it stands in the ledger."""

    pilot: str
    environment: str
    run: str
    slot: date
    source: str
    dataset: str
    endpoint: str
    contract: str
    evidence_class: EvidenceClass
    reading: Reading


def recorded(ledger: Ledger) -> Iterator[Recorded]:
    """Every reading, oldest first."""
    for entry in ledger.entries(kind="reading"):
        yield msgspec.json.decode(entry.body, type=Recorded, strict=False)
