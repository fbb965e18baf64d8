"""Counts the groups of one landing while its rows pass: rows and newest event of each, and rows of
each in each file.

Bounded: beyond `MOST_GROUPS` groups, or `MOST_COUNTS` counts of all files, nothing is counted any
more and the fact says so, as it does of a value that is too long to be told by.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import pyarrow as pa

from connectors.connector import DELIVERY
from contracts.masking import LONGEST, show
from contracts.promises import Contract
from harness.clock import in_utc
from harness.facts import MOST_GROUPS, GroupFound, GroupsFound

MOST_COUNTS = 1 << 16
"""Counts of rows by file and group."""


class GroupTally:
    """Counts the rows of one landing by the values of a public column."""

    def __init__(self, contract: Contract, by: str, schema: pa.Schema) -> None:
        promises, names = contract.promises, set(schema.names)
        self._by: Final = by
        self._event_time = promises.event_time if promises.event_time in names else None
        self._zone = ZoneInfo(promises.event_zone or "UTC")
        self._keys = [by, DELIVERY] if DELIVERY in names else [by]
        self._newest = dict[str, datetime | None]()
        self._rows = defaultdict[str | None, dict[str, int]](dict)
        """Of each file, and of None where there are no files."""
        self._why_not = None if by in names else f"{by} did not come"

    def add(self, rows: pa.Table) -> None:
        """Count more rows."""
        if self._why_not is not None:
            return
        ends: list[Any] = [(self._event_time, "max")] if self._event_time else []
        counted = rows.group_by(self._keys).aggregate([([], "count_all"), *ends])
        self._why_not = self._obstacle(counted[self._by].unique())
        if self._why_not is not None:
            return
        for one in counted.to_pylist():
            self._add(one)
        groups, files = len(self._newest), len(self._rows)
        if groups > MOST_GROUPS:
            self._why_not = self._too_many
        elif files > 1 and groups * files > MOST_COUNTS:
            self._why_not = (
                f"{groups} groups of {self._by} in {files} files are more than {MOST_COUNTS} "
                "counts: read fewer files, or group by another column"
            )

    def found(self) -> GroupsFound:
        """The groups of all rows that came, by name."""
        if self._why_not is not None:
            return GroupsFound(by=self._by, found=(), why_not=self._why_not)
        totals = dict.fromkeys(sorted(self._newest), 0)
        for counts in self._rows.values():
            for name, n in counts.items():
                totals[name] += n
        found = (
            GroupFound(name=name, rows=n, newest_event_at=self._newest[name])
            for name, n in totals.items()
        )
        return GroupsFound(by=self._by, found=tuple(found))

    def rows_by_file(self) -> dict[str, tuple[int, ...]]:
        """The rows of each file by group, in the order of `found`."""
        if self._why_not is not None:
            return {}
        names = sorted(self._newest)
        return {
            file: tuple(counts.get(name, 0) for name in names)
            for file, counts in self._rows.items()
            if file is not None
        }

    def _add(self, one: dict[str, Any]) -> None:
        name, file = show(one[self._by], "public"), one.get(DELIVERY)
        of_file = self._rows[file]
        of_file[name] = of_file.get(name, 0) + one["count_all"]
        newest = in_utc(one.get(f"{self._event_time}_max"), self._zone)
        self._newest[name] = max(filter(None, (newest, self._newest.get(name))), default=None)

    @property
    def _too_many(self) -> str:
        return f"{self._by} has more than {MOST_GROUPS} groups: group by a column with fewer"

    def _obstacle(self, values: pa.ChunkedArray[Any]) -> str | None:
        """Why rows with these values cannot be counted by group."""
        if len(values) > MOST_GROUPS:
            return self._too_many
        if any(isinstance(one, str) and len(one) > LONGEST for one in values.to_pylist()):
            return (
                f"a value of {self._by} has more than {LONGEST} characters: group by a column of "
                "short names"
            )
        return None
