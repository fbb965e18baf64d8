"""Faults X01, X09: names from a pilot, a source or a ledger are no SQL and no path."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pyarrow as pa
import pytest

from connectors.errors import SourceChanged
from connectors.sql.connector import Sql
from harness.errors import ConfigurationError
from harness.evidence import export, folder
from harness.ledger.ledger import open_ledger
from harness.pilot import loading
from tests.conformance import read
from tests.harness.engagement import PILOT_PY, write
from tests.harness.evidence.bundles import bundle_of, key
from tests.harness.evidence.ledgers import evidence, night

SQL = (
    "orders; drop table orders; --",
    'orders"; drop table orders; --',
    'main.orders"; delete from orders; --',
    "orders where 1=1; drop table orders",
    "(select 1); drop table orders; --",
    "orders/**/union/**/select/**/1",
    "orders`; drop table orders; --",
    "orders]; drop table orders; --",
)
COLUMNS = ('n"; drop table orders; --', "n; drop table orders; --", 'n" from orders union all --')
PATHS = ("../../x", "/x", "..", ".", "a/b", "a\\b", "a\0b", "x\u202ey", "", "a b")
"""Names that would leave a folder, or show another one."""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A database of three orders."""
    file = tmp_path / "shop.sqlite"
    with contextlib.closing(sqlite3.connect(file)) as made:
        made.executescript(
            "create table orders (n integer); insert into orders values (1),(2),(3)"
        )
    return file


def count(shop: Path) -> int:
    with contextlib.closing(sqlite3.connect(shop)) as made:
        return made.execute("select count(*) from orders").fetchone()[0]


def sql(shop: Path, table: str) -> Sql:
    return Sql(url=f"sqlite:///{shop}", password=None, tables={"it": table})


@pytest.mark.parametrize("name", SQL)
def test_x01_a_table_of_such_a_name_is_not_there_and_nothing_happens(
    shop: Path, name: str
) -> None:
    with pytest.raises(SourceChanged):
        read(sql(shop, name), "it", pa.schema([("n", pa.int64())]))
    assert count(shop) == 3


@pytest.mark.parametrize("column", COLUMNS)
def test_x01_a_column_of_such_a_name_is_missing_or_read_as_it_is_called(
    shop: Path, column: str
) -> None:
    schema = pa.schema([("n", pa.int64()), (column, pa.string())])
    found = read(sql(shop, "orders"), "it", schema).table
    assert found.column_names[:1] == ["n"]
    assert found.num_rows == count(shop) == 3
    with contextlib.closing(sqlite3.connect(shop)) as made, made:
        quoted = column.replace('"', '""')
        made.execute(f'alter table orders add column "{quoted}" text default "it"')
    assert read(sql(shop, "orders"), "it", schema).table[column].to_pylist() == ["it"] * 3
    assert count(shop) == 3


def test_x01_without_the_quotes_it_would(shop: Path) -> None:
    """The twin."""
    with contextlib.closing(sqlite3.connect(shop)) as made:
        made.executescript(f"select * from {SQL[0]}")
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        count(shop)


@pytest.mark.parametrize("name", PATHS)
@pytest.mark.parametrize("of", ["pilot", "source", "dataset"])
def test_x09_no_pilot_source_or_dataset_has_such_a_name(
    tmp_path: Path, of: str, name: str
) -> None:
    old = {"pilot": 'name="acme"', "source": 'name="erp"', "dataset": 'name="orders"'}[of]
    place = write(tmp_path, py=PILOT_PY.replace(old, f"name={name!r}", 1))
    with pytest.raises(ConfigurationError, match="is no name for a pilot"):
        loading.load(place)


@pytest.mark.parametrize("run", [name for name in PATHS if name])
def test_x09_no_run_of_such_an_id_names_a_file_of_a_bundle(tmp_path: Path, run: str) -> None:
    """We give runs other ids; a ledger may come from elsewhere."""
    with open_ledger(tmp_path / "ledger.sqlite") as ledger:
        night(ledger, run, 0)
    with pytest.raises(ConfigurationError, match="cannot name a file"):
        bundle_of(evidence(tmp_path / "ledger.sqlite"), signer=key())


def test_x09_without_the_rule_a_bundle_would_leave_its_folder(tmp_path: Path) -> None:
    """The twin: the bundle's name is made of the run's, and a path in it is followed."""
    with open_ledger(tmp_path / "ledger.sqlite") as ledger:
        night(ledger, PATHS[0], 0)
    name = export.name(evidence(tmp_path / "ledger.sqlite"))
    (tmp_path / "out" / "evidence-acme-..").mkdir(parents=True)
    folder.write(tmp_path / "out" / name, {"manifest.json": b"{}"})
    assert (tmp_path / "out" / "x" / "manifest.json").exists()
