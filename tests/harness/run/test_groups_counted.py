"""Groups counted while rows land are what a plain count of the rows finds, and bounded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pandera.polars as pandera
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.connector import DELIVERY, RESCUED
from contracts.arrow_schema import arrow_schema
from contracts.masking import LONGEST, show
from contracts.promises import Contract, Groups, Promises
from harness.facts import MOST_GROUPS
from harness.run import groups as counting
from harness.run.groups import GroupTally
from harness.run.landing import Landing, write_parquet

START = datetime(2026, 11, 1, tzinfo=UTC)
NAMES = st.none() | st.sampled_from(["north", "south", "süd\u202e", "", "missing", '"'])
TIMES = st.none() | st.integers(0, 10_000).map(lambda minutes: START + timedelta(minutes=minutes))
ROWS = st.lists(st.tuples(NAMES, TIMES, st.sampled_from(["a.csv", "b.csv"])), max_size=20)


def grouped(kind: Any = pl.String, **promises: Any) -> Contract:
    columns = {
        "region": pandera.Column(kind, nullable=True, description="where"),
        "at": pandera.Column(pl.Datetime("us", "UTC"), description="when"),
    }
    return Contract(
        name="orders",
        promises=Promises(
            key=("region",),
            event_time="at",
            **{"groups": Groups(by="region"), **promises},
        ),
        schema=pandera.DataFrameSchema(columns, strict=True),
        classified={"region": "public"},
    )


def land(
    folder: Path,
    batches: Sequence[Sequence[tuple[Any, ...]]],
    *,
    of: Contract | None = None,
    files: bool = True,
) -> Landing:
    """Land rows of region, time and file."""
    of = of or grouped()
    fields = list(arrow_schema(of.schema)) + [pa.field(DELIVERY, pa.string())] * files
    schema = pa.schema(fields)
    reader = pa.RecordBatchReader.from_batches(
        pa.schema([*schema, pa.field(RESCUED, pa.string())]),
        [
            pa.record_batch(
                [
                    *(pa.array([row[n] for row in rows], f.type) for n, f in enumerate(schema)),
                    pa.nulls(len(rows), pa.string()),
                ],
                names=[*schema.names, RESCUED],
            )
            for rows in batches
        ],
    )
    return write_parquet(
        reader,
        folder / "landed" / "x.parquet",
        event_time="at",
        landed=lambda *_: None,
        groups=partial(GroupTally, of, "region"),
    )


@given(batches=st.lists(ROWS, max_size=4), files=st.booleans())
def test_they_are_those_of_a_plain_count(
    tmp_path_factory: pytest.TempPathFactory, batches: list[Any], *, files: bool
) -> None:
    landing = land(tmp_path_factory.mktemp("land"), batches, files=files)
    rows = [(show(name, "public"), at, file) for some in batches for name, at, file in some]
    assert landing.groups is not None
    found = {one.name: one for one in landing.groups.found}
    assert list(found) == sorted({name for name, _, _ in rows})
    assert {name: one.rows for name, one in found.items()} == Counter(name for name, *_ in rows)
    for name, one in found.items():
        times = [at for of, at, _ in rows if of == name and at is not None]
        assert one.newest_event_at == max(times, default=None)
    if files:
        by_file = Counter((file, name) for name, _, file in rows)
        told = {
            (file, name): n
            for file, counts in landing.group_rows.items()
            for name, n in zip(found, counts, strict=True)
            if n
        }
        assert told == by_file
    else:
        assert not landing.group_rows


@pytest.mark.parametrize(
    ("kind", "value", "name"),
    [
        (pl.String, "a\x1b[31m", '"a\\x1b[31m"'),
        (pl.Int16, -7, "-7"),
        (pl.UInt64, 2**64 - 1, "18446744073709551615"),
        (pl.Boolean, True, "true"),
        (pl.Date, date(2026, 11, 1), "2026-11-01"),
        (pl.Int64, None, "missing"),
    ],
)
def test_each_type_has_names(tmp_path: Path, kind: Any, value: Any, name: str) -> None:
    landing = land(tmp_path, [[(value, START, "a.csv")]], of=grouped(kind))
    assert [one.name for one in landing.groups.found] == [name]


def numbered(n: int) -> list[tuple[str, datetime, str]]:
    return [(f"group {i}", START, "a.csv") for i in range(n)]


@pytest.mark.parametrize("cut", [lambda rows: [rows], lambda rows: [[row] for row in rows]])
def test_more_groups_than_the_bound_are_told_and_none_is_kept(
    tmp_path: Path, cut: Callable[[Any], Any]
) -> None:
    most = land(tmp_path / "most", cut(numbered(MOST_GROUPS)))
    assert len(most.groups.found) == MOST_GROUPS
    assert most.groups.why_not is None
    more = land(tmp_path / "more", cut(numbered(MOST_GROUPS + 1)))
    assert (more.groups.found, more.group_rows) == ((), {})
    assert more.groups.why_not == ("region has more than 256 groups: group by a column with fewer")


def test_groups_beyond_the_bound_that_come_in_later_row_groups_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harness.run.landing.GROUP_ROWS", 200)
    landing = land(tmp_path, [numbered(200), numbered(400)[200:], numbered(1)])
    assert landing.groups.why_not is not None
    assert landing.whole.rows == 401


def test_more_counts_of_files_than_the_bound_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "MOST_COUNTS", 4)
    rows = [(name, START, file) for name in ("a", "b") for file in ("1", "2", "3")]
    assert land(tmp_path / "4", [rows[:2] + rows[3:5]]).groups.why_not is None
    assert land(tmp_path / "6", [rows]).groups.why_not == (
        "2 groups of region in 3 files are more than 4 counts: read fewer files, or group by "
        "another column"
    )


def test_names_that_could_not_be_told_apart_are_not_counted(tmp_path: Path) -> None:
    longest = land(tmp_path / "l", [[("a" * LONGEST, START, "f")]])
    assert longest.groups.why_not is None
    longer = land(tmp_path / "m", [[("a" * LONGEST + end, START, "f") for end in "xy"]])
    assert longer.groups.why_not == (
        "a value of region has more than 60 characters: group by a column of short names"
    )


def test_a_column_that_did_not_come_is_told(tmp_path: Path) -> None:
    schema = pa.schema([("at", pa.timestamp("us", tz="UTC")), (RESCUED, pa.string())])
    landing = write_parquet(
        pa.RecordBatchReader.from_batches(schema, []),
        tmp_path / "x" / "x.parquet",
        event_time="at",
        landed=lambda *_: None,
        groups=partial(GroupTally, grouped(), "region"),
    )
    assert landing.groups.why_not == "region did not come"
