"""Landing: the batches of one reading, written once to Parquet, in bounded memory.

The facts' numbers are taken on the way, one batch at a time: rows, newest and oldest event, rows
with a value of another type, rows and events of each delivery, groups, and the counts of a
profile. The digest is that of the bytes as they are written: nothing here reads the file.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from connectors.connector import DELIVERY, RESCUED
from contracts.evaluation import Profile
from harness import folders
from harness.clock import in_utc
from harness.limits import LimitReached, size

if TYPE_CHECKING:
    from typing_extensions import Buffer

    from contracts.profile import Tally
    from harness.facts import GroupsFound
    from harness.run.groups import GroupTally

GROUP_ROWS = 65_536
"""Rows per Parquet row group: batches are gathered up to this before they are written."""
GROUP_BYTES = 32 << 20


@dataclass(slots=True)
class Extent:
    """Rows seen, and the event times they span (UTC)."""

    rows: int = 0
    newest: datetime | None = None
    oldest: datetime | None = None

    def add(self, rows: int, oldest: datetime | None, newest: datetime | None) -> None:
        """Count more rows, and the events at either end of them."""
        self.rows += rows
        if newest is not None and oldest is not None:
            self.newest = newest if self.newest is None else max(self.newest, newest)
            self.oldest = oldest if self.oldest is None else min(self.oldest, oldest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Landing:
    """One landed file, and what was counted on the way."""

    path: Path
    columns: tuple[str, ...]
    whole: Extent
    rescued: int
    by_delivery: dict[str, Extent]
    sha256: str
    """Of the Parquet file, as it was written."""
    profile: Profile | None
    """The counts of its values; None if no tally was kept."""
    groups: GroupsFound | None = None
    """Its groups; None if they were not counted."""
    group_rows: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Rows of each file by group, in their order."""


def write_parquet(  # noqa: PLR0913 - what lands, where, and who is told
    reader: pa.RecordBatchReader,
    path: Path,
    *,
    event_time: str | None,
    event_zone: str | None = None,
    landed: Callable[[int, int], None],
    least_free: int = 0,
    tally: Callable[[pa.Schema], Tally] | None = None,
    groups: Callable[[pa.Schema], GroupTally] | None = None,
) -> Landing:
    """Write every batch of `reader` to `path`, a new file of ours alone.

    Event times without a zone are local times of `event_zone`. `landed(rows, bytes)` is called for
    each batch; what `tally` and `groups` make of the schema counts the values. An error of the
    reader is raised unchanged, and no file stays behind. LimitReached is raised before the disk
    has less than `least_free` bytes for others.
    """
    folders.take_folder(path.parent)
    whole, by_delivery, rescued = Extent(), dict[str, Extent](), 0
    zone = ZoneInfo(event_zone or "UTC")
    counted = tally(reader.schema) if tally else None
    grouped = groups(reader.schema) if groups else None
    file = _Hashed(folders.make_file(path))
    try:
        with (
            file,
            pq.ParquetWriter(
                file,
                reader.schema,
                compression="zstd",
                write_page_checksum=True,
                write_statistics=False,  # nobody shall answer from them, and they cost a seventh
            ) as writer,
        ):
            for group in _groups(_observed(reader, landed)):
                table = pa.Table.from_batches(group, reader.schema)
                rescued += len(table) - table[RESCUED].null_count
                _measure(table, event_time, zone, whole, by_delivery)
                if counted:
                    counted.add(table)
                if grouped:
                    grouped.add(table)
                leave_room(path.parent, table.nbytes, least_free)
                writer.write_table(table)
        return Landing(
            path=path,
            columns=tuple(reader.schema.names),
            whole=whole,
            rescued=rescued,
            by_delivery=by_delivery,
            sha256=file.sha256.hexdigest(),
            profile=counted.profile() if counted else None,
            groups=grouped.found() if grouped else None,
            group_rows=grouped.rows_by_file() if grouped else {},
        )
    except BaseException:
        path.unlink(missing_ok=True)
        raise


class _Hashed(io.BufferedWriter):
    """A file to be written from its beginning to its end, and the SHA-256 of what was written."""

    def __init__(self, descriptor: int) -> None:
        super().__init__(io.FileIO(descriptor, "wb"))
        self.sha256 = hashlib.sha256()

    def write(self, data: Buffer) -> int:
        """Write all of `data`. Raises OSError."""
        self.sha256.update(data)
        return super().write(data)


def _observed(
    reader: pa.RecordBatchReader, landed: Callable[[int, int], None]
) -> Iterator[pa.RecordBatch]:
    for batch in reader:
        landed(batch.num_rows, batch.nbytes)
        yield batch


def leave_room(folder: Path, more: int, least_free: int) -> None:
    """Raise LimitReached where `more` bytes in `folder` would leave less than `least_free`."""
    disk = os.statvfs(folder)
    if disk.f_bavail * disk.f_frsize - more < least_free:
        raise LimitReached(
            f"its rows would leave less than limits: {{free_disk: {size(least_free)}}} on the "
            f"disk of {folder}: make room there, or allow less in pilot.yaml"
        )


def _groups(batches: Iterator[pa.RecordBatch]) -> Iterator[list[pa.RecordBatch]]:
    group: list[pa.RecordBatch] = []
    rows = size = 0
    for batch in batches:
        group.append(batch)
        rows, size = rows + batch.num_rows, size + batch.nbytes
        if rows >= GROUP_ROWS or size >= GROUP_BYTES:
            yield group
            group, rows, size = [], 0, 0
    if group:
        yield group


def _measure(
    table: pa.Table,
    event_time: str | None,
    zone: ZoneInfo,
    whole: Extent,
    by_delivery: dict[str, Extent],
) -> None:
    timed = event_time if event_time in table.column_names else None
    if timed is None:
        whole.add(len(table), None, None)
    else:
        span = pc.min_max(table[timed])
        whole.add(len(table), *(in_utc(span[end].as_py(), zone) for end in ("min", "max")))
    if DELIVERY not in table.column_names:
        return
    ends: list[Any] = [] if timed is None else [(timed, "min"), (timed, "max")]
    for group in table.group_by(DELIVERY).aggregate([([], "count_all"), *ends]).to_pylist():
        extent = by_delivery.setdefault(group[DELIVERY], Extent())
        oldest, newest = (in_utc(group.get(f"{timed}_{end}"), zone) for end in ("min", "max"))
        extent.add(group["count_all"], oldest, newest)


def sha256(path: Path) -> str:
    """Digest of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
