"""Readings of earlier nights that a verdict may rest on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

from connectors.capabilities import locator
from harness.claims.due import comes_several_times_a_day
from harness.claims.nights import date_in, was_seen
from harness.claims.wholeness import rank
from harness.facts import Reading
from harness.ledger.history import Recorded
from harness.ledger.nights import Night, readings_in
from harness.run.config import RunConfig
from harness.run.system import System


def earlier_readings(
    config: RunConfig, nights: Iterable[Night], systems: Mapping[str, System]
) -> dict[tuple[str, str], tuple[Reading, ...]]:
    """One reading for each earlier slot of a dataset: of the most whole ones the last. Where
    several deliveries are due a day, each reading that brought one, of tonight's slot as well.

    The source was asked for the same; of entries recorded before, what was asked is not known.
    """
    asked = {
        (source, dataset): locator(systems[source].connector, dataset)
        for source, dataset in config.loaded.digests
        if source in systems
    }
    several = {
        (source.name, contract.name)
        for source in config.loaded.pilot.sources
        for contract in source.contracts
        if (source.name, contract.name) not in config.loaded.problems
        and comes_several_times_a_day(contract.promises)
    }
    found: dict[tuple[str, str], dict[date, list[Reading]]] = {}
    for old in readings_in(nights):
        name, reading = (old.source, old.dataset), _with_night(old.reading, config.loaded.zone)
        if not was_seen(reading) or not _counts(old, config, systems.get(old.source)):
            continue
        if old.slot == config.slot and name not in several:
            continue
        if old.locator not in (None, asked[name]):
            continue
        of_slot = found.setdefault(name, {}).setdefault(old.slot, [])
        known = of_slot[-1] if of_slot else None
        if known is not None and (name not in several or _brings_all_of(known, reading)):
            if rank(reading) >= rank(known):
                of_slot[-1] = reading
        else:
            of_slot.append(reading)
    return {
        name: tuple(reading for slot in sorted(by_slot) for reading in by_slot[slot])
        for name, by_slot in found.items()
    }


def _brings_all_of(known: Reading, later: Reading) -> bool:
    """Whether all that the earlier one brought came with the later one as well."""
    brought, again = ({(d.name, d.sha256) for d in one.deliveries} for one in (known, later))
    return brought <= again


def _with_night(reading: Reading, zone: ZoneInfo) -> Reading:
    """The reading with its night; before nights were recorded, it was the day it began on."""
    if reading.night is not None:
        return reading
    return replace(reading, night=date_in(zone, reading.started_at))


def _counts(old: Recorded, config: RunConfig, system: System | None) -> bool:
    """Whether it was read from the same system, under the same contract, not for a later slot."""
    digests = config.loaded.digests.get((old.source, old.dataset))
    return (
        system is not None
        and digests is not None
        and old.contract in digests
        and old.pilot == config.loaded.pilot.name
        and old.environment == config.environment
        and old.slot <= config.slot
        and old.endpoint == system.connector.endpoint
        and old.evidence_class is system.evidence_class
    )
