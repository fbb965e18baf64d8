"""The ERP's orders and billing's lines tell of one business, each in its own way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from estate.data import Tpch
from estate.demo.contracts import lines as billed
from estate.demo.contracts import orders as ordered
from estate.lifecycle import Running
from estate.load.lines import COLUMNS
from estate.sales import sales

BERLIN = ZoneInfo("Europe/Berlin")
BOTH = pytest.mark.parametrize("which", ["estate", "repaired_estate"])
LEGACY = {
    "auftragsnr": ("character", 10),
    "kundennr": ("character", 10),
    "status": ("character", 1),
    "gesamtbetrag_cent": ("bigint", None),
    "angelegt_am": ("timestamp without time zone", None),
    "prioritaet": ("character varying", 15),
    "sachbearbeiter": ("character varying", 20),
    "versandhinweis": ("character varying", 40),
}


@pytest.fixture
def started(which: str, request: pytest.FixtureRequest) -> Running:
    value: Running = request.getfixturevalue(which)
    return value


@BOTH
def test_numbers_have_ten_digits_with_zeros_in_front(started: Running) -> None:
    for number, customer in _orders(started, "auftragsnr, kundennr"):
        assert len(number) == len(customer) == 10
        assert (number + customer).isdecimal()
        assert number.startswith("0")


@BOTH
def test_an_orders_cents_are_the_sum_of_what_its_lines_were_charged(started: Running) -> None:
    charged: Counter[str] = Counter()
    for line in _lines(started).to_pylist():
        charged[line["order_ref"].removeprefix("L").zfill(10)] += line["charged"] * 100
    totals = dict(_orders(started, "auftragsnr, gesamtbetrag_cent"))
    assert charged
    assert charged == {number: totals[number] for number in charged}


def test_what_is_charged_is_the_price_less_discount_plus_tax_in_cents(
    repaired_estate: Running,
) -> None:
    for line in _lines(repaired_estate).to_pylist():
        exact = line["extended_price"] * (1 - line["discount"]) * (1 + line["tax"])
        assert abs(line["charged"] - exact) <= Decimal("0.005")


@BOTH
def test_orders_are_of_the_last_120_days_by_the_clock_in_berlin(started: Running) -> None:
    billed_at = {
        line["order_ref"].removeprefix("L").zfill(10): line["billed_at"]
        for line in _lines(started).to_pylist()
    }
    days = set()
    for number, local in _orders(started, "auftragsnr, angelegt_am"):
        # The hour that comes twice a year is told apart by nobody: either must do.
        moments = [local.replace(tzinfo=BERLIN, fold=fold).astimezone(UTC) for fold in (0, 1)]
        if number in billed_at:
            assert billed_at[number] - timedelta(minutes=10) in moments
        days |= {moment.date() for moment in moments}
    assert max(days) == started.today - timedelta(days=1)
    assert min(days) >= started.today - timedelta(days=120)
    assert len(days) > 110


@BOTH
def test_84_days_in_a_row_have_one_file_of_that_days_orders(started: Running) -> None:
    files = sorted(_bucket(started).rglob("*"))
    found = [path.relative_to(_bucket(started)) for path in files if path.is_file()]
    days = [started.today - timedelta(days=back) for back in range(84, 0, -1)]
    assert found == [Path(f"day={day}", "part-0.parquet") for day in days]
    for path, day in zip((path for path in files if path.is_file()), days, strict=True):
        table = pq.ParquetFile(path).read()
        assert table.schema.metadata == {b"rows_sent": str(table.num_rows).encode()}
        assert tuple(table.column_names) == COLUMNS
        assert {at.date() for at in table["billed_at"].to_pylist()} == {day}
        newest = max(table["billed_at"].to_pylist())
        available = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        assert available == newest + timedelta(minutes=30)
        assert available < datetime.now(UTC)


@BOTH
def test_lines_land_in_the_types_of_their_contract(started: Running) -> None:
    held = {field.name: str(field.type) for field in _lines(started).schema}
    assert held["quantity"] == held["charged"] == "decimal128(12, 2)"
    assert (held["order_ref"], held["line_number"]) == ("string", "int32")
    assert held["billed_at"] == "timestamp[us, tz=UTC]"
    assert list(held) == list(billed.CONTRACT.schema.columns)


def test_four_percent_of_the_customers_who_ordered_are_unknown_to_the_crm_as_found(
    estate: Running,
) -> None:
    unknown, named = _unknown(estate)
    assert round(len(unknown) / len(named), 2) == 0.04
    assert len(unknown) == len(estate.condition.merged)


def test_every_customer_who_ordered_is_known_once_repaired(repaired_estate: Running) -> None:
    unknown, named = _unknown(repaired_estate)
    assert named
    assert not unknown


def test_one_column_was_renamed_and_another_narrowed_as_found(estate: Running) -> None:
    ((old, new),) = estate.condition.renamed.items()
    ((narrow, _),) = estate.condition.narrowed.items()
    held = _catalogue(estate)
    assert held.keys() ^ LEGACY.keys() == {old, new}
    assert held[new] == LEGACY[old]
    assert {name for name in held.keys() & LEGACY.keys() if held[name] != LEGACY[name]} == {narrow}


def test_the_table_is_as_it_was_once_repaired(repaired_estate: Running) -> None:
    assert _catalogue(repaired_estate) == LEGACY
    assert list(ordered.CONTRACT.schema.columns) == list(LEGACY)[:6]


@BOTH
def test_the_erps_reader_may_read_and_nothing_else(started: Running) -> None:
    asked = "SELECT p FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) p "
    asked += "WHERE has_table_privilege('auftraege', p)"
    assert _ask(started, "ERP", asked) == [("SELECT",)]


def test_one_columns_values_left_their_old_distribution_and_nothing_else_did(
    estate: Running, repaired_estate: Running
) -> None:
    ((shifted, _),) = estate.condition.shifted.items()
    found, clean = _lines(estate), _lines(repaired_estate)
    for name in COLUMNS:
        assert (found[name] != clean[name]) == (name == shifted)
    assert _distance(found[shifted], clean[shifted]) > 0.2
    assert pc.max(found[shifted]) == pc.max(clean[shifted])


@pytest.mark.parametrize("seed", range(6))
def test_no_seed_changes_what_was_sold(seed: int, tpch: Callable[[int], Tpch]) -> None:
    """Seeds move moments; the days, keys and money are TPC-H's."""
    one, other = sales(tpch(seed)), sales(tpch(seed + 1))
    assert one.lines.drop(["billed_at"]) == other.lines.drop(["billed_at"])
    assert one.orders.drop(["ordered_at"]) == other.orders.drop(["ordered_at"])
    assert one.orders["ordered_at"] != other.orders["ordered_at"]
    assert sales(tpch(seed)).lines == one.lines


def test_an_order_is_open_until_its_first_and_shipped_after_its_last_line(
    tpch: Callable[[int], Tpch],
) -> None:
    sold = sales(tpch(7))
    last = pa.scalar(tpch(7).last_order)
    by_order = sold.lines.group_by("order_key").aggregate(
        [("shipped_on", "min"), ("shipped_on", "max")]
    )
    status = dict(zip(*(sold.orders[n].to_pylist() for n in ("order_key", "status")), strict=True))
    assert set(status.values()) == {"O", "P", "F"}
    for order in by_order.to_pylist():
        shipped = [order[f"shipped_on_{end}"] <= last.as_py() for end in ("min", "max")]
        assert status[order["order_key"]] == {0: "O", 1: "P", 2: "F"}[sum(shipped)]


def _distance(one: pa.ChunkedArray, other: pa.ChunkedArray) -> float:
    """Kolmogorov and Smirnov's D: the widest gap between the two distributions."""
    return max(
        abs(pc.mean(pc.less_equal(one, at)).as_py() - pc.mean(pc.less_equal(other, at)).as_py())
        for at in pc.unique(other)
    )


def _unknown(started: Running) -> tuple[set[int], set[int]]:
    """The customers' numbers in the orders that the CRM does not know, and all of them."""
    named = {int(number) for (number,) in _orders(started, "kundennr")}
    known = {key for (key,) in _ask(started, "CRM", "SELECT customer_key FROM customers")}
    return named - known, named


def _catalogue(started: Running) -> dict[str, tuple[str, int | None]]:
    asked = "column_name, data_type, character_maximum_length FROM information_schema.columns"
    found = _ask(started, "ERP", f"SELECT {asked} WHERE table_name = 'auftraege'")
    return {name: (kind, length) for name, kind, length in found}


def _orders(started: Running, columns: str) -> Iterator[tuple]:
    yield from _ask(started, "ERP", f"SELECT {columns} FROM auftraege")


def _ask(started: Running, source: str, statement: str) -> list[tuple]:
    """The answer that the pilot's own login gets."""
    url = started.environ[f"{source}_URL"].replace("+psycopg", "")
    password = started.environ[f"{source}_PASSWORD"]
    with psycopg.connect(url, password=password) as connection:
        return connection.execute(statement.encode()).fetchall()


def _bucket(started: Running) -> Path:
    (root,) = [server.admin["root"] for server in started.servers if server.name == "billing"]
    return Path(root, started.environ["BILLING_BUCKET"], "lines")


def _lines(started: Running) -> pa.Table:
    paths = sorted(_bucket(started).glob("day=*/*.parquet"))
    return pa.concat_tables(pq.ParquetFile(path).read() for path in paths)
