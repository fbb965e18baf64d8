from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from connectors.events import Declared, DeclaredColumn, declare_names
from harness.claims.stable_schema import prove
from harness.facts import Baseline, Fact, ReadColumn
from harness.verdict import Outcome, Verdict
from tests.harness.claims.made import NIGHTLY, NOW, failed, night, reading
from tests.harness.claims.worded import worded

TABLE = Declared(
    by="catalogue",
    columns=(
        DeclaredColumn(name="order_key", type="bigint", nullable=False),
        DeclaredColumn(name="clerk", type="varchar(20)", nullable=True),
        DeclaredColumn(name="priority", type="varchar(15)", nullable=True),
    ),
    key=("order_key",),
)


def baseline(declared: Declared = TABLE) -> Baseline:
    return Baseline(
        source="erp",
        dataset="orders",
        approved_by="Ada Okafor",
        approved_on=date(2026, 11, 2),
        run="r1",
        declared=declared,
    )


def five(letter: str) -> tuple[DeclaredColumn, ...]:
    return tuple(
        DeclaredColumn(name=f"{letter}{n}", type="int", nullable=True) for n in range(1, 6)
    )


def test_the_columns_that_were_approved_are_proven():
    verdict = prove(NIGHTLY, [reading(declared=TABLE), baseline()])
    assert (verdict.outcome, verdict.n) == (Outcome.PROVEN, 3)
    assert verdict.because == (
        "3 columns as Ada Okafor approved them on 2026-11-02, in name, type and whether a value "
        "may be missing."
    )


def test_what_was_renamed_and_narrowed_is_broken_by_name():
    key, clerk, priority = TABLE.columns
    changed = replace(
        TABLE,
        columns=(key, replace(clerk, name="officer"), replace(priority, type="varchar(8)")),
    )
    verdict = prove(NIGHTLY, [reading(declared=changed), baseline()])
    assert (verdict.outcome, verdict.observed) == (Outcome.BROKEN, "2 changes")
    assert verdict.because == (
        "2 changes since Ada Okafor approved on 2026-11-02: clerk was renamed to officer and "
        "priority was narrowed from varchar(15) to varchar(8)."
    )


def test_each_change_is_breaking_or_compatible_for_the_contract():
    key, clerk, _ = TABLE.columns
    changed = replace(TABLE, columns=(replace(key, type="numeric(20, 0)"), clerk))
    reads = (
        ReadColumn(name="order_key", type="int64", nullable=False, listed=None),
        ReadColumn(name="clerk", type="string", nullable=True, listed=None),
    )
    verdict = prove(NIGHTLY, [reading(declared=changed), replace(baseline(), reads=reads)])
    assert (verdict.outcome, verdict.observed) == (
        Outcome.BROKEN,
        "2 changes (1 of them breaking)",
    )
    assert verdict.because == (
        "2 changes (1 of them breaking) since Ada Okafor approved on 2026-11-02: order_key was "
        "widened from bigint to numeric(20, 0) (breaking) and priority (varchar(15)) was removed "
        "(compatible)."
    )


def test_a_compatible_change_is_as_red_until_it_is_approved():
    """Guard: were only breaking changes red, the second would be PROVEN."""
    less = replace(TABLE, columns=TABLE.columns[:2])
    reads = (ReadColumn(name="order_key", type="int64", nullable=False, listed=None),)
    verdict = prove(NIGHTLY, [reading(declared=less), replace(baseline(), reads=reads)])
    assert verdict.outcome is Outcome.BROKEN
    assert verdict.because.endswith("priority (varchar(15)) was removed (compatible).")


def test_a_new_column_is_a_change_until_somebody_approves_it():
    new = DeclaredColumn(name="note", type="text", nullable=True)
    more = replace(TABLE, columns=(*TABLE.columns, new))
    verdict = prove(NIGHTLY, [reading(declared=more), baseline()])
    assert verdict.outcome is Outcome.BROKEN
    assert verdict.because.endswith("note (text) was added.")
    assert prove(NIGHTLY, [reading(declared=more), baseline(more)]).outcome is Outcome.PROVEN


def test_without_a_baseline_nothing_is_proven():
    verdict = prove(NIGHTLY, [reading(declared=TABLE)])
    assert verdict.outcome is Outcome.UNPROVEN
    assert verdict.because == (
        "3 columns seen and none approved: 1 approval is needed, by seatrial baseline approve."
    )


def test_last_nights_columns_are_no_baseline_c10():
    """C10. Guard: were the night before taken for what was approved, this would be PROVEN."""
    nights = [night(date(2026, 11, day), declared=TABLE) for day in (17, 18)]
    facts = [*nights, reading(declared=TABLE)]
    assert prove(NIGHTLY, facts).outcome is Outcome.UNPROVEN
    assert prove(NIGHTLY, [*facts, baseline(TABLE)]).outcome is Outcome.PROVEN


@pytest.mark.parametrize("declared", [None, replace(TABLE, columns=())])
def test_a_source_that_told_no_columns_proves_nothing(declared):
    verdict = prove(NIGHTLY, [reading(declared=declared), baseline(replace(TABLE, columns=()))])
    assert verdict.outcome is Outcome.UNPROVEN
    assert "told no columns" in verdict.because


def test_an_empty_baseline_is_no_baseline():
    nothing = replace(TABLE, columns=(), key=())
    assert prove(NIGHTLY, [reading(declared=TABLE), baseline(nothing)]).outcome is Outcome.BROKEN


def test_a_failed_reading_is_no_proof_and_hides_no_change():
    gone = failed("SourceChanged", "table orders has none of the contract's columns")
    assert prove(NIGHTLY, [gone, baseline()]).outcome is Outcome.ERROR
    told = replace(gone, declared=TABLE)
    assert prove(NIGHTLY, [told, baseline()]).outcome is Outcome.ERROR
    other = replace(TABLE, columns=TABLE.columns[:1])
    verdict = prove(NIGHTLY, [replace(gone, declared=other), baseline()])
    assert verdict.outcome is Outcome.BROKEN
    assert "clerk (varchar(20)) was removed" in verdict.because


def test_only_the_latest_reading_counts():
    earlier = night(date(2026, 11, 1), declared=TABLE)
    latest = reading(declared=replace(TABLE, columns=TABLE.columns[:2]))
    assert prove(NIGHTLY, [latest, earlier, baseline()]).outcome is Outcome.BROKEN


def test_a_header_proves_names_and_says_that_it_tells_no_more():
    header = declare_names([column.name for column in TABLE.columns], by="header")
    verdict = prove(NIGHTLY, [reading(declared=header), baseline(header)])
    assert verdict.outcome is Outcome.PROVEN
    assert verdict.because.endswith("in name, which is all that its header tells.")


def test_a_name_from_a_source_cannot_forge_a_line():
    evil = DeclaredColumn(name="x\n\x1b[2J PROVEN", type="text", nullable=True)
    more = replace(TABLE, columns=(*TABLE.columns, evil))
    because = prove(NIGHTLY, [reading(declared=more, started_at=NOW), baseline()]).because
    assert because.isprintable()


HEADER = declare_names([column.name for column in TABLE.columns], by="header")
NOTHING = replace(TABLE, columns=(), key=())
WHOLE = "in name, type and whether a value may be missing"
TOLD: dict[str, tuple[list[Fact], Outcome, str, str, int]] = {
    "nothing read": ([baseline()], Outcome.UNPROVEN, "Nothing was read.", "no reading", 0),
    "one change of many": (
        [reading(declared=replace(TABLE, key=())), baseline()],
        Outcome.BROKEN,
        (
            "1 change since Ada Okafor approved on 2026-11-02: the primary key changed from "
            "order_key to none."
        ),
        "1 change",
        3,
    ),
    "four are named": (
        [reading(declared=TABLE), baseline(replace(NOTHING, columns=five("c")))],
        Outcome.BROKEN,
        (
            "9 changes since Ada Okafor approved on 2026-11-02: c1 (int) was removed, c2 (int) "
            "was removed, c3 (int) was removed, c4 (int) was removed and 5 more."
        ),
        "9 changes",
        5,
    ),
    "no columns told": (
        [reading(declared=None), baseline()],
        Outcome.UNPROVEN,
        "The source told no columns: there is nothing to hold against a baseline.",
        "no columns told",
        0,
    ),
    "none seen and none approved": (
        [reading(declared=NOTHING), baseline(NOTHING)],
        Outcome.UNPROVEN,
        "The source told no columns: there is nothing to hold against a baseline.",
        "no columns told",
        0,
    ),
    "no baseline": (
        [reading(declared=TABLE)],
        Outcome.UNPROVEN,
        "3 columns seen and none approved: 1 approval is needed, by seatrial baseline approve.",
        "3 columns, none approved",
        0,
    ),
    "the last baseline": (
        [baseline(NOTHING), baseline(), reading(declared=TABLE)],
        Outcome.PROVEN,
        f"3 columns as Ada Okafor approved them on 2026-11-02, {WHOLE}.",
        "0 changes in 3 columns",
        3,
    ),
    "a header": (
        [reading(declared=HEADER), baseline()],
        Outcome.PROVEN,
        (
            "3 columns as Ada Okafor approved them on 2026-11-02, in name, which is all that its "
            "header tells."
        ),
        "0 changes in 3 columns",
        3,
    ),
    "against a header": (
        [reading(declared=TABLE), baseline(HEADER)],
        Outcome.PROVEN,
        (
            "3 columns as Ada Okafor approved them on 2026-11-02, in name, which is all that its "
            "catalogue tells."
        ),
        "0 changes in 3 columns",
        3,
    ),
}


@pytest.mark.parametrize("told", TOLD.values(), ids=TOLD)
def test_a_verdict_is_told_in_full(told: tuple[list[Fact], Outcome, str, str, int]) -> None:
    facts, outcome, because, observed, n = told
    assert worded(prove(NIGHTLY, facts)) == Verdict(
        claim="stable_schema",
        outcome=outcome,
        because=because,
        expected="the columns that were approved",
        observed=observed,
        n=n,
        method="every declared column against baseline.json, one trial a column",
    )


def test_who_approved_is_shown_safely() -> None:
    forged = replace(baseline(), approved_by="Ada\n\x1b[2J")
    for declared in (TABLE, NOTHING):
        assert prove(NIGHTLY, [reading(declared=declared), forged]).because.isprintable()
