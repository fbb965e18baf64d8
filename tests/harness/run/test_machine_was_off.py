"""T06: the machine was off for three nights. The next run says so by name, its evidence has the
gap, and whoever waits for the heartbeat knew before.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from harness.claims.nights import date_in
from harness.clock import Clock
from harness.ledger.ledger import entries
from harness.pilot.alert_settings import Alerts
from harness.pilot.model import LoadedPilot
from harness.pilot.plan import plan
from harness.pilot.schedule_settings import Timetable
from harness.pilot.settings import Owner
from harness.result import Planned, Result
from harness.run.config import Job, RunConfig
from harness.run.drift import look_for_drift, plan_drift
from harness.run.prove import prove
from harness.run.workplace import in_process
from tests.connectors.scripted import Said, scripted
from tests.harness.acme_layout import Acme
from tests.harness.report.test_terminal import printed

DAY = timedelta(days=1)
TODAY = datetime.now(UTC).replace(hour=3, minute=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Nights:
    loaded: LoadedPilot
    environ: Mapping[str, str]
    out: Path
    heartbeat: Path

    def night(self, days_ago: int, **choice: list[str]) -> Result:
        """A run of that night; a new order came before it."""
        at = TODAY - days_ago * DAY
        with closing(sqlite3.connect(self.environ["ACME_SHOP"])) as shop, shop:
            shop.execute("update orders set ordered_at = ?", (f"{at:%Y-%m-%dT%H:%M:%SZ}",))
        planned = plan(self.loaded.pilot, **choice)
        return prove(self._config(at, planned, Job.PROVE), workplace=in_process)

    def look_for_drift(self, days_ago: int) -> Result:
        """Two hours before the run of that night."""
        at = TODAY - days_ago * DAY - timedelta(hours=2)
        planned = plan_drift(self.loaded.pilot)
        return look_for_drift(self._config(at, planned, Job.DRIFT), workplace=in_process)

    def _config(self, at: datetime, planned: tuple[Planned, ...], job: Job) -> RunConfig:
        return RunConfig(
            loaded=self.loaded,
            environment="dev",
            slot=date_in(self.loaded.zone, at),
            planned=planned,
            out=self.out,
            environ=self.environ,
            clock=Clock(now=lambda: at),
            job=job,
        )

    def missed(self) -> list[str]:
        """The nights that the ledger names, in its order."""
        bodies = [json.loads(one.body) for one in entries(self.out / "ledger.sqlite")]
        return [body["missed"]["night"] for body in bodies if "missed" in body]

    def names(self, *days_ago: int) -> list[str]:
        return [f"{date_in(self.loaded.zone, TODAY - n * DAY)}" for n in days_ago]


@pytest.fixture
def nights(acme: Acme, loaded: LoadedPilot, tmp_path: Path) -> Iterator[Nights]:
    """Acme, whose night is armed, with somebody who is told and somebody who waits for it."""
    ada = Owner(owner="ada@acme.example")
    heartbeat = tmp_path / "ran"
    sources = {name: shutil.copy(file, tmp_path) for name, file in acme.sources.items()}
    told = {
        "channels": {"room": {"webhook": "env:ROOM_URL"}},
        "people": {ada.owner: ["room"]},
        "heartbeat": {"file": str(heartbeat)},
    }
    dev = loaded.settings.environments["dev"]
    dev = dev.model_copy(update={"alerts": Alerts.model_validate(told)})
    armed = {
        "nightly": Timetable(at="03:30", armed=True),
        "owners": {source.name: ada for source in loaded.pilot.sources},
        "environments": {"dev": dev},
    }
    with scripted(lambda _: Said(b"OK")) as room:
        yield Nights(
            loaded=replace(loaded, settings=loaded.settings.model_copy(update=armed)),
            environ={**sources, "ROOM_URL": room.url},
            out=tmp_path / "out",
            heartbeat=heartbeat,
        )


def test_the_next_run_names_each_of_them_once(nights: Nights) -> None:
    for days_ago in (5, 4):
        assert nights.night(days_ago).missed == ()
    found, gone = nights.night(0), nights.names(3, 2, 1)
    assert nights.missed() == gone
    page, terminal = (nights.out / "report.html").read_text(), printed(found, width=200)
    for name in gone:
        assert f"{name} <span" in page
        assert f"nightly {name} NOT_RUN: no run began, due {name} 0" in terminal
    assert [f"{one.missed.night}" for one in found.newly_missed] == gone
    again = nights.night(0)
    assert (again.newly_missed, len(again.missed), nights.missed()) == ((), 3, gone)


def test_the_evidence_has_the_gap(nights: Nights) -> None:
    """What is read today says nothing about the three nights: they weaken the claim, the last of
    them once its lag of a day has passed.
    """
    for days_ago in (5, 4, 0):
        result = nights.night(days_ago)
    orders = Planned(source="web-shop", dataset="orders", claim="arrives")
    (arrives,) = (one.verdict for one in result.judged if one.planned == orders)
    assert arrives.because.startswith("3 of 5 nights good")
    assert "2 nights not looked at" in arrives.because


def test_the_heartbeat_was_silent_in_between(nights: Nights) -> None:
    """A check of somebody else's, on another machine if need be, sees that first."""
    nights.night(4)
    before = nights.heartbeat.read_text()
    nights.night(2, datasets=["web-shop.refunds"])
    assert nights.heartbeat.read_text() == before
    assert before.startswith(f"{TODAY - 4 * DAY:%Y-%m-%d} 03:00")
    nights.night(0)
    assert nights.heartbeat.read_text() != before


def test_without_this_nobody_would_know(nights: Nights, monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: with the decision off, ledger and report are silent."""
    monkeypatch.setattr("harness.run.missed.missed", lambda *_, **__: [])
    for days_ago in (4, 0):
        found = nights.night(days_ago)
    assert (found.missed, nights.missed()) == ((), [])
    assert "NOT_RUN" not in printed(found)


def test_a_pilot_that_is_not_armed_owes_no_night(nights: Nights) -> None:
    off = {"nightly": Timetable(at="03:30")}
    settings = nights.loaded.settings.model_copy(update=off)
    unarmed = replace(nights, loaded=replace(nights.loaded, settings=settings))
    for days_ago in (4, 0):
        unarmed.night(days_ago)
    assert unarmed.missed() == []


def test_a_look_for_drift_is_missed_under_its_own_name(nights: Nights) -> None:
    """No reading stands for it, and it stands for no reading."""
    armed = {"drift": Timetable(at="01:00", armed=True)}
    settings = nights.loaded.settings.model_copy(update=armed)
    both = replace(nights, loaded=replace(nights.loaded, settings=settings))
    both.look_for_drift(3)
    both.night(3)
    both.look_for_drift(1)
    found = [f"{one.missed.schedule} {one.missed.night}" for one in both.night(0).missed]
    drift, nightly = both.names(2)[0], both.names(2, 1)
    assert found == [f"nightly {nightly[0]}", f"drift {drift}", f"nightly {nightly[1]}"]
