"""Whole verdicts of `complete`: every word and number that a reader is given."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from connectors.events import Witness, WitnessKind
from contracts.promises import Volume
from harness.claims.complete import prove
from harness.verdict import Outcome, Verdict
from tests.harness.claims.made import DAY, NIGHTLY, TODAY, evaluation, failed, reading, rule
from tests.harness.claims.worded import worded

complete = partial(
    Verdict,
    claim="complete",
    expected="all that the source declares",
    method="the source's own count against what was read, one trial a row",
    observed="1,500 of 1,500 rows",
    n=1_500,
)
proven, broken = (
    partial(complete, outcome=Outcome.PROVEN),
    partial(complete, outcome=Outcome.BROKEN),
)
unproven, error = (
    partial(complete, outcome=Outcome.UNPROVEN),
    partial(complete, outcome=Outcome.ERROR),
)


def says(kind: WitnessKind, declared: int = 1_500, unit: str = "rows") -> Witness:
    return Witness(kind=kind, declared=declared, unit=unit, detail="")


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ([], unproven(because="Nothing was read.", observed="no reading", n=0)),
        (
            [failed("SourceUnavailable", "gone", blank_lines=1)],
            error(
                because="The reading failed: gone; 1 blank line passed over.",
                observed="failed: SourceUnavailable",
                n=0,
            ),
        ),
        (
            [reading(blank_lines=2), reading(slot=TODAY - DAY, blank_lines=7)],
            proven(
                because="The source declared 1,500 rows (snapshot count), and all were read: "
                "1,500 rows, as of 2026-11-20 06:00 UTC; 2 blank lines passed over."
            ),
        ),
        (
            [reading(slot=TODAY - DAY, blank_lines=7), reading(rows=1, witness=None)],
            unproven(
                because="1 row came, and the source gave no witness to hold against them.",
                observed="1 row, no witness",
                n=1,
            ),
        ),
        (
            [reading(witness=None, unwitnessed="rows may be\nhidden.")],
            unproven(
                because="1,500 rows came, and the source gave no witness to hold against them: "
                "rows may be hidden.",
                observed="1,500 rows, no witness",
            ),
        ),
        (
            [reading(witness=says(WitnessKind.SENDERS_WORD, unit="pages"))],
            error(
                because="The source's witness counts neither rows nor bytes: "
                "it cannot be compared.",
                observed="1,500 rows",
            ),
        ),
        (
            [reading(witness=says(WitnessKind.SENDERS_WORD, 1_501), unwitnessed="one moved")],
            broken(
                because="The source declared 1,501 rows (sender's word), and 1,500 were read: "
                "one moved.",
                observed="1,500 of 1,501 rows",
            ),
        ),
        (
            [reading(rows=0, bytes=1_061, witness=says(WitnessKind.LISTING, 1_061, "bytes"))],
            broken(
                because="The source holds nothing: 0 rows, and its listing agrees.",
                observed="1,061 of 1,061 bytes",
                n=0,
            ),
        ),
        (
            [reading(rows=1, bytes=1, witness=says(WitnessKind.SENDERS_WORD, 1, "bytes"))],
            proven(
                because="The source declared 1 bytes (sender's word), and all were read: "
                "1 row, as of 2026-11-20 06:00 UTC.",
                observed="1 of 1 bytes",
                n=1,
            ),
        ),
        (
            [reading(witness=says(WitnessKind.DECLARED_TOTAL), unwitnessed="rows move")],
            unproven(
                because="The source declared 1,500 rows (declared total) and as much was read, "
                "but that does not prove that it is all: rows move."
            ),
        ),
        (
            [reading(witness=says(WitnessKind.IMMUTABLE_KEY)), evaluation()],
            proven(
                because="The source declared 1,500 rows (immutable key), and all were read: "
                "1,500 rows, as of 2026-11-20 06:00 UTC."
            ),
        ),
        (
            [reading(witness=says(WitnessKind.ONE_SNAPSHOT))],
            unproven(
                because="The source declared 1,500 rows (one snapshot), but whether a row came "
                "twice was not looked at (order_key)."
            ),
        ),
    ],
)
def test_every_word_of_a_verdict(facts, verdict):
    assert worded(prove(NIGHTLY, facts)) == verdict


@pytest.mark.parametrize(
    ("bytes_", "declared", "unit", "verdict"),
    [
        (
            0,
            0,
            "bytes",
            unproven(
                because="No file was listed that holds anything: see that its name is right.",
                observed="0 of 0 bytes",
                n=0,
            ),
        ),
        (
            0,
            0,
            "rows",
            proven(
                because="The source declared 0 rows (snapshot count), and all were read: 0 rows, "
                "as of 2026-11-20 06:00 UTC.",
                observed="0 of 0 rows",
                n=0,
            ),
        ),
        (
            1,
            1,
            "bytes",
            proven(
                because="The source declared 1 bytes (snapshot count), and all were read: 0 rows, "
                "as of 2026-11-20 06:00 UTC.",
                observed="1 of 1 bytes",
                n=0,
            ),
        ),
    ],
)
def test_an_empty_source_may_be_promised_but_no_file_at_all_proves_nothing(
    bytes_, declared, unit, verdict
):
    empty = replace(NIGHTLY, volume=Volume(minimum=0))
    said = says(WitnessKind.SNAPSHOT_COUNT, declared, unit)
    found = prove(empty, [reading(rows=0, bytes=bytes_, witness=said)])
    assert worded(found) == verdict


KEY = "order_key, line"


@pytest.mark.parametrize(
    ("rules", "doubt"),
    [
        ([rule("unique", "order_key"), rule("unique", "line")], f"was not looked at ({KEY})"),
        ([rule("not_null", KEY)], f"was not looked at ({KEY})"),
        ([rule("unique", KEY, failed=1)], f"1 row share their {KEY}: as many may be missing"),
        (
            [rule("unique", KEY, failed=2), rule("unique", KEY, failed=1)],
            f"3 rows share their {KEY}: as many may be missing",
        ),
        ([rule("unique", KEY), rule("unique", KEY, checked=0)], f"{KEY} could not be looked at"),
        ([rule("unique", KEY), rule("not_null", None)], None),
    ],
)
def test_a_key_of_several_columns_is_looked_at_as_one(rules, doubt):
    promises = replace(NIGHTLY, key=("order_key", "line"))
    total = reading(witness=says(WitnessKind.READ_TWICE))
    verdict = prove(promises, [total, evaluation(*rules)])
    assert verdict.outcome is (Outcome.UNPROVEN if doubt else Outcome.PROVEN)
    assert doubt is None or verdict.because.endswith(f"{doubt}.")
