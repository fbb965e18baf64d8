"""Datasets to simulate, each well promised unless a test says otherwise."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from connectors.events import Declared, DeclaredColumn
from contracts.evaluation import Categories, ColumnProfile, Profile, Reference
from contracts.promises import Promises, Volume
from harness.facts import Baseline
from harness.simulate.subject import Subject

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
COLUMNS = ("key", "amount", "happened_at")
DECLARED = Declared(
    by="catalogue",
    columns=(
        DeclaredColumn(name="key", type="bigint", nullable=False),
        DeclaredColumn(name="amount", type="numeric(12, 2)", nullable=True),
        DeclaredColumn(name="happened_at", type="timestamp with time zone", nullable=False),
    ),
)
APPROVED = Baseline(
    source="shop",
    dataset="orders",
    approved_by="Ada",
    approved_on=date(2026, 1, 1),
    run="1",
    declared=DECLARED,
)
PINNED = Reference(
    profile=Profile(
        dataset="shop.orders",
        rows=6_000,
        columns=(
            ColumnProfile(
                column="amount",
                type="string",
                missing=0,
                categories=Categories(names=("a", "b", "c"), counts=(3_000, 2_000, 1_000, 0)),
            ),
        ),
    ),
    sha256="0" * 64,
    made_on=date(2026, 1, 1),
)


def promises(**given: Any) -> Promises:
    usual: dict[str, Any] = {
        "key": ("key",),
        "event_time": "happened_at",
        "lag": 24 * HOUR,
        "cadence": DAY,
        "volume": Volume(minimum=100, maximum=1_000),
    }
    return Promises(**{**usual, **given})


def subject(*, is_files: bool = False, promised: Promises | None = None, **given: Any) -> Subject:
    usual: dict[str, Any] = {
        "source": "shop",
        "dataset": "orders",
        "promises": promised or promises(),
        "columns": COLUMNS,
        "is_files": is_files,
        "first": date(2026, 1, 1),
        "nights": 100,
        "read_at": time(2),
        "zone": ZoneInfo("UTC"),
        "baseline": APPROVED,
        "reference": PINNED,
    }
    return Subject(**{**usual, **given})
