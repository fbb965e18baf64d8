"""Readings of earlier nights that a verdict may rest on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from harness import tags
from harness.facts import Reading
from harness.ledger.history import Recorded, readings_in
from harness.ledger.ledger import Ledger
from harness.run.config import RunConfig
from harness.run.system import System


def earlier_readings(
    config: RunConfig, ledger: Ledger, systems: Mapping[str, System]
) -> dict[tuple[str, str], tuple[Reading, ...]]:
    """One reading for each earlier slot of a dataset: the last whole one, else the last failed
    one.
    """
    found: dict[tuple[str, str], dict[date, Reading]] = {}
    for old in readings_in(ledger.entries(kind=tags.FACTS[Reading])):
        if not _counts(old, config, systems.get(old.source)):
            continue
        by_slot = found.setdefault((old.source, old.dataset), {})
        if old.reading.failure is None or old.slot not in by_slot:
            by_slot[old.slot] = old.reading
    return {name: tuple(by_slot[s] for s in sorted(by_slot)) for name, by_slot in found.items()}


def _counts(old: Recorded, config: RunConfig, system: System | None) -> bool:
    """Whether it was read from the same system, under the same contract, for an earlier slot.

    What was read on another day than its slot's says nothing of that night.
    """
    digests = config.loaded.digests.get((old.source, old.dataset))
    return (
        system is not None
        and digests is not None
        and old.contract in digests
        and old.pilot == config.loaded.pilot.name
        and old.environment == config.environment
        and old.slot < config.slot
        and old.slot == old.reading.started_at.astimezone(config.loaded.zone).date()
        and old.endpoint == system.connector.endpoint
        and old.evidence_class is system.evidence_class
    )
