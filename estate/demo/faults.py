"""What is wrong with the demo's sources: decided here from the seed, told to nobody who proves.

The loaders get a `Condition` and build the sources by it. The demo command compares `planted`
with the verdicts once they stand. Detectors never see this file.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

NIGHTS = 28
"""Shipment files in the drop: four of each weekday."""
_MISSING = 0.07
_MERGED = 0.04
_MONDAY = 0
_WRITES = ("INSERT", "UPDATE", "DELETE", "TRUNCATE")
_RENAMED = ({"versandhinweis": "versandart"}, {"sachbearbeiter": "bearbeiter"})
_NARROWED = ({"sachbearbeiter": "varchar(15)"}, {"gesamtbetrag_cent": "integer"})
"""One of each is planted together: no column is both renamed and narrowed."""
_SHIFTED = (
    {"quantity": Decimal(15)},
    {"discount": Decimal("0.03")},
    {"tax": Decimal("0.03")},
)
_DEPUTIES = {"billing": "Pavel Dvorak, finance systems"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """The state that the sources are in."""

    last_night: date
    """Day of the newest shipment file."""
    delay: timedelta
    """From a night's last shipment to its file."""
    empty_night: date | None
    """Its file came on time, with a header and nothing else."""
    without_segment: frozenset[int]
    """Keys of the customers whose market segment is missing."""
    reader_may: tuple[str, ...]
    """Privileges of the pilot's role on the customers."""
    readings_a_day: int
    """How often the vendor's daily quota would let its tables be read, log-ins not counted."""
    merged: frozenset[int]
    """Keys of the customers that the ERP numbers anew, as the CRM does not."""
    renamed: Mapping[str, str]
    """New names of the ERP's columns, by the old ones."""
    narrowed: Mapping[str, str]
    """New types of the ERP's columns, in which every value still fits."""
    shifted: Mapping[str, Decimal]
    """How much higher billing's export gives a column than it was billed."""
    deputies: Mapping[str, str]
    """Who was named to stand in for a source's owner who had nobody."""

    @property
    def nights(self) -> tuple[date, ...]:
        """The days of all shipment files, oldest first."""
        back = range(NIGHTS - 1, -1, -1)
        return tuple(self.last_night - timedelta(days=days) for days in back)


def as_found(*, today: date, seed: int, customers: int, buyers: Collection[int]) -> Condition:
    """The sources as a pilot finds them; seeds next to each other differ in every fault.

    `buyers` are the keys of the customers who ordered.
    The newest file is of the day three days ago: a later one is not there yet, 48 hours late.
    """
    condition = repaired(today=today - timedelta(days=2))
    mondays = [night for night in condition.nights if night.weekday() == _MONDAY]
    keys = range(1, customers + 1)  # TPC-H numbers them without gaps
    return Condition(
        last_night=condition.last_night,
        delay=timedelta(hours=48),
        empty_night=mondays[seed % len(mondays)],
        without_segment=frozenset(random.Random(seed).sample(keys, round(customers * _MISSING))),
        reader_may=("SELECT", _WRITES[seed % len(_WRITES)], _WRITES[(seed + 1) % len(_WRITES)]),
        readings_a_day=3 + seed % 4,  # twice today's size and log-ins, far from ten times
        merged=frozenset(
            random.Random(f"{seed} merged").sample(sorted(buyers), round(len(buyers) * _MERGED))
        ),
        renamed=_RENAMED[seed % len(_RENAMED)],
        narrowed=_NARROWED[seed % len(_NARROWED)],
        shifted=_SHIFTED[seed % len(_SHIFTED)],
        deputies={},
    )


def repaired(*, today: date) -> Condition:
    """The sources once their owners have mended them: all there, whole and on time."""
    return Condition(
        last_night=today - timedelta(days=1),
        delay=timedelta(minutes=30),
        empty_night=None,
        without_segment=frozenset(),
        reader_may=("SELECT",),
        readings_a_day=20,
        merged=frozenset(),
        renamed={},
        narrowed={},
        shifted={},
        deputies=_DEPUTIES,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """One claim that a proof must find broken, with words that its verdict must hold."""

    source: str
    dataset: str | None
    claim: str
    shows: tuple[str, ...]


def planted(found: Condition) -> tuple[Planted, ...]:
    """What a proof of the sources as found must find, and nothing else."""
    assert found.empty_night is not None
    missing, merged = f"{len(found.without_segment):,}", f"{len(found.merged):,}"
    hours = str(found.delay // timedelta(hours=1))
    night = found.empty_night.isoformat()
    changed = (*found.renamed, *found.narrowed)
    writes = set(found.reader_may) - {"SELECT"}
    return tuple(
        Planted(source=source, dataset=dataset, claim=claim, shows=shows)
        for source, dataset, claim, shows in (
            ("crm", "customers", "conforms", ("market_segment", missing)),
            ("crm", None, "least_privilege", ("reader may", *sorted(writes))),
            ("logistics", "shipments", "fresh", (hours,)),
            ("logistics", "shipments", "arrives", (night,)),
            ("vendor", None, "within_budget", ("10\N{MULTIPLICATION SIGN}",)),
            ("billing", None, "owned", ("deputy",)),
            ("erp", "orders", "stable_schema", changed),
            ("erp", "orders", "reconciles", (merged,)),
            ("billing", "lines", "stable_values", tuple(found.shifted)),
            ("crm", "customers", "stable_values", ("market_segment",)),
        )
    )
