"""An acknowledgement or a test message is recorded as a run, and is no night of anything."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from harness import tags
from harness.ledger import verdicts
from harness.ledger.ledger import Header, Ledger, open_ledger, read_ledger
from harness.ledger.verdicts import last_verdicts
from harness.run import missed
from harness.timetable import Schedule
from harness.verdict import Outcome
from tests.connectors.scripted import Said, scripted
from tests.harness.acme_layout import lay_out
from tests.harness.alerts.made import FIRST
from tests.harness.alerts.story import Story, story
from tests.harness.alerts.test_told import outcome
from tests.harness.test_last_verdicts import FRESH, prove

KEEP = "\nkeep: [web-shop.orders]\n"
NIGHTLY = Schedule(name="nightly", at="02:00", zone="UTC", armed=True)
SAID = 150
"""More than the nights through which a last verdict is looked for."""


def says_nothing(ledger: Ledger, run: str) -> None:
    """A run as `seatrial ack` begins and ends one."""
    header = Header(pilot="p", environment="dev", run=run, slot="2026-11-20", code="0")
    ledger.begin(header, {"planned": []}, at=FIRST)
    ledger.end(header, "FINISHED", {}, at=FIRST)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """One night, and then many acknowledgements."""
    place = tmp_path / "ledger.sqlite"
    prove(place, "night", (FRESH, Outcome.BROKEN))
    with open_ledger(place) as ledger:
        for number in range(SAID):
            says_nothing(ledger, f"ack-{number}")
    return place


def test_however_often_it_was_acknowledged_the_last_verdict_stays(place: Path) -> None:
    with read_ledger(place) as ledger:
        found = last_verdicts(ledger, pilot="p", environment="dev", wanted=[FRESH])
    assert found[FRESH].run == "night"


def test_if_they_counted_it_would_be_forgotten(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: each run counts, whether it judged or not."""
    monkeypatch.setattr(verdicts, "filter", lambda _, runs: runs, raising=False)
    with read_ledger(place) as ledger:
        assert not last_verdicts(ledger, pilot="p", environment="dev", wanted=[FRESH])


def test_however_often_it_was_acknowledged_the_last_whole_run_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From it the nights are counted that were armed and did not run."""
    monkeypatch.setattr(missed, "_RUNS", 10)
    header = Header(pilot="p", environment="dev", run="night", slot="2026-11-20", code="0")
    with open_ledger(tmp_path / "ledger.sqlite") as ledger:
        ledger.begin(header, {"planned": ["one"], "nightly": "02:00"}, at=FIRST)
        ledger.end(header, "FINISHED", {"planned": 1}, at=FIRST)
        for number in range(20):
            says_nothing(ledger, f"ack-{number}")
        now = replace(header, run="now")
        assert [one.run for one in missed.earlier_runs(ledger, now, NIGHTLY)] == ["night"]
        monkeypatch.setattr(missed, "filter", lambda _, runs: islice(runs, 10), raising=False)
        with pytest.raises(AttributeError):  # the twin: what is no night is taken for one
            missed.earlier_runs(ledger, now, NIGHTLY)


def what_it_says(acme: Story) -> tuple[str, str, int]:
    """What a person gets of the last night: columns to approve, data, open incidents."""
    approved = acme.command("baseline", "approve", "--by", "Ada", "--dataset", "outlet.orders")
    incidents = acme.command("incident").out.count("incident ")
    return approved.out, acme.command("data", "web-shop.orders").complaint, incidents


@pytest.mark.long
def test_between_two_nights_they_change_nothing_that_is_counted(tmp_path: Path) -> None:
    with scripted(lambda _: Said(b"ok")) as room:
        acme = story(lay_out(tmp_path), tmp_path, ROOM_URL=room.url, PAGER_URL=room.url)
        settings = acme.acme.folder / "pilot.yaml"
        settings.write_text(settings.read_text() + KEEP)
        acme.prove()
        counted = arrives(acme)
        acme.command("baseline", "approve", "--by", "Ada", "--dataset", "outlet.orders")
        before = what_it_says(acme)
        assert "as approved before" in before[0]
        report = (acme.out / "report.html").read_bytes()
        for _ in range(2):
            assert acme.command("alerts", "test").code == 0
            assert acme.command("ack", "--by", "ada@acme.example").code == 0
        assert what_it_says(acme)[:2] == before[:2]
        assert (acme.out / "report.html").read_bytes() == report
        acme.prove()
        assert arrives(acme) == counted
        assert outcome(acme, "outlet", "owned") == "PROVEN"
    with read_ledger(acme.out / "ledger.sqlite") as ledger:
        kinds = [e.kind for e in ledger.entries()]
        assert kinds.count("started") == 6
        runs = ledger.runs(pilot="acme", environment="dev")
        nights = {run for run in runs if any(ledger.entries(run=run, kind="reading"))}
        assert {e.run for e in ledger.entries(kind=tags.VERDICT)} == nights


def arrives(acme: Story) -> set[tuple[str, str, int]]:
    """Outcome and number of nights that `arrives` rests on, of each dataset."""
    told = json.loads((acme.out / "verdicts.json").read_text())["verdicts"]
    return {(v["dataset"], v["outcome"], v["n"]) for v in told if v["claim"] == "arrives"}
