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
        self._type = schema.field(self._event_time).type if self._event_time else None
        self._keys = [by, DELIVERY] if DELIVERY in names else [by]
        self._names = dict[object, str]()
        self._newest = dict[str, int | None]()
        """In the unit of the event time."""
        self._rows = defaultdict[str | None, dict[str, int]](dict)
        """Of each file, and of None where there are no files."""
        self._why_not = None if by in names else f"{by} did not come"

    def add(self, table: pa.Table) -> None:
        """Count more rows."""
        if self._why_not is not None:
            return
        ends: list[Any] = [(self._event_time, "max")] if self._event_time else []
        counted = table.group_by(self._keys).aggregate([([], "count_all"), *ends])
        self._why_not = self._obstacle(counted[self._by].unique())
        if self._why_not is not None:
            return
        columns = {"value": counted[self._by], "rows": counted["count_all"]}
        if DELIVERY in self._keys:
            columns["file"] = counted[DELIVERY]
        if self._event_time:  # as whole numbers: times in Python would cost more than all the rest
            columns["newest"] = counted[f"{self._event_time}_max"].cast(pa.int64())
        for one in pa.table(columns).to_pylist():
            self._add(**one)
        self._why_not = self._excess(len(self._newest), len(self._rows))

    def found(self) -> GroupsFound:
        """The groups of all rows that came, by name."""
        if self._why_not is not None:
            return GroupsFound(by=self._by, found=(), why_not=self._why_not)
        totals = dict.fromkeys(sorted(self._newest), 0)
        for counts in self._rows.values():
            for name, n in counts.items():
                totals[name] += n
        found = (
            GroupFound(name=name, rows=n, newest_event_at=self._time(self._newest[name]))
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

    def _add(
        self, *, value: object, rows: int, file: str | None = None, newest: int | None = None
    ) -> None:
        name = self._names.get(value) or self._names.setdefault(value, show(value, "public"))
        of_file = self._rows[file]
        of_file[name] = of_file.get(name, 0) + rows
        known = self._newest.setdefault(name, newest)
        if newest is not None and (known is None or known < newest):
            self._newest[name] = newest

    def _time(self, newest: int | None) -> datetime | None:
        if newest is None or self._type is None:
            return None
        return in_utc(pa.array([newest], pa.int64()).cast(self._type)[0].as_py(), self._zone)

    def _excess(self, groups: int, files: int) -> str | None:
        """Why so many cannot be kept."""
        if groups > MOST_GROUPS:
            return self._too_many
        if files > 1 and groups * files > MOST_COUNTS:
            return (
                f"{groups} groups of {self._by} in {files} files are more than {MOST_COUNTS} "
                "counts: read fewer files, or group by another column"
            )
        return None

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
