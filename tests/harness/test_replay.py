"""A run that is told again is told as what it is, counts for nothing but practice, and is judged
by the same code.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.clock import Clock
from harness.errors import ConfigurationError
from harness.evidence.evidence import Scope, read
from harness.evidence.page import practice
from harness.evidence.recompute import How, recompute
from harness.evidence.run_entries import RunEntries, runs_of
from harness.facts import Delivery, EvidenceClass, Reading
from harness.ledger.chain import Entry, breaks
from harness.ledger.ledger import entries
from harness.onboarding import replay
from harness.pilot import loading
from harness.pilot.model import LoadedPilot
from harness.pilot.plan import plan
from harness.result import Result
from harness.run import code_version
from harness.run.config import RunConfig
from harness.run.launch import launch_by
from harness.run.prove import prove
from harness.run.workplace import Workplace, in_process
from tests.harness.engagement import write
from tests.harness.evidence.nights import PY, YAML

TONIGHT = datetime(2026, 11, 29, 2, tzinfo=UTC)
DAY = timedelta(days=1)
NIGHTS = 3


def once(
    loaded: LoadedPilot,
    out: Path,
    at: datetime,
    workplace: Workplace,
    *,
    replays: str | None = None,
) -> Result:
    config = RunConfig(
        loaded=loaded,
        environment="dev",
        slot=at.date(),
        planned=plan(loaded.pilot),
        out=out,
        environ={},
        launch=launch_by("command line", replays=replays),
        clock=Clock(now=lambda: at),
    )
    return prove(config, workplace=workplace)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> LoadedPilot:
    root = tmp_path_factory.mktemp("replay")
    shop = root / "shop.sqlite"
    with closing(sqlite3.connect(shop)) as connection, connection:
        connection.execute("create table orders (key bigint, at text, voucher text, city text)")
        connection.execute("create table refunds (key bigint)")
        at = f"{TONIGHT - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"
        rows = [(n, at, "A", "B") for n in range(40)]
        connection.executemany("insert into orders values (?, ?, ?, ?)", rows)
        connection.executemany("insert into refunds values (?)", [(n,) for n in range(40)])
    return loading.load(write(root, py=PY, yaml=YAML.replace("SHOP", str(shop))))


@pytest.fixture(scope="module")
def made(loaded: LoadedPilot, tmp_path_factory: pytest.TempPathFactory) -> RunEntries:
    """A run that was really made."""
    out = tmp_path_factory.mktemp("made")
    once(loaded, out, TONIGHT, in_process)
    [run] = runs_of(entries(out / "ledger.sqlite"))
    return run


@pytest.fixture(scope="module")
def told(
    loaded: LoadedPilot, made: RunEntries, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Entry, ...]:
    """A ledger of some nights that were replayed, and the next, which was read."""
    out = tmp_path_factory.mktemp("told")
    for days in range(NIGHTS, 0, -1):
        before = replay.Before(of=made, days=days)
        again = replay.replaying(before)
        once(loaded, out, TONIGHT - days * DAY, again, replays=made.run)
    once(loaded, out, TONIGHT, in_process)
    return entries(out / "ledger.sqlite")


def verdicts(told: tuple[Entry, ...], claim: str) -> list[str]:
    found = [json.loads(e.body) for e in told if e.kind == "verdict"]
    mine = [one["verdict"] for one in found if one.get("dataset") == "orders"]
    return [f"{one['outcome']}: {one['because']}" for one in mine if one["claim"] == claim]


def test_every_night_counts_with_the_night_that_was_read(told: tuple[Entry, ...]) -> None:
    nights = NIGHTS + 1
    assert verdicts(told, "arrives")[-1].startswith(f"UNPROVEN: {nights} of {nights} nights good")
    assert f"{nights} of {nights} deliveries on time" in verdicts(told, "fresh")[-1]


def test_each_of_its_entries_says_that_it_was_replayed(
    told: tuple[Entry, ...], made: RunEntries
) -> None:
    replays = {e.run: json.loads(e.body)["launch"].get("replays") for e in told}
    assert list(replays.values()) == [made.run] * NIGHTS + [None]


def test_a_run_that_does_not_say_so_is_told_nothing(
    loaded: LoadedPilot, made: RunEntries, tmp_path: Path
) -> None:
    again = replay.replaying(replay.Before(of=made, days=1))
    with pytest.raises(ConfigurationError, match="must say so in its launch"):
        once(loaded, tmp_path, TONIGHT - DAY, again)


def test_the_page_says_how_many_runs_read_no_source(told: tuple[Entry, ...]) -> None:
    scope = Scope(pilot="nights", title="Nights", environment="dev", zone="UTC")
    assert practice(read(told, scope)) == (
        "Practice: these facts come from simulated sources. 3 of 4 runs were replayed: no source "
        "was read."
    )


def test_it_is_simulated_and_nothing_else(told: tuple[Entry, ...]) -> None:
    classes = {json.loads(e.body).get("evidence_class") for e in told if e.kind == "verdict"}
    assert classes == {"simulated"}


def test_its_ledger_is_whole_and_every_verdict_follows_from_its_facts(
    told: tuple[Entry, ...],
) -> None:
    assert list(breaks(told)) == []
    again = recompute(told, code=code_version.text())
    assert {one.how for one in again} == {How.EQUAL}
    at = [json.loads(e.body)["at"] for e in told]
    assert at == sorted(at)


def worth(run: RunEntries, *classes: EvidenceClass) -> RunEntries:
    """The same run, of sources of other classes: by its beginning, or by one of its facts."""
    known = {f"source {n}": one for n, one in enumerate(classes)}
    return replace(
        run, started=msgspec.structs.replace(run.started, evidence_class=known), facts=[]
    )


@pytest.mark.parametrize("real", [one for one in EvidenceClass if one != "simulated"])
def test_what_a_real_source_said_is_not_told_again(made: RunEntries, real: EvidenceClass) -> None:
    """The control is `told`: the same run, all of it simulated."""
    where = msgspec.structs.replace(made.facts[0].where, evidence_class=real)
    by_fact = replace(made, facts=[*made.facts, replace(made.facts[0], where=where)])
    for run in (worth(made, real), worth(made, EvidenceClass.SIMULATED, real), by_fact):
        with pytest.raises(ConfigurationError, match="replay practice servers alone"):
            replay.replaying(replay.Before(of=run, days=1))


def test_a_run_of_unknown_worth_is_not_told_again(made: RunEntries) -> None:
    with pytest.raises(ConfigurationError, match="class unknown"):
        replay.replaying(replay.Before(of=worth(made), days=1))


def drop(files: int) -> Reading:
    """A drop of nightly files, as it was read."""
    days = [TONIGHT.date() - n * DAY for n in range(files, 0, -1)]
    return Reading(
        source="logistics",
        dataset="shipments",
        slot=TONIGHT.date(),
        night=TONIGHT.date(),
        started_at=TONIGHT,
        deliveries=tuple(
            Delivery(
                name=f"shipments_{day:%Y%m%d}.csv",
                day=day,
                available_at=datetime(day.year, day.month, day.day, 22, tzinfo=UTC),
                newest_event_at=datetime(day.year, day.month, day.day, 21, tzinfo=UTC),
                rows=10,
                sha256=f"{number:064x}",
            )
            for number, day in enumerate(days)
        ),
        newest_event_at=TONIGHT - timedelta(hours=5),
        oldest_event_at=None,
        **NOTHING,
    )


NOTHING: dict[str, Any] = {
    **dict.fromkeys(("seconds", "rows", "bytes", "rescued", "attempts", "retries"), 0),
    **dict.fromkeys(("waited_seconds", "authentications", "renewals", "throttled"), 0),
    "renewals_between_pages": 0,
    **dict.fromkeys(("columns", "refusals"), ()),
    **dict.fromkeys(("sha256", "witness", "latency", "failure")),
}


@given(files=st.integers(1, 40), first=st.integers(0, 90), second=st.integers(0, 90))
def test_a_file_of_one_day_is_the_same_on_every_night(files: int, first: int, second: int) -> None:
    """And each night finds as many of them, all of days before it, one a day."""
    reading = drop(files)
    nights = [replay.shifted(reading, days * DAY) for days in (first, second)]
    for night in nights:
        days = [one.day for one in night.deliveries if one.day]
        assert days == [night.slot - n * DAY for n in range(files, 0, -1)]
        assert all(f"{one.day:%Y%m%d}" in one.name for one in night.deliveries)
        assert night.newest_event_at == night.deliveries[-1].newest_event_at
    known = {one.name: one for one in nights[0].deliveries}
    assert all(known.get(one.name, one) == one for one in nights[1].deliveries)
    assert replay.shifted(reading, 0 * DAY).deliveries == reading.deliveries
