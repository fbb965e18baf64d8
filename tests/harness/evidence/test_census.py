"""The census: nights come from the calendar and from what was armed, never from the runs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import pytest

from contracts.defaults import persisted_fields
from harness import tags
from harness.evidence.census import BESIDE, JOBS, Night, census, job_of
from harness.evidence.runs import EvidenceRun, State
from harness.ledger.ledger import open_ledger
from harness.result import MissedNight
from tests.harness.evidence.bundles import bundle
from tests.harness.evidence.ledgers import DAY, FIRST, evidence, header, night

DAYS = [FIRST.date() + day * timedelta(days=1) for day in range(6)]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Six nights: the third did not run, the fourth failed, and the fifth was killed."""
    with open_ledger(tmp_path / "ledger.sqlite") as ledger:
        night(ledger, "a", 0)
        night(ledger, "b", 1)
        night(ledger, "d", 3, end="INTERRUPTED", by="LedgerLost")
        night(ledger, "e", 4, end=None)
        night(ledger, "f", 5)
        said = header("ack", 5)
        ledger.begin(said, {"planned": []}, at=FIRST + 5 * DAY)
        ledger.end(said, "FINISHED", {}, at=FIRST + 5 * DAY)
    return tmp_path / "ledger.sqlite"


def test_planned_nights_are_those_started_and_those_missed(place: Path) -> None:
    found = evidence(place).census
    assert (found.planned, found.started, found.missed) == (6, 5, 1)
    assert [(one.night, one.runs) for one in found.nights] == list(
        zip(DAYS, [("a",), ("b",), (), ("d",), ("e",), ("f",)], strict=True)
    )


def test_started_runs_are_those_of_every_state(place: Path) -> None:
    by_job = {one.job: one for one in evidence(place).census.runs}
    assert {state: n for state, n in by_job["prove"].by_state.items() if n} == {
        State.FINISHED: 3,
        State.FAILED: 1,
        State.INTERRUPTED: 1,
    }
    assert (by_job["prove"].started, by_job["drift"].started, by_job[BESIDE].started) == (5, 0, 1)
    assert all(sum(one.by_state.values()) == one.started for one in by_job.values())


def test_e08_a_run_left_out_of_the_evidence_is_a_night_that_was_missed(place: Path) -> None:
    """Whoever leaves out the failed night has a night too few, and it is shown."""
    found = evidence(place)
    without = [one for one in found.runs if one.header.run != "d"]
    told = census(without, first=DAYS[0], last=DAYS[-1])
    assert [one.night for one in told.nights if one.missed] == [DAYS[2], DAYS[3]]
    assert told.planned == found.census.planned


def nights_by_run(schedule: str, runs: Iterable[EvidenceRun], **_: object) -> list[Night]:
    ran = [one for one in runs if job_of(one) == JOBS[schedule]]
    return [Night(schedule=schedule, night=one.night, runs=(one.header.run,)) for one in ran]


def test_e08_guard_off_nights_counted_by_the_runs_would_hide_it(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The calendar is the guard: counted by the runs that are there, no night is ever missed."""
    monkeypatch.setattr("harness.evidence.census._nights", nights_by_run)
    found = evidence(place)
    without = [one for one in found.runs if one.header.run != "d"]
    assert census(without, first=DAYS[0], last=DAYS[-1]).missed == 0


def test_e08_the_page_shows_the_missed_night_as_not_run(place: Path) -> None:
    page = bundle(place)["report.html"].decode()
    missed = page[page.index('id="missed"') :]
    assert str(DAYS[2]) in missed[: missed.index("</table>")]
    assert "NOT_RUN" in missed[: missed.index("</table>")]
    assert "planned nights 6 = started 5 + missed 1" in page
    assert page.index('id="missed"') < page.index('id="decided"')


def test_e08_a_night_that_was_asked_for_a_part_is_shown_as_such(tmp_path: Path) -> None:
    """A run began, so the census counts it; a later run recorded what it lacked."""
    said = MissedNight(
        schedule="nightly",
        night=DAYS[0],
        due_at=FIRST,
        because="run a was asked for 1 of 2 verdicts",
    )
    with open_ledger(tmp_path / "ledger.sqlite") as ledger:
        night(ledger, "a", 0)
        night(ledger, "b", 1, end=None)
        ledger.append(header("b", 1), tags.MISSED, persisted_fields(said), at=FIRST + DAY)
    page = bundle(tmp_path / "ledger.sqlite")["report.html"].decode()
    assert "planned nights 2 = started 2 + missed 0" in page
    missed = page[page.index('id="missed"') :]
    assert "run a was asked for 1 of 2 verdicts" in missed[: missed.index("</table>")]


def test_a_night_is_owed_only_while_its_schedule_is_armed(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "ledger.sqlite") as ledger:
        night(ledger, "a", 0, armed=())
        night(ledger, "b", 2)
        night(ledger, "c", 4, armed=())
        night(ledger, "d", 5, armed=("nightly", "drift"), job="drift")
    nights = evidence(tmp_path / "ledger.sqlite").census.nights
    assert [(one.schedule, one.night) for one in nights] == [
        ("nightly", DAYS[2]),
        ("nightly", DAYS[3]),
        ("drift", DAYS[5]),
    ]


def test_without_a_schedule_nobody_knows_what_was_owed_and_the_page_says_so(
    tmp_path: Path,
) -> None:
    with open_ledger(tmp_path / "ledger.sqlite") as ledger:
        night(ledger, "a", 0, armed=())
    assert evidence(tmp_path / "ledger.sqlite").census.nights == ()
    assert b"No schedule was armed" in bundle(tmp_path / "ledger.sqlite")["report.html"]


def test_what_was_armed_before_the_window_is_owed_in_it(place: Path) -> None:
    found = evidence(place, first=DAYS[2], last=DAYS[3])
    assert [(one.night, one.missed) for one in found.census.nights] == [
        (DAYS[2], True),
        (DAYS[3], False),
    ]
