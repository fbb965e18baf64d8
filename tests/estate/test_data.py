"""The demo's data is what the demo says it is, as found and repaired, and moves with the seed."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from math import ceil
from pathlib import Path

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from estate.data import Tpch
from estate.demo.contracts import orders
from estate.demo.faults import as_found, planted, repaired
from estate.lifecycle import Running
from estate.load import catalogue

SEGMENTS = {"AUTOMOBILE", "BUILDING", "FURNITURE", "HOUSEHOLD", "MACHINERY"}
TPCH_CUSTOMERS, TPCH_PARTS, TPCH_PRICES = 1_500, 2_000, 8_000
"""Cardinalities of TPC-H clause 4.2.5 at scale factor 0.01."""


def test_seven_percent_of_the_customers_lack_a_segment_as_found(estate: Running) -> None:
    total, missing = _ask(
        estate, "SELECT count(*), count(*) - count(market_segment) FROM customers"
    )
    assert (total, missing) == (TPCH_CUSTOMERS, TPCH_CUSTOMERS * 7 // 100)


def test_no_customer_lacks_a_segment_once_repaired(repaired_estate: Running) -> None:
    total, present = _ask(repaired_estate, "SELECT count(*), count(market_segment) FROM customers")
    assert (total, present) == (TPCH_CUSTOMERS, TPCH_CUSTOMERS)
    (segments,) = _ask(repaired_estate, "SELECT array_agg(DISTINCT market_segment) FROM customers")
    assert set(segments) == SEGMENTS


@pytest.mark.parametrize("which", ["estate", "repaired_estate"])
def test_the_newest_customer_changed_yesterday(which: str, request: pytest.FixtureRequest) -> None:
    started = request.getfixturevalue(which)
    (newest,) = _ask(started, "SELECT max(updated_at) FROM customers")
    assert newest.astimezone(UTC).date() == started.today - timedelta(days=1)


def test_files_come_48_hours_after_their_newest_shipment_as_found(estate: Running) -> None:
    files = _files(estate)
    lags = {file.available_at - max(file.shipped) for file in files if file.shipped}
    assert lags == {timedelta(hours=48)}
    assert files[-1].night == estate.today - timedelta(days=3)


def test_files_come_within_the_hour_and_until_yesterday_once_repaired(
    repaired_estate: Running,
) -> None:
    files = _files(repaired_estate)
    assert {file.available_at - max(file.shipped) for file in files} == {timedelta(minutes=30)}
    assert files[-1].night == repaired_estate.today - timedelta(days=1)


@pytest.mark.parametrize("which", ["estate", "repaired_estate"])
def test_28_nights_in_a_row_have_one_file_each(which: str, request: pytest.FixtureRequest) -> None:
    nights = [file.night for file in _files(request.getfixturevalue(which))]
    assert nights == [nights[0] + timedelta(days=n) for n in range(28)]
    assert sum(night.weekday() == 0 for night in nights) == 4


@pytest.mark.parametrize("which", ["estate", "repaired_estate"])
def test_every_shipment_is_of_its_files_day_before_23_and_before_the_file_came(
    which: str, request: pytest.FixtureRequest
) -> None:
    for file in _files(request.getfixturevalue(which)):
        assert all(at.date() == file.night and at.hour < 23 for at in file.shipped)
        assert all(at < file.available_at for at in file.shipped)
        assert file.available_at < datetime.now(UTC)


def test_only_the_last_mondays_file_is_empty_as_found(estate: Running) -> None:
    empty = [file.night for file in _files(estate) if not file.shipped]
    mondays = [file.night for file in _files(estate) if file.night.weekday() == 0]
    assert empty == mondays[-1:]


def test_no_file_is_empty_once_repaired(repaired_estate: Running) -> None:
    assert all(file.shipped for file in _files(repaired_estate))


def test_the_same_shipments_are_in_both_where_the_nights_are_the_same(
    estate: Running, repaired_estate: Running
) -> None:
    before = {file.night: file.text for file in _files(estate) if file.shipped}
    after = {file.night: file.text for file in _files(repaired_estate)}
    shared = before.keys() & after.keys()
    assert len(shared) == 25
    assert all(before[night] == after[night] for night in shared)


def test_a_file_has_the_promised_columns(estate: Running) -> None:
    header = "order_key,line_number,ship_mode,quantity,shipped_at,committed_on,received_on"
    assert {file.text.splitlines()[0] for file in _files(estate)} == {header}


def test_its_control_file_has_its_rows_and_its_digest(estate: Running) -> None:
    for file in _files(estate):
        digest = sha256(file.text.encode()).hexdigest()
        assert file.control == f"{len(file.shipped)};{digest}\n"


def test_the_vendor_holds_every_part_and_price_with_money_as_text(estate: Running) -> None:
    with closing(sqlite3.connect(estate.folder / "vendor.sqlite")) as database:
        one = "SELECT count(*), min(typeof({0})), max(typeof({0})), max({1}) FROM {2}"
        parts = database.execute(one.format("retail_price", "updated_at", "parts")).fetchone()
        prices = database.execute(one.format("supply_cost", "priced_at", "prices")).fetchone()
    assert parts[:3] == (TPCH_PARTS, "text", "text")
    assert prices[:3] == (TPCH_PRICES, "text", "text")
    yesterday = str(estate.today - timedelta(days=1))
    assert parts[3].startswith(yesterday)
    assert prices[3].startswith(yesterday)


@pytest.mark.parametrize("scale", [0.01, 0.1, 1, 10])
def test_a_token_expires_between_two_pages_of_the_prices_at_any_scale(scale: float) -> None:
    """The price pages are asked after the part pages, by a client whose requests come back one
    window after their answers: the last pages then reuse, in the third window, what was spent
    in the first one after the token for the prices had been taken.
    """
    part_pages, price_pages = ceil(200_000 * scale / 400), ceil(800_000 * scale / 400)
    requests = catalogue.quota(part_pages + price_pages)
    after_expiry = part_pages + price_pages - (2 * requests + part_pages)
    assert after_expiry >= 2
    assert catalogue.WINDOW_SECONDS * 2 >= 20
    refusals = 2  # the page that finds the token expired, and a stranger's
    assert part_pages + price_pages + refusals <= 3 * requests


def test_the_same_seed_gives_the_same_rows(tpch: Callable[[int], Tpch]) -> None:
    assert tpch(7).customers().equals(tpch(7).customers())
    assert tpch(7).prices().equals(tpch(7).prices())
    nights = repaired(today=date(2026, 11, 23)).nights
    assert tpch(7).shipments(nights).equals(tpch(7).shipments(nights))


def test_another_seed_gives_other_times(tpch: Callable[[int], Tpch]) -> None:
    assert tpch(7).customers()["updated_at"] != tpch(8).customers()["updated_at"]
    assert tpch(7).customers().drop("updated_at") == tpch(8).customers().drop("updated_at")


def test_one_constant_shifts_every_date(tpch: Callable[[int], Tpch]) -> None:
    """TPC-H's first line: shipped 1996-03-13, committed 02-12, received 03-22. Its last order is
    of 1998-08-02 at any scale.
    """
    before_last_order = date(1998, 8, 2) - date(1996, 3, 13)
    shipped_on = tpch(7).last_order - before_last_order
    lines = tpch(7).shipments([shipped_on]).to_pylist()
    (first,) = [line for line in lines if (line["order_key"], line["line_number"]) == (1, 1)]
    assert first["shipped_on"] == shipped_on
    assert first["committed_on"] == shipped_on - timedelta(days=30)
    assert first["received_on"] == shipped_on + timedelta(days=9)


def test_shipments_are_of_the_days_asked_for(tpch: Callable[[int], Tpch]) -> None:
    nights = repaired(today=date(2026, 11, 23)).nights
    assert set(tpch(7).shipments(nights)["shipped_on"].to_pylist()) == set(nights)


BUYERS = range(1, 1_500, 3)


@given(seed=st.integers(0, 2**32), today=st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_the_next_seed_moves_every_fault(seed: int, today: date) -> None:
    one, same, other = (
        as_found(today=today, seed=which, customers=1_500, buyers=BUYERS)
        for which in (seed, seed, seed + 1)
    )
    assert one == same
    assert one.empty_night != other.empty_night
    assert one.without_segment != other.without_segment
    assert set(one.reader_may) != set(other.reader_may)
    assert one.readings_a_day != other.readings_a_day
    assert len(one.without_segment) == len(other.without_segment) == 105
    assert one.merged != other.merged
    assert len(one.merged) == len(other.merged) == 20
    assert one.renamed != other.renamed
    assert one.narrowed != other.narrowed
    assert one.shifted != other.shifted


@given(seed=st.integers(0, 2**32))
def test_one_column_is_renamed_another_narrowed_and_a_third_shifted(seed: int) -> None:
    found = as_found(today=date(2026, 11, 23), seed=seed, customers=1_500, buyers=BUYERS)
    assert [len(each) for each in (found.renamed, found.narrowed, found.shifted)] == [1, 1, 1]
    assert not found.renamed.keys() & found.narrowed.keys()
    assert not found.renamed.keys() & orders.CONTRACT.schema.columns.keys()
    assert found.merged <= set(BUYERS)


@given(seed=st.integers(0, 2**32))
def test_what_is_planted_has_words_of_its_own_and_one_place(seed: int) -> None:
    found = as_found(today=date(2026, 11, 23), seed=seed, customers=1_500, buyers=BUYERS)
    faults = planted(found)
    places = [(fault.source, fault.dataset, fault.claim) for fault in faults]
    assert len(set(places)) == len(places)
    assert ("billing", None, "owned") in places
    assert all(fault.shows and all(fault.shows) for fault in faults)


@given(today=st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_the_default_seed_empties_the_last_monday(today: date) -> None:
    found = as_found(today=today, seed=7, customers=1_500, buyers=BUYERS)
    assert found.empty_night == max(night for night in found.nights if night.weekday() == 0)


class File:
    """One delivered file as the drop holds it."""

    def __init__(self, path: Path) -> None:
        self.night = date.fromisoformat(path.stem.removeprefix("shipments_"))
        self.available_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        self.text = path.read_text()
        self.control = path.with_name(f"{path.name}.ok").read_text()
        lines = csv.DictReader(self.text.splitlines())
        self.shipped = [datetime.fromisoformat(line["shipped_at"]) for line in lines]


def _files(started: Running) -> list[File]:
    (root,) = [server.admin["root"] for server in started.servers if server.name == "logistics"]
    return [File(path) for path in sorted((Path(root) / "shipments").glob("*.csv"))]


def _ask(started: Running, statement: str) -> tuple:
    """The answer that the pilot's own login gets."""
    url = started.environ["CRM_URL"].replace("+psycopg", "")
    password = started.environ["CRM_PASSWORD"]
    with psycopg.connect(url, password=password) as connection:
        return connection.execute(statement).fetchone()
