"""Nights whose groups were counted, and promises of groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from contracts.promises import Groups, Promises
from harness.facts import Delivery, GroupFound, GroupsFound, Reading
from tests.harness.claims.made import DAY, HOUR, NIGHTLY, TODAY, drop, file, night

ALIVE = 8 * HOUR
"""Before a reading of 06:00: the newest event of a group that lives."""


def by_region(**given: Any) -> Promises:
    """Nightly promises, each region by itself."""
    return replace(NIGHTLY, groups=Groups(by="region", **given))


def found(at: datetime, ages: Mapping[str, timedelta | None], rows: int = 500) -> GroupsFound:
    """Groups with the ages of their newest events at `at`."""
    some = [
        GroupFound(
            name=f'"{name}"' if name != "missing" else name,
            rows=rows,
            newest_event_at=None if age is None else at - age,
        )
        for name, age in sorted(ages.items())
    ]
    return GroupsFound(by="region", found=tuple(some))


def table(slot: date, ages: Mapping[str, timedelta | None], *, rows: int = 500) -> Reading:
    """One night's reading of a table."""
    at = datetime.combine(slot, time(6), tzinfo=UTC)
    return night(slot, rows=rows * len(ages), groups=found(at, ages, rows))


def tables(
    nights: int,
    ages: Mapping[str, timedelta | None],
    *,
    but: Mapping[int, Mapping[str, timedelta | None]] | None = None,
) -> list[Reading]:
    """Readings of a table on as many nights, the last of them TODAY; `but` by nights ago."""
    some = reversed(range(nights))
    return [table(TODAY - n * DAY, (but or {}).get(n, ages)) for n in some]


def dying(nights: int) -> list[Reading]:
    """A table of which one region has no event since the first of these nights."""
    return [
        table(TODAY - n * DAY, {"north": (nights - n) * DAY, "south": ALIVE})
        for n in reversed(range(nights))
    ]


def file_of(
    day: date, rows: Mapping[str, int], *, part: str = ""
) -> tuple[Delivery, dict[str, int]]:
    """A file of one day with so many rows of each region."""
    name = f"orders/orders{part}_{day:%Y%m%d}.csv"
    one = file(day, name=name, rows=sum(rows.values()), sha256=f"content of {name}")
    return one, dict(rows)


def drop_of(*files: tuple[Delivery, dict[str, int]]) -> Reading:
    """A reading of such files."""
    names = sorted({name for _, rows in files for name in rows})
    newest = {
        name: max(
            one.newest_event_at for one, rows in files if rows.get(name) and one.newest_event_at
        )
        for name in names
    }
    groups = tuple(
        GroupFound(
            name=f'"{name}"',
            rows=sum(rows.get(name, 0) for _, rows in files),
            newest_event_at=newest[name],
        )
        for name in names
    )
    deliveries = [
        replace(one, group_rows=tuple(rows.get(name, 0) for name in names)) for one, rows in files
    ]
    return drop(deliveries, groups=GroupsFound(by="region", found=groups))
