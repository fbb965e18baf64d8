"""The readings in a ledger's entries: what earlier runs observed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

import msgspec

from harness import tags
from harness.facts import EvidenceClass, Reading
from harness.ledger.chain import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """The ledger's entry of a reading."""

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
    """The field has the name that `tags.FACTS` gives a reading."""
    locator: str | None = None
    """What was asked of the source; None in entries recorded before."""


def readings_in(entries: Iterable[Entry]) -> Iterator[Recorded]:
    """The readings among a ledger's entries, oldest first."""
    for entry in (entry for entry in entries if entry.kind == tags.FACTS[Reading]):
        yield msgspec.json.decode(entry.body, type=Recorded, strict=False)
