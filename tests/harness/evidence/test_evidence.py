"""Evidence is read from a ledger's entries alone, and shows every verdict that was planned."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from harness.errors import ConfigurationError
from harness.evidence.evidence import read
from harness.evidence.runs import State
from harness.facts import EvidenceClass
from harness.ledger.ledger import entries, open_ledger
from harness.verdict import Outcome
from tests.golden.facts import READING
from tests.harness.evidence.ledgers import FIRST, FRESH, OWNED, SCOPE, evidence, night, nights


def test_a_run_comes_back_as_it_was_recorded(tmp_path: Path) -> None:
    found = evidence(nights(tmp_path / "ledger.sqlite", 1))
    (run,) = found.runs
    (reading,) = run.facts
    assert (run.state, run.number, run.night) == (State.FINISHED, 1, FIRST.date())
    assert (run.started_at, run.ended_at) == (FIRST, FIRST + timedelta(minutes=1))
    assert [one.planned for one in run.judged] == [FRESH, OWNED]
    assert [one.verdict.outcome for one in run.judged] == [Outcome.PROVEN, Outcome.UNPROVEN]
    assert {one.evidence_class for one in run.judged} == {EvidenceClass.SANDBOX}
    assert run.verdict_seq == (3, 4)
    assert (reading.seq, reading.kind, reading.fact.rows) == (2, "reading", READING.rows)  # type: ignore[union-attr]
    assert (run.seq, run.head) == ((1, 5), found.entries[-1].sha256)


def test_a_verdict_that_a_killed_run_owed_is_not_run(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "ledger.sqlite") as ledger:
        night(ledger, "killed", 0, outcomes=(Outcome.PROVEN,), end=None)
        night(ledger, "next", 1)
        night(ledger, "failed", 2, end="INTERRUPTED", by="LedgerLost")
        night(ledger, "stopped", 3, end="INTERRUPTED", by="KeyboardInterrupt")
        night(ledger, "running", 4, end=None)
    runs = evidence(tmp_path / "ledger.sqlite").runs
    states = [State.INTERRUPTED, State.FINISHED, State.FAILED, State.INTERRUPTED, State.RUNNING]
    assert [one.state for one in runs] == states
    assert [one.verdict.outcome for one in runs[0].judged] == [Outcome.PROVEN, Outcome.NOT_RUN]
    assert runs[0].verdict_seq == (3, None)
    assert "run next noticed it" in runs[0].because


def test_what_is_of_another_pilot_or_after_the_window_is_not_disclosed(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "ledger.sqlite") as ledger:
        night(ledger, "before", 0)
        night(ledger, "inside", 1)
        night(ledger, "other", 1, pilot="theirs")
        night(ledger, "after", 2)
    day = FIRST.date() + timedelta(days=1)
    found = evidence(tmp_path / "ledger.sqlite", first=day, last=day)
    assert [one.header.run for one in found.runs] == ["inside"]
    assert found.disclosed == {"before", "inside"}
    assert len(found.entries) == 20


def test_no_run_in_the_window_is_refused_and_says_which(tmp_path: Path) -> None:
    place = nights(tmp_path / "ledger.sqlite", 1)
    with pytest.raises(ConfigurationError, match="no run of acme in dev from 2027-01-01"):
        evidence(place, first=FIRST.date().replace(year=2027, month=1, day=1))
    with pytest.raises(ConfigurationError, match="no run of other in dev: prove first"):
        evidence(place, pilot="other")


def test_an_entry_that_cannot_be_read_is_refused_by_name(tmp_path: Path) -> None:
    place = nights(tmp_path / "ledger.sqlite", 1)
    first, *more = entries(place)
    with pytest.raises(ConfigurationError, match="entry 1 of the ledger"):
        read((replace(first, body=b"{}"), *more), SCOPE)
