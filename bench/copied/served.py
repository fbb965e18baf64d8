"""A PostgreSQL as the estate starts it, with TPC-H's lineitem in one table."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from bench.judging.lineitem import generate
from estate import crm
from estate.folder import temporary_folder

SCALE = 0.1
ROWS = 600_572
"""Of 16 columns, at this scale factor; the same in each run."""
_CREATE = """
    create table lineitem (
        l_orderkey int8 not null, l_partkey int8 not null, l_suppkey int8 not null,
        l_linenumber int4 not null, l_quantity numeric(15,2), l_extendedprice numeric(15,2),
        l_discount numeric(15,2), l_tax numeric(15,2), l_returnflag char(1), l_linestatus char(1),
        l_shipdate date, l_commitdate date, l_receiptdate date, l_shipinstruct varchar(25),
        l_shipmode varchar(10), l_comment varchar(44)
    )
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """The way in of a role that may only read."""

    url: str
    password: str

    @property
    def dsn(self) -> str:
        """For who wants user and password in the URL."""
        return self.url.replace("+psycopg", "").replace("reader@", f"reader:{self.password}@")


@contextmanager
def lineitem() -> Iterator[Served]:
    """Serve the table, vacuumed, and without a key."""
    with temporary_folder(Path(tempfile.gettempdir())) as folder:
        server = crm.start(folder)
        try:
            with psycopg.connect(server.admin["dsn"], autocommit=True) as owner:
                owner.execute(_CREATE)
                _fill(owner, generate(folder, scale=SCALE))
                owner.execute("vacuum analyze lineitem")
            yield Served(url=server.environ["CRM_URL"], password=server.environ["CRM_PASSWORD"])
        finally:
            server.stop()


def _fill(owner: psycopg.Connection, file: Path) -> None:
    with (
        pq.ParquetFile(file) as made,
        owner.cursor() as cursor,
        cursor.copy("copy lineitem from stdin (format csv)") as copy,
    ):
        for batch in made.iter_batches(1 << 16):
            text = pa.BufferOutputStream()
            plain = pa.table({n: batch[n].cast(pa.string()) for n in batch.schema.names})
            pa.csv.write_csv(plain, text, pa.csv.WriteOptions(include_header=False))
            copy.write(text.getvalue().to_pybytes())
