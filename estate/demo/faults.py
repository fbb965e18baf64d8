"""The faults of the demo's sources, chosen by the seed. No proof sees this file.

The loaders build the sources in a `Condition`. The demo command compares `planted` with the
verdicts after both runs.
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
    """The state of the sources."""

    last_night: date
    """Day of the newest shipment file."""
    delay: timedelta
    """Time from a night's last shipment to its file."""
    empty_night: date | None
    """The night whose file arrives on time, with a header and no rows."""
    without_segment: frozenset[int]
    """Keys of the customers whose market segment is missing."""
    reader_may: tuple[str, ...]
    """Privileges of the pilot's role on the customers."""
    readings_a_day: int
    """How many readings of its tables the vendor's daily quota allows, log-ins not counted."""
    merged: frozenset[int]
    """Keys of the customers that the ERP has renumbered and the CRM has not."""
    renamed: Mapping[str, str]
    """New names of the ERP's columns, by the old ones."""
    narrowed: Mapping[str, str]
    """New types of the ERP's columns, in which every value still fits."""
    shifted: Mapping[str, Decimal]
    """By how much billing's export raises a column above what was billed."""
    deputies: Mapping[str, str]
    """The deputies that a repair names, by source."""

    @property
    def nights(self) -> tuple[date, ...]:
        """The days of all shipment files, oldest first."""
        back = range(NIGHTS - 1, -1, -1)
        return tuple(self.last_night - timedelta(days=days) for days in back)


def as_found(*, today: date, seed: int, customers: int, buyers: Collection[int]) -> Condition:
    """The sources as a pilot finds them. Neighbouring seeds differ in every fault.

    `buyers` are the keys of customers with orders. The newest file is three days old: files arrive
    48 hours late.
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
    """The sources after their owners have repaired them."""
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
    """One claim that must be BROKEN, with words that its verdict must contain."""

    source: str
    dataset: str | None
    claim: str
    shows: tuple[str, ...]


def planted(condition: Condition) -> tuple[Planted, ...]:
    """All claims that must be BROKEN for the sources as found, and no others."""
    assert condition.empty_night is not None
    missing, merged = f"{len(condition.without_segment):,}", f"{len(condition.merged):,}"
    hours = str(condition.delay // timedelta(hours=1))
    night = condition.empty_night.isoformat()
    changed = (*condition.renamed, *condition.narrowed)
    writes = set(condition.reader_may) - {"SELECT"}
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
            ("billing", "lines", "stable_values", tuple(condition.shifted)),
            ("crm", "customers", "stable_values", ("market_segment",)),
        )
    )
