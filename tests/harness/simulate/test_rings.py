"""What is well promised rings. A proof that never rings is seen, and one that always does."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest

from harness.claims import DATASET_CLAIMS
from harness.simulate.faults import Fault, lacking
from harness.simulate.figures import Standing, exit_code, look_ahead
from harness.simulate.page import dataset_lines
from harness.simulate.trials import run_clean, run_planted
from harness.verdict import Outcome, Verdict
from tests.harness.simulate.subjects import DAY, promises, subject


def _always(outcome: Outcome) -> Callable[..., Verdict]:
    def prove(*_: object) -> Verdict:
        return Verdict(
            claim="", outcome=outcome, because="", expected="", observed="", n=0, method=""
        )

    return prove


def _set_all(monkeypatch: pytest.MonkeyPatch, outcome: Outcome) -> None:
    replaced = {
        name: replace(claim, prove=_always(outcome)) for name, claim in DATASET_CLAIMS.items()
    }
    monkeypatch.setattr("harness.claims.judge.DATASET_CLAIMS", replaced)


@pytest.mark.parametrize("is_files", [True, False])
def test_every_fault_of_a_well_promised_dataset_rings(*, is_files: bool) -> None:
    """A fresh seed each time: it is named where one is missed."""
    seed = secrets.randbelow(10**6)
    outlook = look_ahead(subject(is_files=is_files), seed=seed)
    missed = [figure for figure in outlook.figures if figure.standing is not Standing.RINGS]
    assert (missed, outlook.alarms) == ([], 0), f"seed {seed}"
    assert exit_code([outlook]) == 0


@pytest.mark.parametrize("fault", [fault for fault in Fault if fault is not Fault.UNREAD])
def test_a_proof_that_never_rings_has_no_recall(
    fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    _set_all(monkeypatch, Outcome.PROVEN)
    clean = run_clean(subject(), Random(1))
    assert run_planted(clean, fault, Random(1), 3).delays == ()


def test_missed_faults_end_with_1(monkeypatch: pytest.MonkeyPatch) -> None:
    _set_all(monkeypatch, Outcome.PROVEN)
    outlook = look_ahead(subject(), seed=1)
    missed = {figure.rang.fault for figure in outlook.of(Standing.MISSED)}
    assert missed == {*Fault} - {Fault.UNREAD}
    assert exit_code([outlook]) == 1


def test_a_proof_that_always_rings_gives_false_alarms(monkeypatch: pytest.MonkeyPatch) -> None:
    _set_all(monkeypatch, Outcome.BROKEN)
    outlook = look_ahead(subject(), seed=1)
    assert outlook.alarms == 100
    assert exit_code([outlook]) == 1


def test_a_night_that_we_missed_accuses_nobody() -> None:
    clean = run_clean(subject(), Random(1))
    assert run_planted(clean, Fault.UNREAD, Random(1)).delays == ()


def test_without_that_guard_a_missed_night_is_an_accusation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Any night on which something rings after it counts, if it did not ring without it."""
    clean = run_clean(subject(), Random(1))
    _set_all(monkeypatch, Outcome.BROKEN)
    assert len(run_planted(clean, Fault.UNREAD, Random(1), 5).delays) == 5


def test_all_that_a_well_promised_dataset_lacks_is_nothing() -> None:
    assert [lacking(fault, subject()) for fault in Fault] == [None] * len(Fault)


def test_one_seed_gives_the_same_figures_and_another_one_others() -> None:
    short = subject(nights=15)
    first, again, other = (look_ahead(short, seed=seed).clean.seen for seed in (1, 1, 2))
    assert first.sent == again.sent
    assert first.sent != other.sent


def test_where_clean_nights_ring_no_fault_is_tried() -> None:
    """A table that is promised every seven days is late on six of them, for each night is judged
    as a delivery: a calendar of Mondays is not (`test_of_calendars.py`).
    """
    outlook = look_ahead(subject(promised=promises(cadence=7 * DAY)), seed=1)
    assert outlook.clean.is_loud
    assert len(outlook.of(Standing.UNTRIED)) == len(Fault)
    assert exit_code([outlook]) == 1
    text = "\n".join(dataset_lines(outlook))
    assert "came empty                    not tried: clean nights ring" in text
    assert "false alarms by " in text
