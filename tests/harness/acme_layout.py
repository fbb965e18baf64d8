"""The engagement `acme`, laid out where a user would have it: far from this repository, beside
folders of the user's own: `contracts`, which holds documents, and a package `tests` that must
never be imported.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.harness.night import move_night

SAMPLE = Path(__file__).parent.parent / "engagement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Acme:
    """One copy of it, with its two databases."""

    elsewhere: Path
    """The folder that `acme`, `contracts` and `tests` stand in."""
    sources: Mapping[str, str]
    """The variables of its sources."""

    @property
    def folder(self) -> Path:
        return self.elsewhere / "acme"

    @property
    def environ(self) -> dict[str, str]:
        """For a process of its own, which finds the pilot by its working directory."""
        return {"PATH": "/usr/bin:/bin", "HOME": str(self.elsewhere), **self.sources}


def lay_out(root: Path) -> Acme:
    """Every fifth order has no voucher, against one in ten promised; the rest is as promised."""
    elsewhere = root / "elsewhere"
    shutil.copytree(SAMPLE, elsewhere, ignore=shutil.ignore_patterns("__pycache__"))
    move_night(elsewhere / "acme" / "pilot.yaml")
    shop, outlet = root / "shop.sqlite", root / "outlet.sqlite"
    _database(shop, orders=200, refunds=20)
    _database(outlet, orders=50, refunds=0)
    return Acme(elsewhere=elsewhere, sources={"ACME_SHOP": str(shop), "ACME_OUTLET": str(outlet)})


def _database(path: Path, *, orders: int, refunds: int) -> None:
    now = datetime.now(UTC)
    connection = sqlite3.connect(path)
    connection.execute(
        "create table orders"
        " (order_key bigint primary key, total double, voucher text, ordered_at text)"
    )
    connection.executemany(
        "insert into orders values (?, ?, ?, ?)",
        [
            (
                key,
                1.5 * key,
                None if key % 5 == 0 else "SPRING",
                f"{now - timedelta(minutes=key):%Y-%m-%dT%H:%M:%SZ}",
            )
            for key in range(1, orders + 1)
        ],
    )
    connection.execute("create table refunds (order_key bigint primary key, amount double)")
    connection.executemany(
        "insert into refunds values (?, ?)", [(key, 0.5 * key) for key in range(1, refunds + 1)]
    )
    connection.commit()
    connection.close()
