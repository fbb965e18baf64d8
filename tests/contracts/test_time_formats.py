"""How times are written is part of a contract: checked, digested, told to the connector."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl
import pytest

from connectors.convert import time_format, time_texts
from contracts.arrow_schema import WRITTEN, ZONE, arrow_schema, with_formats
from contracts.checks import problems
from contracts.digest import digest
from contracts.time_formats import FORMATS, TimeFormat
from tests.contracts.landed import contract

AT = pa.Column(pl.Datetime("us", "UTC"), description="When it happened")
LOCAL = pa.Column(pl.Datetime("us"), description="When it happened")
DAY = pa.Column(pl.Date, description="Its day")
EPOCH = TimeFormat(written="epoch_ms")
BERLIN = TimeFormat(written="iso", zone="Europe/Berlin")


def test_both_sides_of_the_seam_use_the_same_words() -> None:
    assert set(FORMATS) == set(time_texts.READERS)
    assert (time_format.WRITTEN.decode(), time_format.ZONE.decode()) == (WRITTEN, ZONE)


def test_the_connector_is_told_and_no_type_changes() -> None:
    promised = contract({"times": {"due": BERLIN}}, due=AT)
    plain = arrow_schema(promised.schema)
    told = with_formats(plain, promised.promises.times)
    assert told.equals(plain)
    assert told.field("due").metadata == {b"time_written": b"iso", b"time_zone": b"Europe/Berlin"}
    assert told.field("key").metadata is None


@pytest.mark.parametrize("column", [AT, LOCAL, DAY])
def test_a_declaration_that_can_be_kept_is_none_of_the_problems(column: pa.Column) -> None:
    assert problems(contract({"times": {"due": TimeFormat(written="dotnet")}}, due=column)) == []


def test_the_declaration_is_part_of_the_digest() -> None:
    given = ({}, {"due": EPOCH}, {"due": BERLIN}, {"due": TimeFormat(written="iso", zone="UTC")})
    assert len({digest(contract({"times": times}, due=AT)) for times in given}) == len(given)


REFUSED: dict[str, tuple[object, pa.Column]] = {
    "times names when, which is not a column": ({"when": EPOCH}, AT),
    "nobody writes epoch_us: use one of iso,": ({"due": TimeFormat(written="epoch_us")}, AT),
    "epoch_ms tells instants: give it the type": ({"due": EPOCH}, LOCAL),
    "the column is of no time: give it the type": (
        {"due": EPOCH},
        pa.Column(pl.Int64, description="a number"),
    ),
    "a zone tells instants: give it the type": ({"due": BERLIN}, DAY),
    "epoch_ms counts in UTC: leave the zone out": (
        {"due": TimeFormat(written="epoch_ms", zone="UTC")},
        AT,
    ),
    "zone Europe/Bonn is unknown: use": (
        {"due": TimeFormat(written="iso", zone="Europe/Bonn")},
        AT,
    ),
    'times of due is no format: write TimeFormat(written="epoch_ms")': ({"due": "epoch_ms"}, AT),
    "times is of type tuple: write times=": (("due",), AT),
}


@pytest.mark.parametrize("says", REFUSED)
def test_one_that_cannot_is_refused_with_the_remedy(says: str) -> None:
    times, column = REFUSED[says]
    found = problems(contract({"times": times}, due=column))
    assert len(found) == 1
    assert says in found[0]
