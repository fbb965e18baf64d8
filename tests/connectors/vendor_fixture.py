"""A vendor of our own for each test module: real gateway, token service and Datasette."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from connectors.events import Event
from connectors.rate_limiter import RateLimiter
from connectors.rest.auth.client_credentials import ClientCredentials
from connectors.rest.connector import Rest
from connectors.rest.endpoint import Endpoint
from connectors.rest.paginators.next_url import next_url
from connectors.secrets import Secret
from estate import vendor

ROWS = 1_000
SCHEMA = pa.schema(
    [
        ("part_key", pa.int64()),
        ("name", pa.string()),
        ("retail_price", pa.decimal128(12, 2)),
        ("size", pa.int32()),
    ]
)
PARTS = Endpoint(
    path="/vendor/parts.json?_shape=objects&_size=50",
    pages=next_url("next_url"),
    rows="rows",
    total="filtered_table_rows_count",
)
HELD = [
    (key, f"part \u00fc{key}" if key % 7 else None, f"{900 + key}.{key % 100:02}", key % 50)
    for key in range(1, ROWS + 1)
]
"""What SQLite holds."""


@dataclass(frozen=True, slots=True)
class Shop:
    """A running vendor."""

    environ: Mapping[str, str]
    admin: Mapping[str, str]

    def rest(self, budget: RateLimiter, **changes: Any) -> Rest:
        """A connector as a pilot would build it."""
        connector = Rest(
            base_url=self.environ["VENDOR_URL"],
            auth=self.auth(self.environ["VENDOR_CLIENT_SECRET"]),
            endpoints={"parts": PARTS},
            budget=budget,
            ca_file=Path(self.environ["VENDOR_CA_FILE"]),
        )
        return replace(connector, **changes)

    def auth(self, client_secret: str) -> ClientCredentials:
        return ClientCredentials(
            token_path="/oauth/token",
            client_id=self.environ["VENDOR_CLIENT_ID"],
            client_secret=Secret("env:VENDOR_CLIENT_SECRET", client_secret),
        )

    def answered(self) -> Counter[tuple[str, str]]:
        """How often the gateway gave which status for which path, by its own log."""
        lines = Path(self.admin["log"]).read_text().splitlines()
        words = [line.split() for line in lines if line[:3].isdigit() and len(line.split()) == 4]
        return Counter((status, path) for status, _, path, _ in words)


@contextmanager
def shop(base: Path, *, requests: int, seconds: int, token_seconds: int = 20) -> Iterator[Shop]:
    base.chmod(0o711)
    database = base / "parts.sqlite"
    with sqlite3.connect(database) as connection:
        connection.execute(
            "CREATE TABLE parts (part_key INTEGER PRIMARY KEY, name TEXT, retail_price TEXT, "
            "size INTEGER)"
        )
        connection.executemany("INSERT INTO parts VALUES (?, ?, ?, ?)", HELD)
        connection.execute("CREATE TABLE empty_one (part_key INTEGER PRIMARY KEY)")
    connection.close()
    server = vendor.start(
        base, database, requests=requests, seconds=seconds, token_seconds=token_seconds
    )
    try:
        yield Shop(environ=server.environ, admin=server.admin)
    finally:
        server.stop()


def plenty() -> RateLimiter:
    """A budget that holds nothing back."""
    return RateLimiter(10_000, 1)


@dataclass(slots=True)
class Run:
    """What one reading handed over and said."""

    table: pa.Table | None = None
    events: list[Event] = field(default_factory=list)

    def of(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    def rows(self) -> list[tuple[Any, ...]]:
        """As SQLite holds them."""
        assert self.table is not None
        columns = (self.table.column(name).to_pylist() for name in SCHEMA.names)
        return [
            (key, name, None if price is None else str(price), size)
            for key, name, price, size in zip(*columns, strict=True)
        ]


def read(connector: Rest, dataset: str = "parts", schema: pa.Schema = SCHEMA) -> Run:
    run = Run()
    run.table = connector.read(dataset, schema=schema, emit=run.events.append).read_all()
    return run
