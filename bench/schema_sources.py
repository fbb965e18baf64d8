"""Tables written to real sources, and what those declare, read by their connectors."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from bench.mutations import Table, Types
from connectors.events import Declared
from connectors.files.formats import Format
from connectors.files.formats.csv import Csv
from connectors.files.formats.jsonl import JsonLines
from connectors.files.formats.parquet import Parquet
from tests.conformance import read
from tests.connectors.crm_fixture import Database, database
from tests.connectors.folder_fixture import Folder

_ID = pa.schema([("id", pa.int64())])


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceKind:
    """A kind of source."""

    types: Types
    declare: Callable[[Table], Declared]
    """Write the table anew, read it by its connector, and give what the source declared."""


@contextmanager
def sources() -> Iterator[Mapping[str, SourceKind]]:
    """Each kind with a place of its own."""
    with TemporaryDirectory(prefix="st-") as name, database() as server:
        folder = Path(name)
        yield {
            "PostgreSQL": SourceKind(types=SQL, declare=_postgresql(server)),
            "Parquet": SourceKind(types=FOOTER, declare=_files(folder, Parquet(), _parquet)),
            "CSV": SourceKind(types=NAMES, declare=_files(folder, Csv(), _csv)),
            "JSON": SourceKind(types=NAMES, declare=_files(folder, JsonLines(), _json)),
        }


SQL = Types(
    ladders=(
        ("smallint", "integer", "bigint"),
        ("varchar(8)", "varchar(15)", "varchar(40)", "text"),
        ("numeric(7, 2)", "numeric(9, 2)", "numeric(12, 2)", "numeric(14, 4)"),
        ("real", "double precision"),
        ("timestamp(0) with time zone", "timestamp(3) with time zone", "timestamp with time zone"),
    ),
    others=("boolean", "date", "uuid", "jsonb", "bytea", "char(3)", "timestamp", "inet"),
    numbers=(
        ("smallint", "integer", "numeric(12, 2)", "numeric(14, 4)"),
        ("smallint", "integer", "double precision"),
        ("smallint", "real", "double precision"),
        ("smallint", "numeric(7, 2)", "numeric(9, 2)"),
        ("bigint",),
    ),
    has_key=True,
    has_labels=True,
    appends=True,
)
_ARROW: Mapping[str, pa.DataType] = {
    **{f"int{bits}": getattr(pa, f"int{bits}")() for bits in (8, 16, 32, 64)},
    **{f"decimal({p}, {s})": pa.decimal128(p, s) for p, s in ((7, 2), (9, 2), (12, 2), (14, 4))},
    "float": pa.float32(),
    "double": pa.float64(),
    "ms": pa.timestamp("ms", "UTC"),
    "us": pa.timestamp("us", "UTC"),
    "string": pa.string(),
    "date": pa.date32(),
    "bool": pa.bool_(),
    "bytes": pa.binary(),
    "local": pa.timestamp("us"),
    "ns": pa.timestamp("ns", "UTC"),
}
FOOTER = Types(
    ladders=(
        ("int8", "int16", "int32", "int64"),
        ("decimal(7, 2)", "decimal(9, 2)", "decimal(12, 2)", "decimal(14, 4)"),
        ("float", "double"),
        ("ms", "us"),
    ),
    others=("string", "date", "bool", "bytes", "local", "ns"),
    numbers=(
        ("int8", "int16", "decimal(7, 2)", "decimal(9, 2)", "decimal(12, 2)"),
        ("int8", "int16", "int32", "decimal(12, 2)", "decimal(14, 4)"),
        ("int8", "int16", "int32", "double"),
        ("int8", "int16", "float", "double"),
        ("int64",),
    ),
)
NAMES = Types(ladders=(("value",),), others=("value",), has_types=False)


def _postgresql(server: Database) -> Callable[[Table], Declared]:
    """A table anew, as a migration that recreates it leaves it."""

    def declare(table: Table) -> Declared:
        labels = next((one.labels for one in table.columns if one.labels), ("none",))
        columns = [
            f'"{one.name}" {one.type}{"" if one.is_nullable else " not null"}'
            for one in table.columns
        ]
        server.execute(
            "drop table if exists it",
            "drop type if exists mood",
            f"create type mood as enum ({', '.join(map(repr, labels))})",
            f'create table it ({", ".join(columns)}, primary key ("{table.key}"))',
        )
        return _declared(read(server.sql("it"), "it", _ID).of(Declared))

    return declare


def _files(
    folder: Path, format_: Format, write: Callable[[Table], bytes]
) -> Callable[[Table], Declared]:
    numbers = count()

    def declare(table: Table) -> Declared:
        path = folder / f"{type(format_).__name__}-{next(numbers)}"
        path.mkdir()
        place = Folder(path, format_)
        place.put("a.it", write(table))
        return _declared(place.read(_ID).of(Declared))

    return declare


def _declared(found: list[Any]) -> Declared:
    (declared,) = found
    assert isinstance(declared, Declared)
    return declared


def _parquet(table: Table) -> bytes:
    schema = pa.schema(
        pa.field(one.name, _ARROW[one.type], nullable=one.is_nullable) for one in table.columns
    )
    out = io.BytesIO()
    pq.write_table(schema.empty_table(), out)
    return out.getvalue()


def _csv(table: Table) -> bytes:
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow([one.name for one in table.columns])
    rows.writerow([n for n, _ in enumerate(table.columns)])
    return out.getvalue().encode()


def _json(table: Table) -> bytes:
    return json.dumps({one.name: n for n, one in enumerate(table.columns)}).encode() + b"\n"
