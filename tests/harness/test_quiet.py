"""`prove --quiet`: cron sends a mail for every line, so there is one only if somebody must act."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from harness.report.quiet import lines
from harness.result import MissedNight, RecordedMiss, Result
from harness.verdict import GOOD
from tests.cli import seatrial
from tests.harness.acme_layout import Acme
from tests.harness.report.sample import as_found
from tests.shell import Ended

REPORT = Path("out/report.html")
MISSED = MissedNight(
    schedule="nightly",
    night=date(2026, 11, 27),
    due_at=datetime(2026, 11, 27, 2, tzinfo=UTC),
    because="no run began",
)


def prove(acme: Acme, out: Path, *choice: str) -> Ended:
    arguments = ["prove", "acme", "--quiet", "--out", out, *choice]
    return seatrial(arguments, cwd=acme.elsewhere, environ=acme.environ)


def good() -> Result:
    found = as_found()
    return replace(
        found, judged=tuple(j for j in found.judged if j.verdict.outcome in GOOD), omitted=0
    )


def miss(run: str) -> RecordedMiss:
    return RecordedMiss(pilot="demo", environment="dev", run=run, missed=MISSED)


def test_what_is_proven_is_silent(acme: Acme, tmp_path: Path) -> None:
    ended = prove(acme, tmp_path / "out", "--claim", "owned", "--dataset", "web-shop.orders")
    assert (ended.code, ended.out, ended.err) == (0, "", "")
    assert (tmp_path / "out" / "report.html").is_file()


def test_what_is_not_is_told_in_lines_with_the_same_exit_code(acme: Acme, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ended = prove(acme, out)
    assert (ended.code, ended.err) == (1, "")
    first, *told, last = ended.out.splitlines()
    assert first.startswith("NOT READY: acme (dev), slot ")
    assert last == f"report: {out / 'report.html'}"
    assert "BROKEN web-shop.orders conforms: voucher: 20 % missing" in "\n".join(told)
    assert not any(line.startswith(("PROVEN", "WAIVED")) for line in told)


def test_a_look_for_drift_is_as_quiet(acme: Acme, tmp_path: Path) -> None:
    arguments = ["drift", "acme", "--quiet", "--dataset", "outlet.orders", "--out", tmp_path]
    ended = seatrial(arguments, cwd=acme.elsewhere, environ=acme.environ)
    assert (ended.code, ended.err) == (3, "")
    first, told, last = ended.out.splitlines()
    assert first.startswith("NOT READY: acme (dev), slot ")
    assert told.startswith("UNPROVEN outlet.orders stable_schema: ")
    assert last == f"report: {tmp_path / 'drift.html'}"


def test_a_missed_night_is_told_once_by_the_run_that_found_it() -> None:
    night = good()
    assert list(lines(night, REPORT)) == []
    assert list(lines(replace(night, missed=(miss("an earlier run"),)), REPORT)) == []
    told = list(lines(replace(night, missed=(miss(night.run),)), REPORT))
    assert told[1:] == [
        "nightly 2026-11-27 NOT_RUN: no run began, due 2026-11-27 02:00:00 UTC",
        f"report: {REPORT}",
    ]


def test_whoever_was_not_told_is_told_here() -> None:
    told = list(lines(replace(good(), untold=("Ada by room: no answer",)), REPORT))
    assert told[1] == "not told: Ada by room: no answer"
