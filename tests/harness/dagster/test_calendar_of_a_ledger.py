"""What a ledger's nights came to: no night is good that a later run of it found bad."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from harness.dagster.calendar import nights
from harness.ledger.ledger import Header, Ledger, Origin, open_ledger
from harness.report.calendar import Night
from harness.result import MissedNight

LAST = date(2026, 11, 29)
DAY = timedelta(days=1)
Outcomes = dict[str, str]


class Nights:
    """A ledger to which runs are added."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger, self.count = ledger, 0

    def run(
        self,
        slot: date,
        outcomes: Outcomes,
        *,
        ends: bool = True,
        whole: bool = True,
        pilot: str = "acme",
        **says: object,
    ) -> None:
        self.count += 1
        run, at = f"run-{self.count}", datetime(slot.year, slot.month, slot.day, 2, tzinfo=UTC)
        header = Header(pilot=pilot, environment="dev", run=run, slot=slot.isoformat(), code="0")
        planned = [{"source": "erp", "dataset": "orders", "claim": claim} for claim in outcomes]
        self.ledger.begin(header, {"planned": planned, **says}, at=at)
        for claim, outcome in outcomes.items():
            body = {"claim": claim, "outcome": outcome}
            origin = Origin(source="erp", dataset="orders")
            self.ledger.append(header, "verdict", body, at=at, origin=origin)
        ready = whole and set(outcomes.values()) <= {"PROVEN"}
        if ends:
            self.ledger.end(header, "FINISHED", {"ready": ready}, at=at)

    def miss(self, run_of: date, night: date) -> None:
        self.count += 1
        run = f"run-{self.count}"
        at = datetime(run_of.year, run_of.month, run_of.day, 3, tzinfo=UTC)
        header = Header(pilot="acme", environment="dev", run=run, slot=str(run_of), code="0")
        self.ledger.begin(header, {}, at=at)
        missed = MissedNight(schedule="nightly", night=night, due_at=at - DAY, because="off")
        self.ledger.append(header, "missed", missed, at=at, origin=Origin())
        self.ledger.end(header, "FINISHED", {}, at=at)

    def seen(self) -> dict[date, Night]:
        return nights(self.ledger, pilot="acme", environment="dev", last=LAST)


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Nights]:
    with open_ledger(tmp_path / "ledger.sqlite") as ledger:
        yield Nights(ledger)


@pytest.mark.parametrize(
    ("outcome", "night"),
    [
        ("PROVEN", Night.READY),
        ("UNPROVEN", Night.LACKING),
        ("BROKEN", Night.BAD),
        ("ERROR", Night.BAD),
        ("NOT_RUN", Night.BAD),
    ],
)
def test_a_night_is_as_bad_as_its_worst_verdict(made: Nights, outcome: str, night: Night) -> None:
    made.run(LAST, {"fresh": "PROVEN", "arrives": outcome})
    assert made.seen() == {LAST: night}


def test_a_later_run_of_part_of_it_mends_what_it_judged_and_no_more(made: Nights) -> None:
    made.run(LAST, {"fresh": "BROKEN", "arrives": "BROKEN"})
    made.run(LAST, {"fresh": "PROVEN"}, whole=False)
    assert made.seen() == {LAST: Night.BAD}
    made.run(LAST, {"arrives": "PROVEN"}, whole=False)
    assert made.seen() == {LAST: Night.LACKING}


def test_a_run_that_was_cut_off_made_no_good_night(made: Nights) -> None:
    made.run(LAST, {"fresh": "PROVEN"}, ends=False)
    assert made.seen() == {LAST: Night.BAD}


def test_a_night_that_did_not_run_is_missed_unless_somebody_proved_it(made: Nights) -> None:
    made.run(LAST - DAY, {"fresh": "PROVEN"})
    made.miss(LAST, LAST - DAY)
    made.miss(LAST, LAST - 2 * DAY)
    assert made.seen() == {LAST - DAY: Night.READY, LAST - 2 * DAY: Night.MISSED}


def test_looks_for_drift_other_pilots_and_older_nights_are_left_out(made: Nights) -> None:
    made.run(LAST - 60 * DAY, {"fresh": "BROKEN"})
    made.run(LAST, {"stable_schema": "BROKEN"}, job="drift")
    made.run(LAST, {"fresh": "BROKEN"}, pilot="other")
    made.run(LAST, {})
    assert made.seen() == {}
