"""Census and judgements are counted again from the entries: no night, run or verdict is left out,
though whoever holds the key signs what they wrote instead.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.claims.nights import LATE, counted_from, date_in
from harness.claims.readings import SKEW
from harness.evidence.verify import census
from harness.evidence.verify.chain import Run
from tests.harness.evidence.verify.checking import (
    Files,
    checked,
    edited,
    refused,
    resealed,
    said,
)


def _night_left_out(manifest: Any) -> None:
    manifest["census"]["nights"]["each"].pop(1)
    manifest["census"]["nights"] |= {"planned": 4, "missed": 0}


def _missed_night_as_started(manifest: Any) -> None:
    manifest["census"]["nights"] |= {"started": 5, "missed": 0}


def _failed_run_as_finished(manifest: Any) -> None:
    manifest["census"]["runs"][0] |= {"finished": 2, "failed": 0}


def _run_left_out(manifest: Any) -> None:
    manifest["runs"].remove("failed")
    manifest["census"]["runs"][0] |= {"started": 3, "failed": 0}


def _one_more(manifest: Any) -> None:
    manifest["runs"].append("nobody's")


def _window_begun_later(manifest: Any) -> None:
    manifest["window"]["first"] = "2026-11-21"


@pytest.mark.parametrize(
    "change",
    [
        _night_left_out,
        _missed_night_as_started,
        _failed_run_as_finished,
        _run_left_out,
        _one_more,
        _window_begun_later,
    ],
    ids=lambda change: change.__name__.strip("_"),
)
def test_e08_a_census_that_the_entries_do_not_bear_is_refused(
    tmp_path: Path, shared: Files, change: Callable[[Any], None]
) -> None:
    report = checked(tmp_path, resealed(edited(shared, "manifest.json", change)))
    assert ("census", "manifest.json") in refused(report), said(report)


def test_what_another_pilot_recorded_is_told_where_it_is_disclosed(
    tmp_path: Path, made: Files
) -> None:
    """As by a ledger of two pilots whose exporter took too much."""
    files = edited(made, "manifest.json", lambda of: of.update(pilot="beta"))
    report = checked(tmp_path, resealed(files, terms={"pilot": "beta"}))
    assert ("census", "manifest.json") in refused(report)
    assert "run run-0 is of another pilot or environment" in said(report)


@pytest.mark.parametrize(
    ("term", "value"),
    [
        ("code", ["9.9.9+abc"]),
        ("configurations", []),
        ("slots", []),
        ("contracts", {"shop.orders": ["34" * 32]}),
        ("contracts", {}),
        ("evidence_classes", ["production"]),
        ("evidence_classes", ["sandbox", "production"]),
    ],
    ids=str,
)
def test_e05_terms_that_the_entries_do_not_bear_are_refused(
    tmp_path: Path, made: Files, term: str, value: object
) -> None:
    """In manifest and statements alike: so says the signer, and the record says otherwise."""

    def change(said: Any) -> None:
        if term in said:
            said[term] = value

    files = edited(made, "manifest.json", change)
    report = checked(tmp_path, resealed(files, terms={term: value}))
    assert refused(report) == {("terms", "manifest.json")}, said(report)
    assert f"its {term} are not those of the entries" in said(report)


def _proven(judged: Any) -> None:
    judged["verdicts"][1]["outcome"] = "PROVEN"


def _reworded(judged: Any) -> None:
    judged["verdicts"][1]["because"] = "all is well"


def _missing(judged: Any) -> None:
    judged["verdicts"].pop()


def _invented(judged: Any) -> None:
    judged["verdicts"].append({**judged["verdicts"][0], "claim": "complete", "seq": 3})


def _twice(judged: Any) -> None:
    judged["verdicts"].append(judged["verdicts"][0])


def _of_another_entry(judged: Any) -> None:
    judged["verdicts"][0]["seq"] = 4


def _of_a_better_kind(judged: Any) -> None:
    judged["verdicts"][0]["evidence_class"] = "production"


def _of_another_run(judged: Any) -> None:
    judged["run"] = "run-1"


def _ready(judged: Any) -> None:
    judged["ready"] = True


def _of_a_finished_run(judged: Any) -> None:
    judged["state"] = "running"


def _of_fewer_planned(judged: Any) -> None:
    judged["planned"] = 1


def _of_other_code(judged: Any) -> None:
    judged["code"] = "9.9.9"


def _of_another_form(judged: Any) -> None:
    judged["verdicts"] = ["PROVEN"]


@pytest.mark.parametrize(
    "change",
    [
        _proven,
        _reworded,
        _missing,
        _invented,
        _twice,
        _of_another_entry,
        _of_a_better_kind,
        _of_another_run,
        _of_another_form,
        _ready,
        _of_a_finished_run,
        _of_fewer_planned,
        _of_other_code,
    ],
    ids=lambda change: change.__name__.strip("_"),
)
def test_e09_a_judgement_that_the_ledger_did_not_record_is_refused(
    tmp_path: Path, made: Files, change: Callable[[Any], None]
) -> None:
    name = "judgements/run-0.json"
    report = checked(tmp_path, resealed(edited(made, name, change)))
    assert refused(report) == {("judgements", name)}, said(report)


def test_judgements_of_a_run_left_out_or_added_are_refused(tmp_path: Path, made: Files) -> None:
    name = "judgements/run-1.json"
    without = edited(made, "manifest.json", lambda of: of["files"].pop(name))
    del without[name]
    assert ("judgements", name) in refused(checked(tmp_path / "without", resealed(without)))
    more = edited(made, "manifest.json", lambda of: of["files"].update({"judgements/x.json": {}}))
    report = checked(tmp_path / "more", resealed(more | {"judgements/x.json": made[name]}))
    assert ("judgements", "judgements/x.json") in refused(report)


def test_an_unknown_zone_leaves_the_census_unknown(
    tmp_path: Path, made: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a machine without a time zone database."""

    def unknown(name: str) -> ZoneInfo:
        raise ZoneInfoNotFoundError(f"No time zone found with key {name}")

    monkeypatch.setattr(census, "ZoneInfo", unknown)
    report = checked(tmp_path, made)
    assert report.code == 3
    assert "No time zone found with key UTC" in said(report)


MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1))  # noqa: DTZ001 - given below


@given(
    began=MOMENTS,
    due=st.one_of(
        st.none(),
        MOMENTS,
        st.integers(-7200, 46800),
    ),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "Pacific/Auckland", "America/Los_Angeles"]),
)
def test_a_runs_night_is_counted_as_the_product_counts_it(
    began: datetime, due: datetime | int | None, zone: str
) -> None:
    """Written twice on purpose: the verifier shares no code with what it checks."""
    utc = ZoneInfo("UTC")
    began = began.replace(tzinfo=utc)
    if isinstance(due, int):
        due = datetime.fromtimestamp(began.timestamp() - due, utc)
    due = due and due.replace(tzinfo=utc)
    body = {"at": began.isoformat(), "planned": [{}]} | (
        {"due_at": due.isoformat()} if due else {}
    )
    asked = Run(id="run", number=1, started=body)
    own = Run(id="run", number=1, started=body | {"zone": zone})
    counted = census.counted(asked, zone).night
    assert census.counted(own, "Asia/Tokyo").night == counted
    assert counted == date_in(ZoneInfo(zone), counted_from(began, due_at=due or began))
    assert (census.EARLY, census.LATE) == (SKEW, LATE)
