"""Whole runs by a calendar: files on disk and a database, a ledger between the nights."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from harness.clock import Clock
from harness.pilot import loading
from harness.pilot.plan import plan
from harness.run.config import RunConfig
from harness.run.prove import prove
from harness.run.workplace import in_process
from harness.verdict import Outcome, Verdict
from tests.harness.engagement import write

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
PY = """
from datetime import date, timedelta
from pathlib import Path

import pandera.polars as pa
import polars as pl
from seatrial import Address, Contract, Pilot, Promises, Source
from seatrial.files import Csv, Files, FileSet, Local
from seatrial.sql import Sql

def connect(at: Address):
    folder = Path(at.text("folder"))
    if (folder / "it.sqlite").exists():
        url = f"sqlite:///{folder}/it.sqlite"
        return Sql(url=url, password=None, tables={"it": "it"})
    return Files(store=Local(folder), datasets={"it": FileSet("*.csv", Csv())})

IT = Contract(
    name="it",
    promises=Promises(
        key=("id",), event_time="at", lag=timedelta(hours=2), PROMISED
    ),
    schema=pa.DataFrameSchema(
        {
            "id": pa.Column(pl.Int64, description="The number"),
            "at": pa.Column(pl.Datetime("us", "UTC"), description="When it happened"),
        },
        strict=True,
    ),
)
PILOT = Pilot(name="calendars", sources=(Source(name="it", connect=connect, contracts=(IT,)),))
"""
YAML = """\
title: Predict something
environments:
  dev:
    evidence_class: sandbox
    sources:
      it: {folder: FOLDER}
"""
FRIDAY = date(2026, 11, 20)
WORKDAYS = 'cadence="0 2 * * 1-5"'
STAMPED = f'{WORKDAYS}, named="x_%Y%m%d%H%M%S.csv"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A folder of files, or of one database, proven by a pilot of its own."""

    root: Path
    promised: str

    @property
    def folder(self) -> Path:
        found = self.root / "in"
        found.mkdir(exist_ok=True)
        return found

    def deliver(self, name: str, day: date, *, rows: int = 3) -> Path:
        """A file of events until 01:30, there at 02:10."""
        lines = [f"{day:%Y%m%d}{n},{day}T01:30:0{n}Z" for n in range(rows)]
        (self.folder / name).write_text("\n".join(["id,at", *lines]) + "\n")
        self.touch(self.folder / name, at(day, 2, 10))
        return self.folder / name

    def touch(self, file: Path, moment: datetime) -> None:
        os.utime(file, (moment.timestamp(), moment.timestamp()))

    def insert(self, moment: datetime) -> None:
        """One row more, of an event an hour before."""
        with sqlite3.connect(self.folder / "it.sqlite") as table:
            table.execute("create table if not exists it (id integer primary key, at text)")
            event = moment - HOUR
            table.execute("insert into it (at) values (?)", (f"{event:%Y-%m-%dT%H:%M:%S}Z",))
        table.close()

    def look(self, *moments: datetime, insert: bool = False) -> Mapping[str, Verdict]:
        """The verdicts of the last of these runs."""
        py = PY.replace("PROMISED", self.promised)
        pilot = write(self.root, py=py, yaml=YAML.replace("FOLDER", str(self.folder)))
        loaded, claims = loading.load(pilot), ["fresh", "arrives"]
        assert not loaded.problems
        for moment in moments:
            if insert:
                self.insert(moment)
            config = RunConfig(
                loaded=loaded,
                environment="dev",
                slot=moment.date(),
                planned=plan(loaded.pilot, claims=claims),
                out=self.root / "out",
                environ={},
                clock=Clock(now=lambda moment=moment: moment),
            )
            result = prove(config, workplace=in_process)
        return {judged.planned.claim: judged.verdict for judged in result.judged}


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=UTC)


def workdays(last: date, n: int) -> list[date]:
    days = [last - k * DAY for k in range(2 * n)]
    return [day for day in days if day.isoweekday() <= 5][:n]


def empty_monday(root: Path, promised: str) -> Verdict:
    """Ten workdays, of which a Monday brought a header and no row."""
    source = Source(root=root, promised=promised)
    for day in workdays(FRIDAY, 10):
        rows = 0 if day == FRIDAY - 4 * DAY else 3
        source.deliver(f"x_{day:%Y%m%d}020000.csv", day, rows=rows)
    return source.look(at(FRIDAY + 2 * DAY, 9))["arrives"]


@pytest.mark.parametrize("promised", [STAMPED, WORKDAYS], ids=["pattern", "no pattern"])
def test_the_empty_monday_of_files_named_by_their_second_is_broken(
    tmp_path: Path, promised: str
) -> None:
    found = empty_monday(tmp_path, promised)
    assert (found.outcome, found.because) == (
        Outcome.BROKEN,
        "1 bad night of 10: Monday 2026-11-16 came empty.",
    )


def test_it_was_missed_while_such_a_name_told_no_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harness.claims.came.day_in_name", lambda _: None)
    monkeypatch.setattr("harness.run.deliveries.day_in_name", lambda _: None)
    assert "came empty" not in empty_monday(tmp_path, WORKDAYS).because


def reset(root: Path) -> Verdict:
    """Sixty good nights are looked at, copied with new times, and looked at again."""
    source = Source(root=root, promised=STAMPED)
    days = workdays(FRIDAY, 60)
    files = [source.deliver(f"x_{day:%Y%m%d}020000.csv", day) for day in days]
    source.look(at(FRIDAY, 9))
    for file in files:
        source.touch(file, at(FRIDAY + DAY, 8))
    return source.look(at(FRIDAY + DAY, 9))["fresh"]


def test_a_file_whose_time_was_reset_keeps_the_arrival_that_the_ledger_knows(
    tmp_path: Path,
) -> None:
    verdict = reset(tmp_path)
    assert verdict.outcome is Outcome.PROVEN, verdict.because


def test_without_its_first_arrival_each_would_have_come_late(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harness.claims.fresh.as_first_seen", list)
    assert reset(tmp_path).outcome is Outcome.BROKEN


SIX_HOURS = 'cadence="0 */6 * * *"'
LOOKS = [at(FRIDAY, 0, 10) + n * 6 * HOUR for n in range(-16, 0)]
LATER = [moment + 2 * HOUR for moment in LOOKS]


def test_four_readings_a_day_of_a_table_are_four_deliveries(tmp_path: Path) -> None:
    """It could never be: one reading a night was kept, and four deliveries were expected."""
    source = Source(root=tmp_path, promised=SIX_HOURS)
    found = source.look(*LATER, insert=True)["arrives"]
    assert (found.outcome, found.observed) == (Outcome.UNPROVEN, "4 of 4 nights good")
    assert source.look(LATER[-1] + 6 * HOUR)["arrives"].outcome is Outcome.BROKEN


def test_with_one_reading_kept_of_a_night_no_day_is_ever_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harness.run.history.comes_several_times_a_day", lambda _: False)
    found = Source(root=tmp_path, promised=SIX_HOURS).look(*LATER, insert=True)["arrives"]
    assert found.observed.startswith("0 of")


@pytest.mark.parametrize(
    ("promised", "told"),
    [
        ('cadence="0 6 * *"', "has 4 fields where cron has five: write it as 0 6 * * 1-5"),
        ('cadence="0 0 30 2 *"', "never comes due, for no such day exists: correct the days"),
        ('cadence="@daily", named="x.csv"', "tells no day: write it as x_%Y%m%d%H%M%S.csv"),
    ],
)
def test_a_calendar_that_cannot_be_judged_is_one_line_with_the_remedy(
    tmp_path: Path, promised: str, told: str
) -> None:
    py = PY.replace("PROMISED", promised)
    loaded = loading.load(write(tmp_path, py=py, yaml=YAML.replace("FOLDER", str(tmp_path))))
    (line,) = loaded.problems.values()
    assert told in line
    assert "\n" not in line
