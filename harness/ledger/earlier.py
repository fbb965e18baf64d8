"""What a verdict may rest on of earlier nights: one rule, for a run and for whoever recomputes it.

    recorded readings, what the run asks for ─▶ readings of earlier nights, by dataset

A pure decision. Which system a dataset is read from, and by which contract, its run says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol, TypeAlias
from zoneinfo import ZoneInfo

from harness.claims.nights import date_in, was_seen
from harness.claims.wholeness import rank
from harness.facts import Declaration, EvidenceClass, Reading
from harness.ledger.history import Recorded, Sight, seen

Place: TypeAlias = tuple[str, str]
"""Source and dataset."""


class Digests(Protocol):
    """Digests of a contract, today's and former ones."""

    def __contains__(self, recorded: str | None, /) -> bool:
        """Whether what was recorded under this one counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a run asks for of one dataset."""

    endpoint: str
    evidence_class: EvidenceClass
    contracts: Digests
    """The digests under which nights count."""
    several: bool = False
    """Whether several deliveries are due a day; then each reading is one by itself."""
    locator: str | None = None
    """What is asked of the system, as `sales.orders`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """The night that a run is recorded for, of one pilot in one environment."""

    pilot: str
    environment: str
    slot: date
    zone: ZoneInfo


def earlier_readings(
    recorded: Iterable[Recorded], asked: Mapping[Place, Asked], night: Night
) -> dict[Place, tuple[Reading, ...]]:
    """One reading for each earlier slot of a dataset: of the most whole ones the last. Where
    several deliveries are due a day, each reading that brought one, of the night's slot as well.

    The source was asked for the same; of entries recorded before, what was asked is not known.
    """
    found: dict[Place, dict[date, list[Reading]]] = {}
    for old in recorded:
        place = (old.source, old.dataset)
        if (now := asked.get(place)) is None:
            continue
        reading = _with_night(old.reading, night.zone)
        if not was_seen(reading) or not _counts(old, now, night):
            continue
        if old.slot == night.slot and not now.several:
            continue
        of_slot = found.setdefault(place, {}).setdefault(old.slot, [])
        known = of_slot[-1] if of_slot else None
        if known is not None and (not now.several or _brings_all_of(known, reading)):
            if rank(reading) >= rank(known):
                of_slot[-1] = reading
        else:
            of_slot.append(reading)
    return {
        place: tuple(reading for slot in sorted(by_slot) for reading in by_slot[slot])
        for place, by_slot in found.items()
    }


def declared_before(
    sights: Iterable[Sight], asked: Mapping[Place, Asked], night: Night
) -> dict[Place, Reading | Declaration]:
    """By dataset, the last reading or declaration of an earlier night that has columns.

    It is of the same system and was asked for the same; under which contract is no matter, as
    that does not change what a source declares.
    """
    found: dict[Place, Sight] = {}
    for old in reversed(list(sights)):  # the newest first: of most datasets it is the last
        place = (old.source, old.dataset)
        known, now = found.get(place), asked.get(place)
        if (
            (known is None or _time(old) > _time(known))
            and now is not None
            and seen(old).declared is not None
            and old.slot < night.slot
            and _is_of(old, night)
            and old.endpoint == now.endpoint
            and old.locator in (None, now.locator)
        ):
            found[place] = old
    return {place: seen(old) for place, old in found.items()}


def _time(old: Sight) -> tuple[date, datetime]:
    return (old.slot, seen(old).started_at)


def _counts(old: Recorded, now: Asked, night: Night) -> bool:
    """Whether it was read from the same system, under the same contract, not for a later slot."""
    return (
        old.contract in now.contracts
        and _is_of(old, night)
        and old.slot <= night.slot
        and old.endpoint == now.endpoint
        and old.evidence_class is now.evidence_class
        and old.locator in (None, now.locator)
    )


def _is_of(old: Sight, night: Night) -> bool:
    return old.pilot == night.pilot and old.environment == night.environment


def _brings_all_of(known: Reading, later: Reading) -> bool:
    """Whether all that the earlier one brought came with the later one as well."""
    brought, again = ({(d.name, d.sha256) for d in one.deliveries} for one in (known, later))
    return brought <= again


def _with_night(reading: Reading, zone: ZoneInfo) -> Reading:
    """The reading with its night; before nights were recorded, it was the day it began on."""
    if reading.night is not None:
        return reading
    return replace(reading, night=date_in(zone, reading.started_at))
