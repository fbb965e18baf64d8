"""TPC-H as tpchgen-cli makes it, moved in time by one constant: its last order was yesterday.

TPC-H has orders until 1998-08-02 (clause 4.2.3: ENDDATE - 151 days) and ship dates that thin out
for months after; what was shipped after the last order is left out, so that days are alike.
Times of day are ours, from the seed, and always before 23:00 UTC.
"""

from __future__ import annotations

import sysconfig
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from estate.chance import draw_below, draw_places
from estate.process import EstateError, Process, spawn
from estate.unit_price import unit_price

LAST_ORDER = date(1998, 8, 2)
_LAST_SECOND = 23 * 3600
_RECENT_DAYS = 28
_SHIPPED_WITHIN = timedelta(days=121)
"""Of the order (clause 4.2.3: L_SHIPDATE)."""

_Columns: TypeAlias = Mapping[str, tuple[str, pa.DataType]]
_CUSTOMER: _Columns = {
    "c_custkey": ("customer_key", pa.int64()),
    "c_name": ("name", pa.string()),
    "c_address": ("address", pa.string()),
    "c_nationkey": ("nation_key", pa.int32()),
    "c_phone": ("phone", pa.string()),
    "c_acctbal": ("account_balance", pa.decimal128(12, 2)),
    "c_mktsegment": ("market_segment", pa.string()),
}
_LINEITEM: _Columns = {
    "l_orderkey": ("order_key", pa.int64()),
    "l_linenumber": ("line_number", pa.int32()),
    "l_shipmode": ("ship_mode", pa.string()),
    "l_quantity": ("quantity", pa.decimal128(12, 2)),
    "l_shipdate": ("shipped_on", pa.date32()),
    "l_commitdate": ("committed_on", pa.date32()),
    "l_receiptdate": ("received_on", pa.date32()),
}
_ORDER: _Columns = {
    "o_orderkey": ("order_key", pa.int64()),
    "o_custkey": ("customer_key", pa.int64()),
    "o_orderdate": ("ordered_on", pa.date32()),
    "o_orderpriority": ("priority", pa.string()),
    "o_clerk": ("clerk", pa.string()),
}
_ORDER_LINE: _Columns = {
    "l_orderkey": ("order_key", pa.int64()),
    "l_linenumber": ("line_number", pa.int32()),
    "l_quantity": ("quantity", pa.decimal128(12, 2)),
    "l_partkey": ("part_key", pa.int64()),
    "l_discount": ("discount", pa.decimal128(4, 2)),
    "l_tax": ("tax", pa.decimal128(4, 2)),
    "l_shipdate": ("shipped_on", pa.date32()),
    "l_shipinstruct": ("shipping_note", pa.string()),
}
_PART: _Columns = {
    "p_partkey": ("part_key", pa.int64()),
    "p_name": ("name", pa.string()),
    "p_mfgr": ("manufacturer", pa.string()),
    "p_brand": ("brand", pa.string()),
    "p_type": ("type", pa.string()),
    "p_size": ("size", pa.int32()),
    "p_container": ("container", pa.string()),
}
# Money stays the text that tpchgen wrote: see the parts.
_PARTSUPP: _Columns = {
    "ps_partkey": ("part_key", pa.int64()),
    "ps_suppkey": ("supplier_key", pa.int64()),
    "ps_availqty": ("available_quantity", pa.int32()),
    "ps_supplycost": ("supply_cost", pa.string()),
}


def generate(folder: Path, *, scale: float) -> Process:
    """Start to write the tables that the demo needs into `folder`, as Parquet, in one call."""
    return spawn(
        [
            Path(sysconfig.get_path("scripts")) / "tpchgen-cli",
            *("parquet", "--compression", "UNCOMPRESSED"),
            *("--scale-factor", f"{scale:g}", "--output-dir", folder),
            *("--tables", "customer,orders,lineitem,part,partsupp", "--quiet"),
        ],
        log=folder.with_suffix(".log"),
    )


def wait_for(generator: Process) -> None:
    """Return once the tables are whole; raise EstateError when tpchgen-cli failed."""
    if generator.popen.wait() != 0:
        raise EstateError(f"tpchgen-cli failed: {generator.last_words()}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tpch:
    """Generated tables in `folder`, read so that the last order was on `last_order`.

    The same folder, day and seed give the same rows.
    """

    folder: Path
    last_order: date
    seed: int

    def customers(self) -> pa.Table:
        """Every customer, with the moment of the last change in `updated_at`."""
        return self._changed("customer", _CUSTOMER, "updated_at")

    def parts(self) -> pa.Table:
        """Every part, with the moment of the last change in `updated_at`."""
        parts = self._changed("part", _PART, "updated_at")
        # Money is text: SQLite and JSON would make a float of it.
        price = unit_price(parts["part_key"]).cast(pa.string())
        return parts.add_column(parts.num_columns - 1, "retail_price", price)

    def prices(self) -> pa.Table:
        """What each part costs at each of its suppliers, and since when."""
        return self._changed("partsupp", _PARTSUPP, "priced_at")

    def shipments(self, days: Sequence[date]) -> pa.Table:
        """The order lines shipped on `days`, with the day in `shipped_on`."""
        lines = self._between("lineitem", _LINEITEM, "shipped_on", min(days), max(days))
        return lines.append_column("shipped_at", self._moments("lineitem", lines["shipped_on"]))

    def orders(self, days: int) -> pa.Table:
        """The orders of the last `days` days, with their moment in `ordered_at`."""
        since = self.last_order - timedelta(days=days - 1)
        orders = self._between("orders", _ORDER, "ordered_on", since, self.last_order)
        moments = self._moments("orders", orders["ordered_on"]).cast(pa.timestamp("us", "UTC"))
        return orders.append_column("ordered_at", moments)

    def order_lines(self, orders: pa.Table) -> pa.Table:
        """All lines of `orders`, whenever they are shipped."""
        since = pc.min(orders["ordered_on"]).as_py()
        until = self.last_order + _SHIPPED_WITHIN
        lines = self._between("lineitem", _ORDER_LINE, "shipped_on", since, until)
        lines = lines.filter(pc.is_in(lines["order_key"], value_set=orders["order_key"]))
        price = pc.multiply(lines["quantity"], unit_price(lines["part_key"]))
        place = lines.column_names.index("part_key")
        return lines.set_column(place, "extended_price", price.cast(pa.decimal128(12, 2)))

    def _between(
        self, name: str, columns: _Columns, day: str, first: date, last: date
    ) -> pa.Table:
        """The rows whose column `day` lies in these days, every date moved to our time."""
        shift = self.last_order - LAST_ORDER
        (theirs,) = (theirs for theirs, (ours, _) in columns.items() if ours == day)
        on = pc.field(theirs)
        wanted = (on >= pa.scalar(first - shift)) & (on <= pa.scalar(last - shift))
        table = self._read(name, columns, wanted)
        for place, field in enumerate(table.schema):
            if pa.types.is_date(field.type):
                moved = pc.add(table[field.name], pa.scalar(shift)).cast(pa.date32())
                table = table.set_column(place, field.name, moved)
        return table

    def _changed(self, name: str, columns: _Columns, changed: str) -> pa.Table:
        """Read a whole table and add when each row last changed, within the last 28 days."""
        table = self._read(name, columns)
        back = draw_places(f"{self.seed} days {name}", _RECENT_DAYS, len(table))
        latest = pa.scalar(self.last_order).cast(pa.int32())
        days = pc.subtract(latest, back).cast(pa.date32())
        return table.append_column(changed, self._moments(name, days))

    def _read(self, name: str, columns: _Columns, wanted: pc.Expression | None = None) -> pa.Table:
        """The wanted rows of a table, under our names and in our types."""
        schema = pa.schema([(theirs, kind) for theirs, (_, kind) in columns.items()])
        with pq.ParquetFile(self.folder / f"{name}.parquet", pre_buffer=False) as file:
            read = (
                pa.Table.from_batches([batch]).select(schema.names).cast(schema)
                for batch in file.iter_batches(columns=schema.names)
            )
            table = pa.concat_tables(read if wanted is None else (t.filter(wanted) for t in read))
        return table.rename_columns([ours for ours, _ in columns.values()])

    def _moments(
        self, name: str, days: pa.Array[Any] | pa.ChunkedArray[Any]
    ) -> pa.Array[Any] | pa.ChunkedArray[Any]:
        """A moment on each day, as RFC 3339 writes it: PostgreSQL, CSV and JSON all read that."""
        seconds = draw_below(f"{self.seed} times {name}", _LAST_SECOND, len(days))
        midnights = days.cast(pa.timestamp("s")).cast(pa.int64())
        moments = pc.add(midnights, seconds).cast(pa.timestamp("s")).cast(pa.string())
        return pc.utf8_replace_slice(pc.utf8_replace_slice(moments, 10, 11, "T"), 19, 19, "Z")


def rows(table: pa.Table) -> Iterator[tuple[object, ...]]:
    """The rows as plain tuples, a few thousand in memory at a time."""
    for batch in table.to_batches(max_chunksize=8192):
        yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)
