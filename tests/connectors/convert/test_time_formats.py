"""Times as their source writes them: exact by the contract's word, and never guessed."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.convert.fit import fit
from connectors.convert.time_texts import may_be
from tests.connectors.scripted import Said, paged, scripted
from tests.connectors.vendor_fixture import read

INSTANT, LOCAL = pa.timestamp("us", "UTC"), pa.timestamp("us")
AT = datetime(2026, 11, 29, 10, 15, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MS = 1_795_947_300_000
BERLIN = "Europe/Berlin"


def declared(type_: Any, written: str, zone: str | None = None) -> pa.Schema:
    told = {"time_written": written} | ({} if zone is None else {"time_zone": zone})
    return pa.schema([pa.field("at", type_, metadata=told)])


def landed(values: Any, schema: pa.Schema) -> list[object]:
    """The times, and where one did not fit what `_rescued` has of it, in a list."""
    rows = fit({"at": values}, schema).to_pylist()
    return [[json.loads(row["_rescued"])["at"]] if row["_rescued"] else row["at"] for row in rows]


FITS: dict[str, tuple[object, pa.Schema, object]] = {
    "epoch seconds": (MS // 1000, declared(INSTANT, "epoch_s"), AT),
    "epoch seconds as text": (f"{MS // 1000}", declared(INSTANT, "epoch_s"), AT),
    "epoch milliseconds": (
        MS + 7,
        declared(INSTANT, "epoch_ms"),
        AT + timedelta(milliseconds=7),
    ),
    "before 1970": (
        -1,
        declared(INSTANT, "epoch_ms"),
        datetime(1969, 12, 31, 23, 59, 59, 999_000, UTC),
    ),
    "seven digits of .NET": (
        "2026-11-29T10:15:00.1234560Z",
        declared(INSTANT, "iso"),
        AT.replace(microsecond=123_456),
    ),
    "an offset": ("2026-11-29T11:15:00+01:00", declared(INSTANT, "iso"), AT),
    "basic": ("20261129T101500Z", declared(INSTANT, "iso_basic"), AT),
    "basic with an offset": ("20261129T111500+0100", declared(INSTANT, "iso_basic"), AT),
    "a basic day": ("20261129", declared(pa.date32(), "iso_basic"), date(2026, 11, 29)),
    "a basic day as a number": (20261129, declared(pa.date32(), "iso_basic"), date(2026, 11, 29)),
    "/Date()/": (f"/Date({MS})/", declared(INSTANT, "dotnet"), AT),
    "/Date()/ counts in UTC beside any offset": (
        f"/Date({MS}+0200)/",
        declared(INSTANT, "dotnet"),
        AT,
    ),
    "Edm.DateTime has no zone": (
        f"/Date({MS})/",
        declared(LOCAL, "dotnet"),
        AT.replace(tzinfo=None),
    ),
    "Edm.DateTime in a zone": (
        f"/Date({MS + 3_600_000})/",
        declared(INSTANT, "dotnet", BERLIN),
        AT,
    ),
    "Edm.DateTime of a day": ("/Date(1795910400000)/", declared(pa.date32(), "dotnet"), AT.date()),
    "a local time in a zone": ("2026-11-29T11:15:00", declared(INSTANT, "iso", BERLIN), AT),
    "a local time": ("20261129T101500", declared(LOCAL, "iso_basic"), AT.replace(tzinfo=None)),
}


@pytest.mark.parametrize("case", FITS)
def test_s08_a_time_lands_as_the_contract_says_it_is_written(case: str) -> None:
    value, schema, expected = FITS[case]
    assert landed([value, None], schema) == [expected, None]


MISFITS: dict[str, tuple[object, pa.Schema]] = {
    "a digit too many": ("2026-11-29T10:15:00.1234567Z", declared(INSTANT, "iso")),
    "no zone at all": ("2026-11-29T10:15:00", declared(INSTANT, "iso")),
    "a zone too many": ("2026-11-29T10:15:00Z", declared(INSTANT, "iso", BERLIN)),
    "an offset for a local time": ("2026-11-29T10:15:00Z", declared(LOCAL, "iso")),
    "an hour that comes twice": ("2026-10-25T02:30:00", declared(INSTANT, "iso", BERLIN)),
    "an hour that never comes": ("2026-03-29T02:30:00", declared(INSTANT, "iso", BERLIN)),
    "another format": ("2026-11-29T10:15:00Z", declared(INSTANT, "epoch_ms")),
    "a number for a text": (MS, declared(INSTANT, "dotnet")),
    "true": (True, declared(INSTANT, "epoch_s")),
    "a fraction of a second": (1.5, declared(INSTANT, "epoch_s")),
    "milliseconds in a column of seconds": (
        MS + 7,
        declared(pa.timestamp("s", "UTC"), "epoch_ms"),
    ),
    "beyond the calendar": (MS * 1000, declared(INSTANT, "epoch_s")),
    "beyond any number": (10**30, declared(INSTANT, "epoch_ms")),
    "no midnight": (f"/Date({MS})/", declared(pa.date32(), "dotnet")),
    "no such day": ("20260230", declared(pa.date32(), "iso_basic")),
    "no such offset": ("20261129T101500+2500", declared(INSTANT, "iso_basic")),
    "a day for a time": ("20261129", declared(LOCAL, "iso_basic")),
    "a time for a day": ("20261129T101500", declared(pa.date32(), "iso_basic")),
}


@pytest.mark.parametrize("case", MISFITS)
def test_s08_what_is_written_otherwise_is_rescued_as_it_came(case: str) -> None:
    value, schema = MISFITS[case]
    assert landed([value], schema) == [[value]]


@pytest.mark.parametrize("value", [MS, f"{MS}", f"/Date({MS})/", "20261129T101500Z"])
def test_s08_without_a_declaration_nothing_is_guessed(value: object) -> None:
    """The twin: the same values, where the contract is silent."""
    assert landed([value], pa.schema([("at", INSTANT)])) == [[value]]


def test_s08_a_decimal_as_text_lands_with_every_digit() -> None:
    batch = fit({"sum": ["1234567890.10", "0.005"]}, pa.schema([("sum", pa.decimal128(12, 2))]))
    assert [str(one) for one in batch.column(0).to_pylist()] == ["1234567890.10", "None"]
    assert batch.column(1).to_pylist() == [None, '{"sum": "0.005"}']


def test_a_column_of_arrow_is_read_alike() -> None:
    schema = declared(INSTANT, "epoch_ms")
    assert landed(pa.array([MS, None]), schema) == [AT, None]
    assert landed(pa.array([AT]), schema) == [["2026-11-29 10:15:00.000000Z"]]


def clocks(first: str, last: str) -> st.SearchStrategy[datetime]:
    return st.datetimes(datetime.fromisoformat(first), datetime.fromisoformat(last))


INSTANTS = clocks("0001-01-03", "9999-12-29").map(lambda at: at.replace(tzinfo=UTC))


@given(INSTANTS)
def test_s08_every_way_to_write_an_instant_lands_as_that_instant(at: datetime) -> None:
    at = at.replace(microsecond=at.microsecond // 1000 * 1000)
    ms = (at - EPOCH) // timedelta(milliseconds=1)
    east = at.astimezone(ZoneInfo("Asia/Kolkata")) if at.year > 1950 else at
    for written, value in (
        ("epoch_ms", ms),
        ("dotnet", f"/Date({ms}-0330)/"),
        ("iso", east.isoformat()),
        ("iso_basic", f"{at.year:04}{at:%m%dT%H%M%S.%f}0Z"),
    ):
        assert landed([value], declared(INSTANT, written)) == [at]


@given(clocks("1950-01-01", "2100-01-01"))
def test_a_local_time_is_an_instant_only_where_its_zone_knows_one(shown: datetime) -> None:
    zone = ZoneInfo(BERLIN)
    both = {shown.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    text = shown.isoformat()
    expected = both if len(both) == 1 else {(text,)}
    [found] = landed([text], declared(INSTANT, "iso", BERLIN))
    assert {tuple(found) if isinstance(found, list) else found} == expected


@given(st.text("/Date()0123456789+-TZ:. ", max_size=30) | st.integers() | st.floats())
def test_nothing_that_is_written_stops_a_reading(value: object) -> None:
    for written in ("iso", "iso_basic", "epoch_s", "epoch_ms", "dotnet"):
        for type_ in (INSTANT, LOCAL, pa.date32(), pa.timestamp("ns", "UTC")):
            assert len(landed([value], declared(type_, written))) == 1


def test_s08_times_in_the_json_of_an_endpoint_land_exactly() -> None:
    """End to end: numbers keep their last digit, and a fraction is no whole number."""
    rows = [{"at": MS}, {"at": f"{MS}"}, {"at": None}, {"at": "soon"}, {"at": 1.5}]
    page = {"/1": Said({"rows": rows, "next": None, "total": len(rows)})}
    with scripted(paged(page)) as source:
        run = read(source.rest(), schema=declared(INSTANT, "epoch_ms"))
    assert run.table is not None
    assert run.table.column("at").to_pylist() == [AT, AT, None, None, None]
    assert run.table.column("_rescued").to_pylist()[3:] == ['{"at": "soon"}', '{"at": "1.5"}']


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([MS, None], "epoch_ms"),
        (["1796084100"], "epoch_s"),
        ([f"/Date({MS})/"], "dotnet"),
        (["20261129T101500Z"], "iso_basic"),
        (["2026-11-29T10:15:00.1234567Z"], "iso"),
        ([MS, "x"], None),
        ([7, 8], None),
        ([None], None),
    ],
)
def test_a_draft_is_told_what_may_be_times(values: list[object], told: str | None) -> None:
    assert may_be(values) == told
