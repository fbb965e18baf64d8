"""The distinct keys of one landed file, each with the sum of its amounts.

    batches ─ key by form ─ distinct ─┬─ in memory, while they are few
                                      └─ too many: on disk, in parts by the hash of the key

Memory grows with the number of distinct keys, not with the number of rows (Polars' own streaming
grows with the rows), and no further than `Bounds` says. Sums are
decimals of 38 digits. Polars does not always report their overflow, so `contracts.reconcilable`
limits the digits of an amount.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

KEY, FORMLESS, SUM = "key", "formless", "sum"
_PART = "part"
_MOST_PARTS = 200
"""Each is an open file, of the 1,024 that a child may have."""

MakeRoom = Callable[[Path, int], None]
"""Is told a folder and how many bytes are written there next; raises if they are too many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How many keys are in memory at one time."""

    batch: int = 1 << 18
    """Rows. Frames are merged when they exceed this and what was merged before."""
    held: int = 1 << 20
    """Distinct keys of one file, while it is read."""
    part_rows: int = 4 << 20
    """Rows of both files that one part is meant for."""

    def parts(self, *files: Path) -> int:
        """The number of parts in which keys of these files are compared if they are too many."""
        rows = sum(pq.read_metadata(file).num_rows for file in files)
        return min(1 + rows // self.part_rows, _MOST_PARTS)


class Keys:
    """Each distinct key of a file with the sum of its amounts, which is null if one is missing. A
    text that does not match the form has a null key and stands in `formless`.
    """

    def __init__(self, folder: Path, parts: int, bounds: Bounds, make_room: MakeRoom) -> None:
        folder.mkdir(mode=0o700)
        self._folder, self.parts = folder, parts
        self._bounds, self._make_room = bounds, make_room
        self._held = _Distinct(bounds.batch)
        self._writers: dict[int, pa.ipc.RecordBatchStreamWriter] = {}

    @property
    def are_on_disk(self) -> bool:
        """Whether they were too many for memory."""
        return bool(self._writers)

    def read(self, path: Path, column: str, form: str, amount: str | None) -> None:
        """Read all keys of a landed file. Raises what `make_room` raises."""
        file = pq.ParquetFile(path, page_checksum_verification=True, pre_buffer=False)
        columns = list(dict.fromkeys(filter(None, (column, amount))))
        none = _frame(file.schema_arrow.empty_table().select(columns))
        text = pl.col(column).cast(pl.String)
        key = text.str.extract(form, 1)
        wanted = [key.alias(KEY), pl.when(key.is_null()).then(text).alias(FORMLESS)]
        if amount is not None:
            wanted.append(pl.col(amount).cast(_wide_decimal(none.schema[amount])).alias(SUM))
        self._held.add(none.select(wanted))
        for batch in file.iter_batches(self._bounds.batch, columns=columns):
            self._held.add(_frame(batch).select(wanted))
            if self._held.keys > self._bounds.held and self.parts > 1:
                self._spill()
        if self.are_on_disk:
            self._spill()
        for writer in self._writers.values():
            writer.close()

    def part(self, number: int) -> pl.DataFrame:
        """The keys of one part, whether they are on disk or in memory."""
        if not self.are_on_disk:
            return self._held.frame().filter(self._place() == number)
        part = _Distinct(self._bounds.batch)
        part.add(self._held.frame())  # none are left in it, and it has the columns
        if number in self._writers:
            with (
                self._file(number).open("rb") as file,
                pa.ipc.open_stream(file) as batches,
            ):
                for batch in batches:
                    part.add(_frame(batch))
        return part.frame()

    def whole(self) -> pl.DataFrame:
        """All keys, if they are in memory."""
        return self._held.frame()

    def _place(self) -> pl.Expr:
        return pl.coalesce(KEY, FORMLESS).hash() % self.parts

    def _spill(self) -> None:
        """Write what is in memory to the files of its parts."""
        frame = self._held.frame().with_columns(self._place().alias(_PART))
        if frame.is_empty():
            return
        self._make_room(self._folder, int(frame.estimated_size()))
        for (number, *_), rows in frame.partition_by(
            _PART, as_dict=True, include_key=False
        ).items():
            table = rows.to_arrow()
            if number not in self._writers:
                file = str(self._file(number))
                self._writers[number] = pa.ipc.new_stream(file, table.schema)
            self._writers[number].write_table(table)
        self._held = _Distinct(self._bounds.batch)
        self._held.add(frame.drop(_PART).clear())

    def _file(self, number: int) -> Path:
        return self._folder / f"{number}.arrows"


class _Distinct:
    """Rows gathered so far: distinct keys with their sums."""

    def __init__(self, batch: int) -> None:
        self._batch = batch
        self._merged: list[pl.DataFrame] = []
        self._more: list[pl.DataFrame] = []

    def add(self, rows: pl.DataFrame) -> None:
        """Take more rows."""
        self._more.append(_merge([rows]))
        if sum(frame.height for frame in self._more) > max(self._batch, self.keys):
            self.frame()

    @property
    def keys(self) -> int:
        """Distinct keys as of the last time that rows were merged, which is soon enough."""
        return sum(frame.height for frame in self._merged)

    def frame(self) -> pl.DataFrame:
        """One row for each key."""
        if self._more:
            self._merged, self._more = [_merge([*self._merged, *self._more])], []
        (frame,) = self._merged
        return frame


def _merge(frames: list[pl.DataFrame]) -> pl.DataFrame:
    rows = pl.concat(frames)
    sums = [pl.when(pl.col(SUM).null_count() == 0).then(pl.col(SUM).sum())]
    more = sums if SUM in rows.columns else []
    if rows[FORMLESS].null_count() < rows.height:
        return rows.group_by(KEY, FORMLESS).agg(more)
    # One column takes half the time and memory of two.
    alone = rows.group_by(KEY).agg(more)
    return alone.insert_column(
        1, pl.Series(FORMLESS, [None], pl.String).new_from_index(0, alone.height)
    )


def _frame(arrow: pa.Table | pa.RecordBatch) -> pl.DataFrame:
    frame: Any = pl.from_arrow(arrow)
    assert isinstance(frame, pl.DataFrame)
    return frame


def _wide_decimal(dtype: pl.DataType) -> pl.Decimal:
    return pl.Decimal(38, dtype.scale if isinstance(dtype, pl.Decimal) else 0)
