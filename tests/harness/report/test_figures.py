"""What the page says of a reading's witness and of the answers that it got."""

from __future__ import annotations

from connectors.events import Witness, WitnessKind
from harness.facts import StatusCount
from harness.report.figures import statuses, witness
from tests.harness.claims.made import reading


def test_a_witness_that_only_refutes_says_what_would_prove() -> None:
    total = Witness(
        kind=WitnessKind.DECLARED_TOTAL, declared=1_500, unit="rows", detail="next is null"
    )
    told = witness(reading(witness=total, unwitnessed="rows may move: name unmoved"))
    assert told == (
        "declared total: 1,500 rows declared, 1,500 read; next is null; "
        "rows may move: name unmoved"
    )


def test_without_a_witness_the_page_says_why() -> None:
    assert witness(reading(witness=None, unwitnessed="a view")) == "none: a view"
    assert witness(reading(witness=None)).startswith("none: the source did not say")


def test_refusals_are_counted_by_status() -> None:
    assert statuses([StatusCount(status="503", n=3), StatusCount(status="SlowDown", n=1_000)]) == (
        "503 (3), SlowDown (1,000)"
    )
