"""`stable_schema` of files that differ: what changed, and from which file on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from connectors.events import Declared, DeclaredColumn
from harness.claims import schema_by_file
from harness.claims.stable_schema import prove
from harness.facts import DECLARATIONS, Baseline, Delivery, Reading
from harness.verdict import Outcome, Verdict
from tests.harness.claims.made import NIGHTLY, failed, reading

APPROVED = date(2026, 11, 2)
KEY = DeclaredColumn(name="key", type="int64", nullable=False)
MORE = DeclaredColumn(name="more", type="int64", nullable=True)
USUAL = Declared(by="footer", columns=(KEY,))
WIDER = Declared(by="footer", columns=(KEY, MORE))
NARROW = Declared(by="footer", columns=(replace(KEY, type="int32"),))


def approved(declared: Declared = USUAL) -> Baseline:
    return Baseline(
        source="erp",
        dataset="orders",
        approved_by="Ada Okafor",
        approved_on=APPROVED,
        run="r1",
        declared=declared,
    )


def files(*declares: int, of: tuple[Declared, ...], days_after: int = 1) -> Reading:
    """A reading of files `1`, `2` …, made available one a day from so long after the approval."""
    first = datetime(2026, 11, 2, 12, tzinfo=UTC) + timedelta(days=days_after)
    delivered = tuple(
        Delivery(
            name=str(number),
            day=None,
            available_at=first + timedelta(days=number - 1),
            rows=1,
            newest_event_at=None,
            sha256="",
            declares=place,
        )
        for number, place in enumerate(declares, 1)
    )
    last = of[min(declares[-1], len(of) - 1)]
    several = of if len(set(declares)) > 1 else ()
    return reading(declared=last, declarations=several, deliveries=delivered)


def judged(made: Reading, baseline: Baseline) -> Verdict:
    return prove(NIGHTLY, [made, baseline])


def broken(made: Reading, baseline: Baseline) -> str:
    verdict = judged(made, baseline)
    assert verdict.outcome is Outcome.BROKEN
    return verdict.because.partition(": ")[2]


def test_what_came_to_stay_is_told_from_its_first_file_on() -> None:
    made = files(0, 0, 1, 1, of=(USUAL, WIDER))
    assert broken(made, approved()) == "more (int64) was added from 3 on."
    assert judged(made, approved()).observed == "1 change"


def test_one_odd_file_is_told_wherever_it_stands() -> None:
    """Also where the last file is as approved: its own columns would hide the others'."""
    assert broken(files(0, 1, 0, of=(USUAL, WIDER)), approved()) == (
        "more (int64) was added in 2 alone."
    )
    assert broken(files(0, 1, 1, of=(WIDER, USUAL)), approved()) == (
        "more (int64) was added in 1 alone."
    )


def test_without_the_files_before_the_last_one_an_odd_file_would_pass(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The guard switched off: only the last file is looked at."""
    monkeypatch.setattr(schema_by_file, "_judged", lambda _, made, __: [(2, made.deliveries[-1])])
    assert judged(files(0, 1, 0, of=(USUAL, WIDER)), approved()).outcome is Outcome.PROVEN


def test_what_comes_and_goes_is_counted() -> None:
    assert broken(files(0, 1, 0, 1, 0, of=(USUAL, NARROW)), approved()) == (
        "key was narrowed from int64 to int32 in 2 files, first in 2."
    )


def test_each_change_has_its_own_file_and_the_gravest_is_first() -> None:
    gone = Declared(by="footer", columns=(MORE,))
    assert broken(files(0, 1, 2, of=(USUAL, WIDER, gone)), approved()) == (
        "key (int64) was removed from 3 on and more (int64) was added from 2 on."
    )


def test_files_that_were_there_when_it_was_approved_are_no_change() -> None:
    """Else an approved change would stay red until retention has removed them all."""
    made = files(0, 0, 1, 1, of=(USUAL, WIDER), days_after=-1)
    verdict = judged(made, approved(WIDER))
    assert verdict.outcome is Outcome.PROVEN
    assert verdict.because.endswith("a value may be missing; 2 files of before declare others.")


def test_what_comes_after_the_approval_is_a_change_even_if_it_was_so_before() -> None:
    made = files(0, 1, 0, 1, of=(USUAL, WIDER), days_after=-1)
    assert broken(made, approved(WIDER)) == "more (int64) was removed in 3 alone."


def test_the_last_file_is_held_against_the_approval_however_old_it_is() -> None:
    made = files(0, 1, of=(USUAL, WIDER), days_after=-9)
    assert broken(made, approved()) == "more (int64) was added from 2 on."


def test_declarations_that_were_not_kept_pass_nothing() -> None:
    many = tuple(
        Declared(by="footer", columns=(KEY, replace(MORE, name=f"c{n}")))
        for n in range(DECLARATIONS - 1)
    )
    made = files(0, *range(1, DECLARATIONS), DECLARATIONS, 0, of=(USUAL, *many))
    verdict = judged(made, approved())
    assert (verdict.outcome, verdict.observed) == (Outcome.BROKEN, f"{DECLARATIONS} changes")


def test_a_failed_reading_accuses_no_file_of_before() -> None:
    """Which of its files is the last is not known, so nothing is told and nothing passes."""
    gone = replace(
        failed("SourceChanged", "3: it is cut"), declared=USUAL, declarations=(WIDER, USUAL)
    )
    assert judged(gone, approved(WIDER)).outcome is Outcome.ERROR
    assert broken(gone, approved(NARROW)).startswith("key was widened from int32 to int64")
