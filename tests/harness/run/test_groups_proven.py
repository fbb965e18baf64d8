"""Whole nights on real sources: a region that dies is found, whatever the others bring."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandera.polars as pa
import polars as pl
import pytest

from connectors.files.connector import Files
from connectors.files.file_set import FileSet
from connectors.files.formats.csv import Csv
from connectors.files.stores.local import Local
from contracts.promises import Contract, Groups, Promises, Thresholds
from harness.verdict import Outcome, Verdict
from tests.truth.situation import Ground, Trial, contract

NIGHTS = 8
FIRST = datetime(2026, 11, 1, 6, tzinfo=UTC)
DAY = timedelta(days=1)
COLUMNS = {
    "id": pa.Column(pl.Int64),
    "region": pa.Column(pl.String, nullable=True),
    "at": pa.Column(pl.Datetime("us", "UTC")),
}
PROMISES = Promises(
    key=("id",),
    event_time="at",
    lag=DAY,
    cadence=DAY,
    groups=Groups(by="region"),
    thresholds=Thresholds(on_time=0.5, arrivals=0.5),
)


def held(name: str, *, by_region: bool) -> Contract:
    promises = PROMISES if by_region else replace(PROMISES, groups=None)
    return replace(contract(name, COLUMNS, promises), classified={"region": "public"})


@pytest.fixture(scope="module")
def ground() -> Iterator[Ground]:
    with Ground() as started:
        yield started


def table_nights(ground: Ground, name: str, *, by_region: bool) -> Verdict:
    """A table in which every night adds rows, but none of the north since the first."""
    ground.postgresql.execute(
        f"create table {name} (id int8 primary key, region text, at timestamptz not null)",
        f"insert into {name} values (0, 'north', '{FIRST - DAY / 2}')",
        f"grant select on {name} to reader",
    )
    trial = Trial(
        ground=ground,
        connector=ground.postgresql.sql(name),
        contracts=(held("it", by_region=by_region),),
    )
    for n in range(NIGHTS):
        now = FIRST + n * DAY
        ground.postgresql.execute(
            f"insert into {name} values ({n + 1}, 'south', '{now - DAY / 2}')"
        )
        verdict = trial.prove(claim="fresh", at=now)
    return verdict


def test_a_dead_region_of_a_table_is_broken(ground: Ground) -> None:
    verdict = table_nights(ground, "regions", by_region=True)
    assert (verdict.outcome, verdict.observed) == (Outcome.BROKEN, "180 h 00 m old")
    assert '"north" (newest event 2026-10-31 18:00 UTC, 180 h 00 m old)' in verdict.because


def test_without_groups_the_same_table_is_proven(ground: Ground) -> None:
    """The guard off."""
    assert table_nights(ground, "whole", by_region=False).outcome is Outcome.PROVEN


def file_nights(ground: Ground, folder: Path, *, by_region: bool) -> Verdict:
    """A file a night, of which that of the last but two lacks the north."""
    for n in range(NIGHTS):
        now = FIRST + n * DAY
        regions = ("south", "south") if n == NIGHTS - 3 else ("north", "south")
        rows = [f"{2 * n + i},{region},{now:%Y-%m-%dT%H:%MZ}" for i, region in enumerate(regions)]
        file = folder / f"orders_{now:%Y%m%d}.csv"
        file.write_text("\n".join(["id,region,at", *rows, ""]))
        os.utime(file, (now.timestamp(), now.timestamp()))
    files = Files(store=Local(folder), datasets={"it": FileSet("*.csv", Csv())})
    trial = Trial(ground=ground, connector=files, contracts=(held("it", by_region=by_region),))
    return trial.prove(claim="arrives", at=FIRST + NIGHTS * DAY)


def test_a_file_without_a_region_is_a_bad_night(ground: Ground, tmp_path: Path) -> None:
    verdict = file_nights(ground, tmp_path, by_region=True)
    assert verdict.outcome is Outcome.BROKEN
    assert verdict.because.startswith(
        '1 bad night of 8 by region: Friday 2026-11-06 brought no row of "north".'
    )


def test_without_groups_the_same_files_are_proven(ground: Ground, tmp_path: Path) -> None:
    """The guard off."""
    assert file_nights(ground, tmp_path, by_region=False).outcome is Outcome.PROVEN
