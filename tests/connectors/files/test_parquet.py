"""What is in the Parquet files of a store: values, columns, damage; from a real S3 server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from connectors.connector import DELIVERY, RESCUED
from connectors.events import Declared
from connectors.files.formats.parquet import BATCH_BYTES, BATCH_ROWS
from connectors.files.stores.s3_session import BLOCK_BYTES
from tests.conformance import read
from tests.connectors.bucket_fixture import (
    CANARY,
    LINES,
    Bucket,
    bucket,
    lines,
    refused,
)


@pytest.fixture(scope="module")
def server() -> Iterator[Bucket]:
    with bucket() as running:
        yield running


@pytest.fixture
def billing(server: Bucket) -> Bucket:
    """The store with an empty bucket."""
    server.clear()
    return server


def zoo() -> list[tuple[pa.Array[Any], pa.DataType, list[object], list[str | None]]]:
    """What came, what was promised, what is landed and what is rescued."""
    ns = 1_795_000_000_123_456_789
    return [
        (pa.array([2**53 + 1, None]), pa.int64(), [2**53 + 1, None], [None, None]),
        (pa.array([1, 2**40]), pa.int32(), [1, None], [None, '{"it": 1099511627776}']),
        (pa.array([2**64 - 1, 5], pa.uint64()), pa.uint64(), [2**64 - 1, 5], [None, None]),
        (
            pa.array([2**63, 5], pa.uint64()),
            pa.int64(),
            [None, 5],
            ['{"it": 9223372036854775808}', None],
        ),
        (
            pa.array([2**64 - 1], pa.uint64()),
            pa.decimal128(20, 0),
            [Decimal(2**64 - 1)],
            [None],
        ),
        (pa.array([1.5]), pa.decimal128(12, 2), [None], ['{"it": 1.5}']),
        (pa.array(["007", "NA", ""]), pa.string(), ["007", "NA", ""], [None] * 3),
        (pa.array(["x", None]).dictionary_encode(), pa.string(), ["x", None], [None, None]),
        (pa.array([7]), pa.string(), [None], ['{"it": 7}']),
        (pa.array([b"raw"]), pa.string(), [None], ['{"it": "b\'raw\'"}']),
        (
            pa.array([ns // 1000 * 1000, ns], pa.timestamp("ns", "UTC")),
            pa.timestamp("us", "UTC"),
            [datetime(2026, 11, 18, 11, 6, 40, 123456, UTC), None],
            [None, '{"it": "2026-11-18 11:06:40.123456789Z"}'],
        ),
        (
            pa.array([0], pa.timestamp("us")),
            pa.timestamp("us", "UTC"),
            [None],
            ['{"it": "1970-01-01 00:00:00.000000"}'],
        ),
        (pa.array([[1, 2]]), pa.int64(), [None], ['{"it": [1, 2]}']),
        (
            pa.array([[{"at": ns}], None], pa.list_(pa.struct([("at", pa.timestamp("ns"))]))),
            pa.int64(),
            [None, None],
            ['{"it": [{"at": "2026-11-18 11:06:40.123456789"}]}', None],
        ),
        (
            pa.array([[("k", 1)]], pa.map_(pa.string(), pa.int64())),
            pa.int64(),
            [None],
            ['{"it": [{"key": "k", "value": 1}]}'],
        ),
        (pa.array([float("nan")]), pa.float64(), [None], ['{"it": "nan"}']),
    ]


@pytest.mark.parametrize(("came", "promised", "landed", "rescued"), zoo())
def test_a_value_keeps_itself_or_is_rescued(
    billing: Bucket,
    came: pa.Array[Any],
    promised: pa.DataType,
    landed: list[object],
    rescued: list[str | None],
) -> None:
    billing.put(1, pa.table({"it": came}))
    table = read(billing.store(), "it", pa.schema([("it", promised)])).table
    assert table.schema.field("it").type == promised
    assert table.column("it").to_pylist() == landed
    assert table.column(RESCUED).to_pylist() == rescued


@pytest.mark.parametrize(("came", "_promised", "_landed", "_rescued"), zoo())
def test_a_column_nobody_promised_comes_as_text(
    billing: Bucket, came: pa.Array[Any], _promised: object, _landed: object, _rescued: object
) -> None:
    billing.put(1, pa.table({"line_number": pa.nulls(len(came), pa.int32()), "more": came}))
    table = read(billing.store(), "it", LINES).table
    assert table.column_names == ["line_number", "more", DELIVERY, RESCUED]
    assert table.schema.field("more").type == pa.string()
    assert table.column("more").null_count == came.null_count


def test_a_reading_is_told_the_real_types_of_the_files(billing: Bucket) -> None:
    fields = [
        ("day", pa.date32()),
        ("at", pa.timestamp("us", "UTC")),
        ("local", pa.timestamp("ms")),
        ("price", pa.decimal128(12, 2)),
        ("small", pa.int16()),
        ("ratio", pa.float64()),
        ("mode", pa.dictionary(pa.int8(), pa.string())),
        ("parts", pa.list_(pa.int32())),
    ]
    schema = pa.schema([pa.field("key", pa.int64(), nullable=False), *fields])
    billing.put(1, schema.empty_table())
    (declared,) = read(billing.store(), "it", pa.schema([("key", pa.int64())])).of(Declared)
    assert declared.by == "footer"
    assert {c.name: c.type for c in declared.columns} == {
        "key": "int64",
        "day": "date",
        "at": "timestamp(UTC, microseconds)",
        "local": "timestamp(local, milliseconds)",
        "price": "decimal(12, 2)",
        "small": "int(16, signed)",
        "ratio": "double",
        "mode": "string",
        "parts.list.element": "int32",
    }
    assert [c.name for c in declared.columns if not c.nullable] == ["key"]


def test_years_beyond_nanoseconds_do_not_wrap_around(billing: Bucket) -> None:
    """The old way of writing times (INT96) is read as nanoseconds unless one asks otherwise."""
    name = billing.put_rows(1, 0)
    when = datetime(9999, 12, 31, tzinfo=UTC)
    table = pa.table({"at": pa.array([when.replace(tzinfo=None)], pa.timestamp("us"))})
    pq.write_table(table, billing.path(name), use_deprecated_int96_timestamps=True)
    schema = pa.schema([("at", pa.timestamp("us"))])
    assert read(billing.store(), "it", schema).table.column("at").to_pylist() == [
        when.replace(tzinfo=None)
    ]


def test_hints_beside_the_columns_make_no_other_columns(billing: Bucket) -> None:
    billing.put_rows(1, 2)
    encoded = lines(2).column("order_ref").combine_chunks().dictionary_encode()
    billing.put(2, lines(2).set_column(0, "order_ref", encoded))
    table = read(billing.store(), "it", LINES).table
    assert table.column("order_ref").to_pylist() == ["L0", "L1"] * 2


@pytest.mark.parametrize("names", [["a", "a"], ["a", ""]])
def test_columns_that_are_not_named_once_each_are_refused(
    billing: Bucket, names: list[str]
) -> None:
    name = billing.put(1, pa.table([[1], [2]], names))
    refused(billing, f"{name}: its footer must name each column, and once")


def test_a_column_that_takes_our_names_is_refused(billing: Bucket) -> None:
    billing.put(1, pa.table({DELIVERY: [1]}))
    refused(billing, f"column {DELIVERY}, a name we use")


def cut(whole: bytes) -> bytes:
    return whole[:-9]


def flipped(whole: bytes) -> bytes:
    """One bit of the first data page's values is another one."""
    at = whole.index(CANARY.encode()) + 3
    return whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda _: b"", "it is empty, without even a Parquet footer"),
        (lambda _: b"PAR1", "it is cut, or no Parquet file"),
        (lambda _: b"order_ref\nL1\n", "it is cut, or no Parquet file"),
        (cut, "it is cut, or no Parquet file"),
        (lambda whole: whole[: len(whole) // 2], "it is cut, or no Parquet file"),
        (flipped, "a page fails its checksum"),
    ],
)
def test_a_damaged_object_is_named_without_its_data(
    billing: Bucket, damage: Callable[[bytes], bytes], message: str
) -> None:
    billing.put_rows(1, 1)
    name = billing.put_rows(2, 1)
    row = lines(1).set_column(0, "order_ref", pa.array([CANARY]))
    pq.write_table(
        row,
        billing.path(name),
        write_page_checksum=True,
        use_dictionary=False,
        compression="none",
        write_statistics=False,
    )
    billing.path(name).write_bytes(damage(billing.path(name).read_bytes()))
    refused(billing, f"{name}: {message}: have it written again")


def test_a_footer_that_declares_more_rows_than_there_are_is_refused(billing: Bucket) -> None:
    name = billing.put_rows(1, 50)
    content = billing.path(name).read_bytes()
    footer = len(content) - 8 - int.from_bytes(content[-8:-4], "little")
    at = content.index(bytes([0x16, 50 * 2]), footer) + 1  # Thrift's compact i64, zigzag
    billing.put(1, content[:at] + bytes([51 * 2]) + content[at + 1 :])
    refused(billing, f"{name}: it holds 50 of 51 rows")


def test_bytes_that_are_no_text_are_not_landed_as_text(billing: Bucket) -> None:
    text = pa.array([f"{CANARY}\xff".encode("latin-1")], pa.binary()).view(pa.string())
    name = billing.put(1, pa.table({"order_ref": text}))
    refused(billing, f"{name}: a text in it is not UTF-8")


def test_memory_is_bounded_by_the_batch(billing: Bucket) -> None:
    """The writer made one row group of them all."""
    billing.put_rows(1, 150_000)
    run = read(billing.store(), "it", LINES)
    assert run.table.num_rows == 150_000
    assert max(batch.num_rows for batch in run.batches) <= BATCH_ROWS


def test_of_wide_rows_fewer_make_a_batch(billing: Bucket) -> None:
    """The object is larger than what is fetched at a time, too."""
    name = billing.put_rows(1, 0)
    wide = pa.table({"order_ref": [f"{n}{'x' * 1_000_000}" for n in range(40)]})
    pq.write_table(wide, billing.path(name), compression="none", use_dictionary=False)
    assert billing.path(name).stat().st_size > BLOCK_BYTES
    run = read(billing.store(), "it", wide.schema)
    assert run.table.select(["order_ref"]).equals(wide)
    assert max(batch.nbytes for batch in run.batches) < BATCH_BYTES + 2_000_000
