"""A scheduled run is of the night of its tick, and has seen it if it did not come too late."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from harness.claims.nights import date_in, was_seen
from harness.dagster import keys
from harness.dagster.run import DUE_TAG, SLOT_TAG, due_at
from harness.errors import ConfigurationError
from harness.facts import Reading
from harness.ledger.history import readings_in
from harness.ledger.ledger import entries, utc_now
from harness.pilot.model import LoadedPilot
from tests.harness.acme_layout import Acme
from tests.harness.dagster_proven import run

NOW = datetime(2026, 11, 17, 0, 10, tzinfo=UTC)
TICK = datetime(2026, 11, 16, 23, 30, tzinfo=UTC)


def test_a_run_is_due_at_its_tick_and_by_hand_when_it_starts() -> None:
    assert due_at({DUE_TAG: TICK.isoformat()}, now=NOW) == TICK
    assert due_at({SLOT_TAG: "2026-11-16"}, now=NOW) == NOW


@pytest.mark.parametrize("tag", ["yesterday", "2026-11-16T23:30:00", "2026-11-16", ""])
def test_a_tag_that_is_no_moment_is_refused(tag: str) -> None:
    with pytest.raises(ConfigurationError, match=f"{DUE_TAG} '{tag}' is no time with a zone"):
        due_at({DUE_TAG: tag}, now=NOW)


@pytest.fixture
def read(acme: Acme, loaded: LoadedPilot, instance: dg.DagsterInstance, tmp_path: Path):
    """The reading of a run with these tags."""

    def once(tags: dict[str, str]) -> Reading:
        orders = keys.proven(loaded.pilot, "outlet", "orders")
        run(loaded, instance, tmp_path, acme.sources, asset_selection=[orders], tags=tags)
        *_, last = readings_in(entries(tmp_path / "ledger.sqlite"))
        return last.reading

    return once


def night(loaded: LoadedPilot, at: datetime) -> date:
    return date_in(loaded.zone, at)


def scheduled(loaded: LoadedPilot, due: datetime) -> dict[str, str]:
    """The tags of its schedule, which a run that is executed again has, too."""
    return {SLOT_TAG: f"{night(loaded, due)}", DUE_TAG: due.isoformat()}


def test_a_run_of_this_hours_tick_has_seen_its_night(read, loaded: LoadedPilot) -> None:
    due = utc_now() - timedelta(hours=1)
    reading = read(scheduled(loaded, due))
    assert (reading.slot, was_seen(reading)) == (night(loaded, due), True)


def test_a_run_that_is_executed_again_days_later_has_not(read, loaded: LoadedPilot) -> None:
    due = utc_now() - timedelta(days=3)
    reading = read(scheduled(loaded, due))
    assert (reading.slot, was_seen(reading)) == (night(loaded, due), False)
    assert reading.night == night(loaded, reading.started_at)


def test_a_run_by_hand_for_another_night_has_not(read, loaded: LoadedPilot) -> None:
    assert not was_seen(read({SLOT_TAG: "2026-10-31"}))
    assert was_seen(read({}))
