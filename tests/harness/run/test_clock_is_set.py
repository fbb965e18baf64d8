"""T01: this machine's clock is set back by an hour, or forward by a day, while a run goes on."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from harness.clock import Clock
from harness.facts import Reading
from harness.jumps import Jumps
from harness.ledger.history import readings_in
from harness.ledger.ledger import entries
from harness.pilot.model import LoadedPilot
from harness.pilot.plan import plan
from harness.report.figures import newest_lag
from harness.result import Result
from harness.run.config import RunConfig
from harness.run.prove import prove
from harness.run.workplace import in_process
from harness.verdict import Outcome, Verdict
from tests.harness.acme_layout import Acme
from tests.harness.report.test_terminal import printed

BACK, FORWARD = timedelta(hours=-1), timedelta(days=1)
NIGHT = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


class Machine:
    """Wall clock and monotonic clock of a machine; the first one can be set."""

    def __init__(self) -> None:
        self.seconds, self.set_by = 0.0, timedelta()

    @property
    def clock(self) -> Clock:
        return Clock(now=self.now, monotonic=self.monotonic)

    def now(self) -> datetime:
        return NIGHT + timedelta(seconds=self.monotonic()) + self.set_by

    def monotonic(self) -> float:
        self.seconds += 0.25
        return self.seconds


@pytest.fixture
def night(loaded: LoadedPilot, acme: Acme, tmp_path: Path) -> Callable[[timedelta], Result]:
    """A run over orders of five minutes ago, during which the clock is set."""
    sources = {name: shutil.copy(file, tmp_path) for name, file in acme.sources.items()}
    newest = NIGHT - timedelta(minutes=5)
    with closing(sqlite3.connect(sources["ACME_SHOP"])) as shop, shop:
        shop.execute("update orders set ordered_at = ?", (f"{newest:%Y-%m-%dT%H:%M:%SZ}",))

    def once(jump: timedelta) -> Result:
        machine = Machine()

        def progress(_source: str, _dataset: str | None, stage: str, _rows: int) -> None:
            if stage == "reading":
                machine.set_by = jump

        planned = plan(
            loaded.pilot, datasets=["web-shop.orders"], claims=["fresh", "arrives", "complete"]
        )
        config = RunConfig(
            loaded=loaded,
            environment="dev",
            slot=NIGHT.date(),
            planned=planned,
            out=tmp_path / "out",
            environ=sources,
            clock=machine.clock,
        )
        return prove(config, progress=progress, workplace=in_process)

    return once


def verdict(result: Result, claim: str) -> Verdict:
    return next(one.verdict for one in result.judged if one.planned.claim == claim)


def reading(result: Result) -> Reading:
    (found,) = (fact for fact in result.facts if isinstance(fact, Reading))
    return found


@pytest.mark.parametrize(
    ("jump", "told"), [(BACK, "set back by 60 min"), (FORWARD, "set forward by 1,440 min")]
)
def test_times_are_flagged_and_neither_prove_nor_accuse(
    night: Callable[[timedelta], Result], tmp_path: Path, jump: timedelta, told: str
) -> None:
    result = night(jump)
    for claim in ("fresh", "arrives"):
        found = verdict(result, claim)
        assert found.outcome is Outcome.UNPROVEN
        assert f"clock was {told} during the run: no time of it is sure" in found.because
    says = f"This machine's clock was {told} during the run: its times date nothing."
    assert says in printed(result, width=200)
    assert says.replace("'", "&#39;") in (tmp_path / "out" / "report.html").read_text()
    *_, ended = entries(tmp_path / "out" / "ledger.sqlite")
    assert json.loads(ended.body)["clock_jump_seconds"] == jump.total_seconds()
    (kept,) = readings_in(entries(tmp_path / "out" / "ledger.sqlite"))
    assert kept.reading.clock_jump_seconds == jump.total_seconds()


@pytest.mark.parametrize("jump", [BACK, FORWARD])
def test_durations_go_on_and_no_lag_is_negative(
    night: Callable[[timedelta], Result], jump: timedelta
) -> None:
    found = reading(night(jump))
    assert 0 < found.seconds < 600
    lag = newest_lag(found)
    assert lag is None or lag >= timedelta()
    assert verdict(night(timedelta()), "complete") == verdict(night(jump), "complete")


def test_a_clock_that_goes_on_is_believed(night: Callable[[timedelta], Result]) -> None:
    """The control: the same run without a jump, and with one that is only kept right."""
    for jump in (timedelta(), timedelta(seconds=-90)):
        result = night(jump)
        assert result.clock_jump == timedelta()
        assert "its times date nothing" not in printed(result)
        assert "deliver" in verdict(result, "fresh").because


def test_without_the_flag_the_source_would_be_accused(
    night: Callable[[timedelta], Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin: an hour back, its orders seem to come from the future."""
    monkeypatch.setattr("harness.claims.timed.undated", lambda *_: None)
    monkeypatch.setattr("harness.claims.timed.dated", lambda facts: facts)
    found = verdict(night(BACK), "fresh")
    assert found.outcome is Outcome.BROKEN
    assert "after the time at which they were read" in found.because


def test_a_jump_that_is_undone_is_noticed_all_the_same() -> None:
    machine = Machine()
    jumps = Jumps(machine.clock)
    machine.set_by = BACK
    assert jumps.look() < timedelta(minutes=-59)
    machine.set_by = timedelta()
    assert jumps.look() < timedelta(minutes=-59)


def test_an_earlier_night_whose_clock_was_set_is_no_trial(
    night: Callable[[timedelta], Result],
) -> None:
    """Later nights do not rest on it."""
    night(FORWARD)
    assert verdict(night(timedelta()), "fresh").n == 1
