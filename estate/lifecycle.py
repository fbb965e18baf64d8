"""The whole estate: one temporary folder, five real servers with the demo's data, a clean end.

    folder ─▶ tpchgen-cli ─┬─▶ data ─▶ vendor (REST) ─▶ as found ─▶ Running
           crm, erp (PostgreSQL), logistics (SFTP),             the end goes the other way
           billing (S3), a room for alerts meanwhile

Killed by SIGKILL we clean up nothing: the kernel then ends the servers (`estate.process`) and
the next start removes the folder (`estate.folder`).
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

import pyarrow as pa

from estate import billing, data, logistics, postgresql, vendor
from estate.demo.faults import Condition, Planted, as_found, planted, repaired
from estate.ending import ended_by_signals
from estate.folder import temporary_folder
from estate.load import catalogue, customers, lines, orders, shipments
from estate.process import EstateError, Server
from estate.room import Room, room
from estate.sales import Sales, sales

SMALLEST_SCALE = 0.01
"""Below it the vendor has too few pages for a token to expire between two."""
_KINDS = {
    "crm": "PostgreSQL",
    "erp": "PostgreSQL of its own",
    "logistics": "SFTP server",
    "billing": "S3 bucket",
    "vendor": "REST API behind a gateway",
}


@dataclass(slots=True, kw_only=True)
class Running:
    """An estate whose servers answer, in the order in which they started."""

    folder: Path
    servers: tuple[Server, ...]
    today: date
    condition: Condition
    planted: tuple[Planted, ...]
    """What a proof of the sources as found must find."""
    room: Room
    """Where the owners are told."""
    _customers: pa.Table
    _sales: Sales
    _shipments: pa.Table
    _pages: int

    @property
    def environ(self) -> Mapping[str, str]:
        """All that a pilot gets: addresses and credentials, as environment variables."""
        given = (*(server.environ for server in self.servers), self.room.environ)
        return {name: value for environ in given for name, value in environ.items()}

    @property
    def as_found(self) -> bool:
        """Whether the sources are not repaired yet."""
        return self.condition != repaired(today=self.today)

    @property
    def deputies(self) -> Mapping[str, str]:
        """The deputies that the repair named, by source."""
        return self.condition.deputies

    def repair(self) -> None:
        """Mend the sources: missing values filled in, every file whole and on time, columns,
        values and customers' numbers as they were, the pilot's role a reader and no more, the
        vendor's daily quota raised, a deputy named.
        """
        self.put(repaired(today=self.today))

    def put(self, condition: Condition) -> None:
        """Bring the sources into a condition."""
        admin = {server.name: server.admin for server in self.servers}
        customers.load(admin["crm"]["dsn"], self._customers, condition)
        orders.load(admin["erp"]["dsn"], self._sales.orders, condition)
        bucket = Path(admin["billing"]["root"], billing.BUCKET)
        lines.deliver(bucket / "lines", self._sales.lines, condition)
        drop = Path(admin["logistics"]["root"]) / "shipments"
        shipments.deliver(drop, self._shipments, condition)
        vendor.allow(admin["vendor"], condition.readings_a_day * self._pages)
        self.condition = condition


def _to_stderr(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _utc_now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def running(
    *,
    scale: float = SMALLEST_SCALE,
    seed: int = 7,
    say: Callable[[str], None] = _to_stderr,
    clock: Callable[[], datetime] = _utc_now,
) -> Iterator[Running]:
    """Start the estate as found, give it, and leave no process and no folder behind.

    Raises EstateError with one line when it cannot be started.
    """
    if not scale >= SMALLEST_SCALE:  # nan, too
        raise EstateError(f"the scale factor must be at least {SMALLEST_SCALE}")
    began = time.monotonic()
    today = clock().astimezone(UTC).date()
    with ended_by_signals() as ending, ExitStack() as stack:

        def up(start: Callable[[], Server]) -> Server:
            asked = time.monotonic()
            with ending.held():
                server = start()
                stack.callback(server.stop)
            seconds = time.monotonic() - asked
            say(f"{server.name}: {_KINDS[server.name]}, port {_port(server)}, {seconds:.1f} s")
            return server

        try:
            with ending.held():
                folder = stack.enter_context(temporary_folder(Path(tempfile.gettempdir())))
                owners = stack.enter_context(room())
                tables = folder / "tpch"
                generator = data.generate(tables, scale=scale)
                stack.callback(generator.stop)
                databases = postgresql.make(folder, "crm", "erp")
            servers = [up(partial(postgresql.serve, database)) for database in databases]
            servers += [up(partial(start, folder)) for start in (logistics.start, billing.start)]
            data.wait_for(generator)
            tpch = data.Tpch(folder=tables, last_order=today - timedelta(days=1), seed=seed)
            database = folder / "vendor.sqlite"
            serve = partial(vendor.start, seconds=catalogue.WINDOW_SECONDS)
            pages = _write_catalogue(database, tpch)
            requests = catalogue.quota(pages)
            servers.append(up(partial(serve, folder, database, requests=requests)))
            estate = _as_found(folder, tuple(servers), owners, tpch, today=today, pages=pages)
            shutil.rmtree(tables)
            seconds = time.monotonic() - began
            say(f"TPC-H data at scale factor {scale:g}, all in place after {seconds:.1f} s")
            yield estate
        finally:
            with ending.held():
                stack.close()


def _write_catalogue(database: Path, tpch: data.Tpch) -> int:
    """Give the vendor its tables; gives the requests that reading them takes."""
    parts, prices = tpch.parts(), tpch.prices()
    catalogue.write(database, parts=parts, prices=prices)
    return catalogue.pages(parts=parts.num_rows, prices=prices.num_rows)


def _as_found(  # noqa: PLR0913 - what a running estate is made of
    folder: Path,
    servers: tuple[Server, ...],
    owners: Room,
    tpch: data.Tpch,
    *,
    today: date,
    pages: int,
) -> Running:
    people = tpch.customers()
    sold = sales(tpch)
    buyers = cast("list[int]", sold.orders["customer_key"].unique().to_pylist())
    found = as_found(today=today, seed=tpch.seed, customers=people.num_rows, buyers=buyers)
    estate = Running(
        folder=folder,
        servers=servers,
        today=today,
        condition=found,
        planted=planted(found),
        room=owners,
        _customers=people,
        _sales=sold,
        _pages=pages,
        _shipments=tpch.shipments([*found.nights, *repaired(today=today).nights]),
    )
    estate.put(found)
    return estate


def _port(server: Server) -> int | None:
    """The port in a server's own variables."""
    for name, value in server.environ.items():
        if name.endswith(("_URL", "_ENDPOINT")):
            return urlsplit(value).port
        if name.endswith("_PORT"):
            return int(value)
    return None
