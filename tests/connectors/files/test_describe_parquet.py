"""What a bucket says of its datasets, from a real S3 server; and a log-in that reads nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from connectors.capabilities import Described, Describes, LogsIn
from connectors.connector import RESCUED
from connectors.errors import AccessDenied, SourceChanged, SourceUnavailable
from connectors.events import Answered, Authenticated, Delivered, Event
from connectors.files.formats.parquet_types import lands_as
from connectors.secrets import Secret
from estate.process import free_port
from tests.conformance import read
from tests.connectors.bucket_fixture import CANARY, LINES, Bucket, bucket, lines

INSTANT = pa.timestamp("us", "UTC")
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
KINDS: dict[str, tuple[pa.Array[Any], pa.DataType, str]] = {
    "yes": (pa.array([True, False]), pa.bool_(), "BOOLEAN"),
    "tiny": (pa.array([-1, 2], pa.int8()), pa.int16(), "INT32 Int(bitWidth=8, isSigned=true)"),
    "port": (pa.array([1, 65535], pa.uint16()), pa.int32(), "INT32 Int(bitWidth=16, isSig"),
    "line": (pa.array([1, 2], pa.int32()), pa.int32(), "INT32"),
    "big": (pa.array([2**53 + 1, 2], pa.int64()), pa.int64(), "INT64"),
    "huge": (pa.array([2**64 - 1, 2], pa.uint64()), pa.decimal128(20, 0), "INT64 Int(bitW"),
    "half": (pa.array([1.5, 2.5], pa.float16()), pa.float32(), "FIXED_LEN_BYTE_ARRAY Float16"),
    "real": (pa.array([1.5, 2.5], pa.float32()), pa.float32(), "FLOAT"),
    "exact": (pa.array([0.1, 0.2]), pa.float64(), "DOUBLE"),
    "price": (
        pa.array([Decimal("1.50"), Decimal("-2.25")], pa.decimal128(12, 2)),
        pa.decimal128(12, 2),
        "FIXED_LEN_BYTE_ARRAY Decimal(precision=12, scale=2)",
    ),
    "day": (pa.array([date(2026, 11, 20)] * 2), pa.date32(), "INT32 Date"),
    "at": (
        pa.array([NOON] * 2, pa.timestamp("us", "UTC")),
        INSTANT,
        "INT64 Timestamp(isAdjustedToUTC=true, timeUnit=microseconds)",
    ),
    "there": (
        pa.array([NOON] * 2, pa.timestamp("ms", "Europe/Berlin")),
        INSTANT,
        "INT64 Timestamp(isAdjustedToUTC=true, timeUnit=milliseconds)",
    ),
    "local": (
        pa.array([NOON.replace(tzinfo=None)] * 2, pa.timestamp("ns")),
        pa.timestamp("us"),
        "INT64 Timestamp(isAdjustedToUTC=false, timeUnit=nanoseconds)",
    ),
    "name": (pa.array(["007", "NA"]), pa.string(), "BYTE_ARRAY String"),
    "long": (pa.array(["a", "b"], pa.large_string()), pa.string(), "BYTE_ARRAY String"),
    "word": (pa.array(["a", "b"]).dictionary_encode(), pa.string(), "BYTE_ARRAY String"),
    "raw": (pa.array([b"a", b"\xff"]), pa.binary(), "BYTE_ARRAY"),
    "never": (pa.nulls(2), pa.string(), "INT32 Null"),
}
ODD: dict[str, pa.Array[Any]] = {
    "many": pa.array([[1], [2, 3]]),
    "parts": pa.array([{"a": 1}, {"a": 2}]),
    "hour": pa.array([1, 2], pa.time64("us")),
    "fixed": pa.array([b"ab", b"cd"], pa.binary(2)),
}


@pytest.fixture(scope="module")
def server() -> Iterator[Bucket]:
    with bucket() as running:
        yield running


@pytest.fixture
def billing(server: Bucket) -> Bucket:
    server.clear()
    return server


def described(connector: Describes, events: list[Event] | None = None) -> Described:
    return connector.describe("it", emit=[].append if events is None else events.append)


def types(found: Described) -> dict[str, pa.DataType]:
    return {column.name: column.lands_as for column in found.columns}


def test_every_plain_type_is_told_in_parquets_words_and_lands_unchanged(billing: Bucket) -> None:
    """The proof is the reading: in the types that were described no value is rescued."""
    billing.put(1, pa.table({name: came for name, (came, _, _) in KINDS.items()}))
    found = described(billing.store())
    assert types(found) == {name: plain for name, (_, plain, _) in KINDS.items()}
    for column in found.columns:
        assert column.type.startswith(KINDS[column.name][2])
    landed = read(billing.store(), "it", pa.schema(list(types(found).items()))).table
    assert landed.column(RESCUED).null_count == landed.num_rows == 2
    for name, (came, _, _) in KINDS.items():
        assert landed.column(name).null_count == came.null_count


def test_a_column_that_fits_no_plain_type_says_so_and_is_rescued_when_read(
    billing: Bucket,
) -> None:
    billing.put(1, pa.table(ODD))
    found = described(billing.store())
    assert set(types(found).values()) == {pa.string()}
    for column in found.columns:
        assert column.type.endswith("for which no plain type stands: it would be rescued")
    landed = read(billing.store(), "it", pa.schema(list(types(found).items()))).table
    assert landed.column(RESCUED).null_count == 0


def test_the_first_object_with_rows_tells_its_columns_and_no_further_one_is_fetched(
    billing: Bucket,
) -> None:
    billing.put_rows(1, 0)
    name = billing.put_rows(2, 5)
    billing.put(3, b"no Parquet")
    events: list[Event] = []
    found = described(billing.store(), events)
    assert types(found) == dict(zip(LINES.names, LINES.types, strict=True))
    assert (found.what, found.sampled_rows, found.estimated_rows) == (f"file {name}", 5, None)
    assert found.key == ("order_ref",)
    fetched = [event.name for event in events if isinstance(event, Delivered)]
    assert fetched == [billing.path(name).parent.name[:-1] + "1/part-0.parquet", name]


def test_what_is_missing_in_the_sample_may_be_missing(billing: Bucket) -> None:
    table = lines(3).set_column(1, "line_number", pa.array([1, None, 2], pa.int32()))
    billing.put(1, table)
    found = described(billing.store())
    assert [column.name for column in found.columns if column.nullable] == ["line_number"]


def test_the_key_is_guessed_from_leading_columns_that_can_be_compared(billing: Bucket) -> None:
    """Arrow knows years that Python does not; what is nested names no row."""
    far = pa.array([2**60, 2**60 + 1], pa.timestamp("us"))
    billing.put(1, pa.table({"at": far, "many": ODD["many"]}))
    assert described(billing.store()).key == ("at",)
    billing.put(1, pa.table({"many": ODD["many"], "n": pa.array([1, 2])}))
    assert described(billing.store()).key == ()


def test_objects_without_rows_tell_their_columns_and_nothing_else(billing: Bucket) -> None:
    billing.put_rows(1, 0)
    found = described(billing.store())
    assert types(found) == dict(zip(LINES.names, LINES.types, strict=True))
    assert (found.key, found.sampled_rows) == ((), 0)


def test_no_object_is_nothing_to_describe(billing: Bucket) -> None:
    with pytest.raises(SourceChanged, match="nothing of that name is there"):
        described(billing.store())
    billing.put_rows(1, 1)
    with pytest.raises(SourceChanged, match=r"no file matches \*\.parquet"):
        described(billing.store("lines/*.parquet"))


def test_a_damaged_object_is_named_without_its_data(billing: Bucket) -> None:
    billing.put(1, CANARY.encode() * 9)
    with pytest.raises(SourceChanged, match="no Parquet file") as caught:
        described(billing.store())
    assert CANARY not in str(caught.value)


def test_a_log_in_lists_one_folder_and_reads_nothing(billing: Bucket) -> None:
    billing.put_rows(1, 1)
    connector: LogsIn = billing.store()
    events: list[Event] = []
    connector.log_in(emit=events.append)
    assert [event.what for event in events if isinstance(event, Answered)] == [
        "list billing/lines"
    ]
    assert [event.how for event in events if isinstance(event, Authenticated)] == ["access key"]


def test_a_log_in_that_is_refused_or_not_answered_says_so(billing: Bucket) -> None:
    billing.put_rows(1, 1)
    with pytest.raises(AccessDenied, match="check the key"):
        billing.store(secret_key=Secret("env:X", "no")).log_in(emit=print)
    with pytest.raises(SourceUnavailable):
        billing.store(endpoint=f"http://127.0.0.1:{free_port()}").log_in(emit=print)


def test_a_decimal_wider_than_ours_lands_where_it_fits() -> None:
    assert lands_as(pa.decimal256(50, 4)) == pa.decimal128(38, 4)
    assert lands_as(pa.decimal256(50, 40)) is None
    assert lands_as(pa.decimal128(5, -2)) is None
