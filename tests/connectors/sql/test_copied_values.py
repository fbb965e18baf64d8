"""Values at the ends of their types, by hand: they come, or are rescued as they are written."""

from __future__ import annotations

import json

import pyarrow as pa
import pytest

from connectors.connector import RESCUED
from tests.conformance import read
from tests.connectors.crm_fixture import Database

DIGITS = "1" + "0" * 131_071
"""PostgreSQL's longest number."""


@pytest.mark.parametrize(
    ("held", "written", "promised", "value"),
    [
        ("text", "''", pa.string(), ""),
        ("text", r"'\.'", pa.string(), r"\."),
        ("text", "E'\\uFEFF7'", pa.string(), "\ufeff7"),
        ("text", "E'a\\r\\n\"b\",c'", pa.string(), 'a\r\n"b",c'),
        ("char(5)", "'ab'", pa.string(), "ab   "),
        ("int8", "9223372036854775807", pa.int64(), 9223372036854775807),
        ("float8", "'5e-324'", pa.float64(), 5e-324),
        ("float4", "'1e-45'", pa.float64(), 1.401298464324817e-45),
        ("bytea", r"'\x00ff0a2c22'", pa.binary(), b'\x00\xff\n,"'),
        ("bytea", "''", pa.binary(), b""),
        ("bool", "false", pa.bool_(), False),
        ("numeric(3,-2)", "12345", pa.int16(), 12300),
    ],
)
def test_it_comes(
    crm: Database, held: str, written: str, promised: pa.DataType, value: object
) -> None:
    crm.execute(f"create table t (c {held})", f"insert into t values ({written}), (null)")
    table = read(crm.sql("t"), "it", pa.schema([("c", promised)])).table
    assert table.to_pylist() == [{"c": value, RESCUED: None}, {"c": None, RESCUED: None}]


@pytest.mark.parametrize(
    ("held", "written", "promised", "rescued"),
    [
        ("numeric", f"'{DIGITS}'", pa.decimal128(38, 2), DIGITS),
        ("numeric", f"'{DIGITS}'", pa.string(), DIGITS),
        ("numeric", "'-Infinity'", pa.float64(), "-Infinity"),
        ("numeric(3,-2)", "'99900'", pa.int16(), "99900"),
        ("int8", "32768", pa.int16(), 32768),
        ("float8", "'NaN'", pa.float64(), "nan"),
        ("float8", "0.1", pa.float32(), 0.1),
        ("bool", "true", pa.string(), True),
        ("bytea", r"'\x37'", pa.string(), "b'7'"),
        ("timestamp", "'294276-12-31 23:59:59.999999'", pa.timestamp("us"), None),
        ("date", "'5874897-12-31'", pa.date32(), "5874897-12-31"),
        ("int4[]", "'{7}'", pa.int64(), "{7}"),
    ],
)
def test_it_is_rescued(
    crm: Database, held: str, written: str, promised: pa.DataType, rescued: object
) -> None:
    crm.execute(f"create table t (c {held})", f"insert into t values ({written})")
    (row,) = read(crm.sql("t"), "it", pa.schema([("c", promised)])).table.to_pylist()
    told = written.strip("'") if rescued is None else rescued
    assert (row["c"], json.loads(row[RESCUED])) == (None, {"c": told})


def test_a_column_of_which_the_name_holds_marks_is_read(crm: Database) -> None:
    crm.execute('create table t ("a%s ""b"", 50%%" int)', "insert into t values (7)")
    schema = pa.schema([('a%s "b", 50%%', pa.int64())])
    assert read(crm.sql("t"), "it", schema).table.column(0).to_pylist() == [7]


def test_a_server_that_writes_bytes_in_its_old_way_is_asked_for_hexadecimal(crm: Database) -> None:
    crm.execute(
        "alter role reader set bytea_output = 'escape'",
        "create table t (c bytea)",
        r"insert into t values ('\x005c')",
    )
    try:
        table = read(crm.sql("t"), "it", pa.schema([("c", pa.binary())])).table
    finally:
        crm.execute("alter role reader reset bytea_output")
    assert table["c"].to_pylist() == [b"\0\\"]
