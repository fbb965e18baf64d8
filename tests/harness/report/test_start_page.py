"""The start page of the UI: the ledger's last verdicts, and where Dagster says otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from harness.facts import EvidenceClass
from harness.report.start import Shown, Start, difference, render, rows
from harness.result import Planned, RecordedVerdict
from harness.verdict import Outcome, Verdict

COMPLETE = Planned(source="crm", dataset="customers", claim="complete")
OWNED = Planned(source="crm", dataset=None, claim="owned")
RUN, OLDER = "aaaaaaaa-1", "bbbbbbbb-2"


def recorded(
    planned: Planned = COMPLETE,
    outcome: Outcome = Outcome.UNPROVEN,
    *,
    run: str = RUN,
    because: str = "no witness",
    hour: int = 1,
) -> RecordedVerdict:
    return RecordedVerdict(
        run=run,
        slot=date(2026, 11, 27),
        at=datetime(2026, 11, 28, hour, 2, tzinfo=UTC),
        source=planned.source,
        dataset=planned.dataset,
        evidence_class=EvidenceClass.SANDBOX,
        verdict=Verdict(
            claim=planned.claim,
            outcome=outcome,
            because=because,
            expected="",
            observed="",
            n=0,
            method="",
        ),
    )


PROVEN = recorded(outcome=Outcome.PROVEN)
SAME = {
    "an unproven check that failed": (recorded(), Shown(status="FAILED", run=RUN)),
    "a proven one that succeeded": (PROVEN, Shown(status="SUCCEEDED", run=RUN)),
    "nothing anywhere": (None, None),
}
MISLEADING = {
    "green, and unproven": (recorded(), Shown(status="SUCCEEDED", run=RUN)),
    "red, and proven": (PROVEN, Shown(status="FAILED", run=RUN)),
    "green by hand, and unproven": (recorded(), Shown(status="SUCCEEDED", run="")),
    "green by hand, and proven": (PROVEN, Shown(status="SUCCEEDED", run="")),
    "green by hand, and never judged": (None, Shown(status="SUCCEEDED", run="")),
    "green by a run that is not in the ledger": (None, Shown(status="SUCCEEDED", run=RUN)),
    "green of an older night": (recorded(), Shown(status="SUCCEEDED", run=OLDER)),
}
OLD = {
    "of another run": (recorded(), Shown(status="FAILED", run=OLDER)),
    "by the command line alone": (recorded(), None),
    "of a run that has not got so far": (recorded(), Shown(status="PLANNED", run=OLDER)),
}


@pytest.mark.parametrize(("ours", "theirs"), SAME.values(), ids=SAME)
def test_where_both_say_the_same_nothing_is_marked(
    ours: RecordedVerdict | None, theirs: Shown | None
) -> None:
    assert difference(ours, theirs) is None


@pytest.mark.parametrize(("ours", "theirs"), MISLEADING.values(), ids=MISLEADING)
def test_what_may_be_taken_for_a_verdict_is_marked(
    ours: RecordedVerdict | None, theirs: Shown
) -> None:
    found = difference(ours, theirs)
    assert found is not None
    assert found.misleads
    assert theirs.status in found.text


@pytest.mark.parametrize(("ours", "theirs"), OLD.values(), ids=OLD)
def test_what_is_only_older_or_missing_is_told(
    ours: RecordedVerdict, theirs: Shown | None
) -> None:
    found = difference(ours, theirs)
    assert found is not None
    assert not found.misleads


def page(**changes: object) -> Start:
    known = {COMPLETE: recorded(), OWNED: recorded(OWNED, Outcome.PROVEN)}
    shown = {COMPLETE: Shown(status="SUCCEEDED", run="")}
    given = {
        "pilot": "acme",
        "title": "Predict <late> orders",
        "environment": "dev",
        "user": "ada",
        "role": "operator",
        "rows": rows(known.keys(), known, shown, {COMPLETE: "/assets/acme/crm/customers"}),
        "problem": None,
        "report": False,
        "operates": True,
        **changes,
    }
    return Start(**given)  # type: ignore[arg-type]


def test_what_misleads_comes_first_and_is_counted() -> None:
    shown = render(page())
    assert "Dagster says otherwise in 1 of 2 checks." in shown
    assert "SUCCEEDED was reported by hand; no run judged it" in shown
    assert shown.index(">complete<") < shown.index(">owned<")


def test_a_claim_that_no_run_judged_is_not_run() -> None:
    """Absence never passes."""
    (row,) = rows({COMPLETE}, {}, {}, {})
    assert row.outcome is Outcome.NOT_RUN
    assert not page(rows=(row,)).ready
    assert not page(rows=()).ready


def test_it_is_ready_where_one_run_proved_all() -> None:
    proven = {p: recorded(p, Outcome.PROVEN) for p in (COMPLETE, OWNED)}
    assert page(rows=rows(proven.keys(), proven, {}, {})).ready
    by_two = proven | {OWNED: recorded(OWNED, Outcome.PROVEN, run=OLDER)}
    two = page(rows=rows(by_two.keys(), by_two, {}, {}))
    assert not two.ready
    assert "The verdicts are of 2 runs; ready is what one run proves." in render(two)


@pytest.mark.parametrize(
    ("outcome", "hour", "ready"),
    [(Outcome.PROVEN, 2, True), (Outcome.BROKEN, 2, False), (Outcome.PROVEN, 0, False)],
)
def test_a_look_for_drift_after_that_run_says_more_of_the_columns_alone(
    outcome: Outcome, hour: int, *, ready: bool
) -> None:
    """One before it does not: that run did not judge them."""
    columns = replace(COMPLETE, claim="stable_schema")
    proven = {p: recorded(p, Outcome.PROVEN) for p in (COMPLETE, OWNED)}
    proven[columns] = recorded(columns, outcome, run=OLDER, hour=hour)
    assert page(rows=rows(proven.keys(), proven, {}, {})).ready is ready


def test_a_reader_is_offered_no_run() -> None:
    assert "Start a run" in render(page())
    assert "Start a run" not in render(page(operates=False))


def test_nothing_from_a_source_is_markup() -> None:
    evil = recorded(because="<script>alert(1)</script> \u202egnp")
    shown = render(page(rows=rows({COMPLETE}, {COMPLETE: evil}, {}, {})))
    assert "<script" not in shown
    assert "\u202e" not in shown
    assert "Predict &lt;late&gt; orders" in shown
