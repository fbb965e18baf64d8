"""A value comes exactly, or it is rescued as the server writes it."""

from __future__ import annotations

import json
from decimal import Decimal

import psycopg
import pyarrow as pa
import pytest

from connectors.connector import RESCUED
from connectors.errors import SourceChanged
from tests.conformance import read
from tests.connectors.crm_fixture import Database

ZOO = """
create table zoo (
    id int8, truth bool, small int2, real8 float8, money numeric, exact numeric(38,10),
    words text, day date, at timestamptz, at_home timestamp, uid uuid, anything jsonb
);
insert into zoo values
(1, null, null, null, null, null, null, null, null, null, null, null),
(9007199254740993, false, 0, 0, 0, 0, '', '0001-01-01', '0001-01-01 00:00:00Z',
    '0001-01-01 00:00:00', '00000000-0000-0000-0000-000000000000', 'null'),
(9223372036854775807, true, -32768, 'NaN', 'NaN', 9999999999999999999999999999.9999999999, 'NA',
    'infinity', 'infinity', '-infinity', null, '{"a": 1.10}'),
(-1, true, 7, 'Infinity', 'Infinity', -0.0000000001, '007', '10000-01-01',
    '10000-01-01 00:00:00Z', '2026-11-20 13:05:00.000001', null, '"x"'),
(4, true, 7, 0.1, 1.005, 1, E' \\n"\\u2028', '0044-03-15 BC', '2026-11-20 13:05:00.000001+05:30',
    '0044-03-15 00:00:00 BC', null, '[]')
"""

ZOO_SCHEMA = pa.schema(
    [
        ("id", pa.int64()),
        ("truth", pa.bool_()),
        ("small", pa.int32()),
        ("real8", pa.float64()),
        ("money", pa.decimal128(12, 2)),
        ("exact", pa.decimal128(38, 10)),
        ("words", pa.string()),
        ("day", pa.date32()),
        ("at", pa.timestamp("us", "UTC")),
        ("at_home", pa.timestamp("us")),
        ("uid", pa.string()),
        ("anything", pa.string()),
    ]
)


def test_every_value_comes_exactly_or_is_rescued_as_the_server_writes_it(crm: Database) -> None:
    crm.execute(*ZOO.split(";"))
    batch = pa.Table.from_batches(read(crm.sql("zoo"), "it", ZOO_SCHEMA).batches)
    rescued = [json.loads(text or "{}") for text in batch.column(RESCUED).to_pylist()]
    # Years beyond Python's stay in Arrow as they are: compare as text.
    days = batch.column("day").cast(pa.string()).to_pylist()
    times = batch.column("at").cast(pa.string()).to_pylist()
    rows = batch.drop_columns(["day", "at", "at_home", RESCUED]).to_pylist()
    assert rows[0] == {"id": 1, **dict.fromkeys(list(rows[0])[1:])}
    assert list(rows[1].values()) == [
        *(9007199254740993, False, 0, 0.0, Decimal(0), Decimal(0), ""),
        *("00000000-0000-0000-0000-000000000000", "null"),
    ]
    assert rows[2]["exact"] == Decimal("9999999999999999999999999999.9999999999")
    assert (rows[2]["words"], rows[3]["words"], rows[4]["words"]) == ("NA", "007", ' \n"\u2028')
    assert rows[2]["anything"] == '{"a": 1.10}'
    assert (rows[4]["real8"], rows[3]["exact"]) == (0.1, Decimal("-0.0000000001"))
    assert (days[1], times[1]) == ("0001-01-01", "0001-01-01 00:00:00.000000Z")
    assert times[4] == "2026-11-20 07:35:00.000001Z"
    assert rescued == [
        {},
        {},
        {
            "real8": "nan",
            "money": "NaN",
            "day": "infinity",
            "at": "infinity",
            "at_home": "-infinity",
        },
        {
            "real8": "inf",
            "money": "Infinity",
            "day": "10000-01-01",
            "at": "10000-01-01 00:00:00+00",
        },
        {"money": "1.005", "day": "0044-03-15 BC", "at_home": "0044-03-15 00:00:00 BC"},
    ]


@pytest.mark.parametrize("held", ["numeric", "date", "timestamptz", "int4", "bool"])
def test_a_column_that_is_no_text_is_not_taken_for_the_promised_text(
    crm: Database, held: str
) -> None:
    values = {"date": "'2026-01-01'", "timestamptz": "'2026-01-01'", "bool": "true"}
    crm.execute(f"create table t (c {held})", f"insert into t values ({values.get(held, '1')})")
    table = read(crm.sql("t"), "it", pa.schema([("c", pa.string())])).table
    assert table.column("c").to_pylist() == [None]
    assert table.column(RESCUED).null_count == 0


ENDLESS = {
    "date": ("infinity", "-infinity", "10000-01-01", "0044-03-15 BC"),
    "timestamptz": ("infinity", "10000-01-01 00:00:00+00", "0044-03-15 00:00:00+00 BC"),
    "timestamp": ("-infinity", "10000-01-01 00:00:00", "0044-03-15 00:00:00 BC"),
    "numeric": ("NaN", "Infinity", "-Infinity"),
    "interval": ("infinity", "1000000 years"),
}


@pytest.mark.parametrize("held", ENDLESS)
def test_a_value_that_no_driver_holds_is_rescued_whatever_is_promised(
    crm: Database, held: str
) -> None:
    """The driver's own value for it would be an error, or another value."""
    values = ENDLESS[held]
    crm.execute(f"create table t (c {held})", *(f"insert into t values ('{v}')" for v in values))
    for promised in (pa.string(), pa.date32(), pa.timestamp("us", "UTC"), pa.timestamp("us")):
        table = read(crm.sql("t"), "it", pa.schema([("c", promised)])).table
        rescued = [json.loads(one)["c"] for one in table[RESCUED].to_pylist() if one]
        told = (
            table["c"].to_pylist() if held == "interval" and promised == pa.string() else rescued
        )
        assert told == list(values)


def test_text_that_is_not_utf8_is_a_finding(crm: Database) -> None:
    crm.execute(
        "drop database if exists ascii",
        "create database ascii template template0 encoding 'SQL_ASCII' locale 'C' "
        "locale_provider libc",
    )
    with psycopg.connect(crm.dsn.replace("dbname=crm", "dbname=ascii")) as other:
        other.execute("create table t (c text)")
        other.execute("grant select on t to reader")
        other.execute("insert into t select convert_from('\\x41ff'::bytea, 'SQL_ASCII')")
    connector = crm.sql("t", url=crm.environ["CRM_URL"].replace("/crm", "/ascii"))
    with pytest.raises(SourceChanged, match="not UTF-8"):
        read(connector, "it", pa.schema([("c", pa.string())]))
