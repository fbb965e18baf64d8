"""Landing keeps every row, sums what the facts need, and leaves nothing behind when it fails."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.connector import DELIVERY, RESCUED
from connectors.errors import SourceUnavailable
from connectors.events import Delivered
from contracts.promises import Promises
from harness.run.deliveries import deliveries
from harness.run.landing import GROUP_BYTES, GROUP_ROWS, write_parquet

START = datetime(2026, 11, 1, tzinfo=UTC)
SCHEMA = pa.schema(
    [
        ("at", pa.timestamp("us", tz="UTC")),
        (DELIVERY, pa.string()),
        (RESCUED, pa.string()),
    ]
)
ROWS = st.lists(
    st.tuples(
        st.none() | st.integers(0, 10_000).map(lambda minutes: START + timedelta(minutes=minutes)),
        st.sampled_from(["a.csv", "b.csv"]),
        st.none() | st.just('{"n": "x"}'),
    )
)


def batch(rows: list[tuple[datetime | None, str, str | None]]) -> pa.RecordBatch:
    columns = zip(*rows, strict=True) if rows else ((), (), ())
    return pa.record_batch(
        [pa.array(c, f.type) for c, f in zip(columns, SCHEMA, strict=True)], schema=SCHEMA
    )


@given(st.lists(ROWS, max_size=5))
def test_the_sums_are_those_of_the_rows(tmp_path_factory: pytest.TempPathFactory, batches) -> None:  # type: ignore[no-untyped-def]  # hypothesis fills it
    path = tmp_path_factory.mktemp("land") / "x" / "y.parquet"
    seen: list[int] = []
    reader = pa.RecordBatchReader.from_batches(SCHEMA, map(batch, batches))
    landing = write_parquet(
        reader, path, event_time="at", landed=lambda rows, _: seen.append(rows)
    )
    rows = [row for rows in batches for row in rows]
    times = [at for at, _, _ in rows if at is not None]
    assert pq.read_table(path).to_pylist() == batch(rows).to_pylist()
    assert sum(seen) == landing.whole.rows == len(rows)
    assert landing.whole.newest == max(times, default=None)
    assert landing.whole.oldest == min(times, default=None)
    assert landing.rescued == sum(rescued is not None for _, _, rescued in rows)
    for name, extent in landing.by_delivery.items():
        assert extent.rows == sum(row[1] == name for row in rows)
        assert extent.newest == max(
            (at for at, file, _ in rows if file == name and at is not None), default=None
        )


def test_small_batches_become_few_row_groups(tmp_path: Path) -> None:
    many = (batch([(START, "a.csv", None)] * 1000) for _ in range(100))
    landing = write_parquet(
        pa.RecordBatchReader.from_batches(SCHEMA, many),
        tmp_path / "x.parquet",
        event_time="at",
        landed=lambda *_: None,
    )
    assert pq.ParquetFile(landing.path).num_row_groups == -(-100_000 // GROUP_ROWS)


def test_large_rows_become_row_groups_of_bounded_size(tmp_path: Path) -> None:
    large = batch([(START, "a.csv", "x" * (GROUP_BYTES // 3))])
    landing = write_parquet(
        pa.RecordBatchReader.from_batches(SCHEMA, [large] * 6),
        tmp_path / "x.parquet",
        event_time="at",
        landed=lambda *_: None,
    )
    assert pq.ParquetFile(landing.path).num_row_groups == 2


def test_landed_rows_are_for_their_owner_alone(tmp_path: Path) -> None:
    reader = pa.RecordBatchReader.from_batches(SCHEMA, [batch([(START, "a", None)])])
    landing = write_parquet(
        reader, tmp_path / "in" / "x.parquet", event_time=None, landed=lambda *_: None
    )
    assert stat.S_IMODE(landing.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(landing.path.parent.stat().st_mode) == 0o700


def test_what_the_reader_raises_keeps_its_type_and_leaves_no_file(tmp_path: Path) -> None:
    def cut() -> object:
        yield batch([(START, "a", None)])
        raise SourceUnavailable("gone", retry_after=3)

    with pytest.raises(SourceUnavailable) as error:
        write_parquet(
            pa.RecordBatchReader.from_batches(SCHEMA, cut()),
            tmp_path / "x.parquet",
            event_time="at",
            landed=lambda *_: None,
        )
    assert error.value.retry_after == 3
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("local", "instant"),
    [
        ("2026-07-01 12:00", "2026-07-01 10:00"),
        ("2026-12-01 12:00", "2026-12-01 11:00"),
        ("2026-10-25 02:30", "2026-10-25 00:30"),  # it came twice: the first, the older one
    ],
)
def test_a_local_event_time_counts_in_its_own_zone(
    tmp_path: Path, local: str, instant: str
) -> None:
    schema = pa.schema([("at", pa.timestamp("us")), (RESCUED, pa.string())])
    at = pa.array([datetime.fromisoformat(local)], pa.timestamp("us"))
    rows = pa.record_batch([at, pa.nulls(1, pa.string())], schema=schema)
    landing = write_parquet(
        pa.RecordBatchReader.from_batches(schema, [rows]),
        tmp_path / "y.parquet",
        event_time="at",
        event_zone="Europe/Berlin",
        landed=lambda *_: None,
    )
    assert landing.whole.newest == datetime.fromisoformat(f"{instant}+00:00")
    assert landing.whole.oldest == landing.whole.newest


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo", "UTC"])
@pytest.mark.parametrize("at", [datetime.min, datetime.max])  # noqa: DTZ901 - "always" and "never"
def test_a_time_at_an_end_of_the_calendar_has_a_place_in_every_zone(
    tmp_path: Path, at: datetime, zone: str
) -> None:
    schema = pa.schema([("at", pa.timestamp("us")), *list(SCHEMA)[1:]])
    columns = [pa.array([at]), pa.array(["a.csv"]), pa.nulls(1, pa.string())]
    rows = pa.record_batch(columns, schema=schema)
    landing = write_parquet(
        pa.RecordBatchReader.from_batches(schema, [rows]),
        tmp_path / "x" / "y.parquet",
        event_time="at",
        event_zone=zone,
        landed=lambda *_: None,
    )
    newest = landing.whole.newest
    assert newest is not None
    assert abs(newest.replace(tzinfo=None) - at) < timedelta(days=1)
    file = Delivered(name="a.csv", available_at=START, bytes=1, sha256="ab")
    (one,) = deliveries([file], landing, Promises(key=("at",), zone=zone), [0], {})
    assert one.day is not None
    assert one.day.year == at.year
