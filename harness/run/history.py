"""Readings of earlier nights that a verdict may rest on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from connectors.capabilities import locator
from harness import tags
from harness.claims.nights import date_in, was_seen
from harness.claims.wholeness import rank
from harness.facts import Reading
from harness.ledger.history import Recorded, readings_in
from harness.ledger.ledger import Ledger
from harness.run.config import RunConfig
from harness.run.system import System


def earlier_readings(
    config: RunConfig, ledger: Ledger, systems: Mapping[str, System]
) -> dict[tuple[str, str], tuple[Reading, ...]]:
    """One reading for each earlier slot of a dataset: of the most whole ones the last."""
    found: dict[tuple[str, str], dict[date, Reading]] = {}
    for old in readings_in(ledger.entries(kind=tags.FACTS[Reading])):
        reading = _with_night(old.reading, config.loaded.zone)
        if not was_seen(reading) or not _counts(old, config, systems.get(old.source)):
            continue
        by_slot = found.setdefault((old.source, old.dataset), {})
        known = by_slot.get(old.slot)
        if known is None or rank(reading) >= rank(known):
            by_slot[old.slot] = reading
    return {name: tuple(by_slot[s] for s in sorted(by_slot)) for name, by_slot in found.items()}


def _with_night(reading: Reading, zone: ZoneInfo) -> Reading:
    """The reading with its night; before nights were recorded, it was the day it began on."""
    return replace(reading, night=reading.night or date_in(zone, reading.started_at))


def _counts(old: Recorded, config: RunConfig, system: System | None) -> bool:
    """Whether the same was asked of the same system, under the same contract, for an earlier
    slot. What was asked is not known of entries recorded before it was.
    """
    digests = config.loaded.digests.get((old.source, old.dataset))
    return (
        system is not None
        and digests is not None
        and old.contract in digests
        and old.pilot == config.loaded.pilot.name
        and old.environment == config.environment
        and old.slot < config.slot
        and old.endpoint == system.connector.endpoint
        and old.locator in (None, locator(system.connector, old.dataset))
        and old.evidence_class is system.evidence_class
    )
