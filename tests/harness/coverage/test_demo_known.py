"""The demo says how many of its verdicts are as known of its servers, and names the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from harness.coverage.prover import expected
from harness.onboarding.demo_known import lines
from harness.result import Judged, Result
from harness.verdict import Outcome
from tests.coverage_table import judged
from tests.harness.report import sample

SCALE = expected().scale


def trials(**found: list[Judged]) -> Mapping[str, Result]:
    return {
        name.replace("_", "-"): replace(sample.as_found(), judged=tuple(of))
        for name, of in found.items()
    }


def test_all_are_as_known() -> None:
    known = trials(as_found=judged("as-found"), repaired=judged("repaired"))
    assert list(lines(known, scale=SCALE)) == [
        "116 of 116 verdicts are as known of these servers (prover.json)"
    ]


def test_each_that_is_not_as_known_is_named() -> None:
    first, *others = judged("as-found")
    wrong = replace(first, verdict=replace(first.verdict, outcome=Outcome.BROKEN))
    found = trials(as_found=[wrong, *others], repaired=judged("repaired")[:-1])
    assert list(lines(found, scale=SCALE)) == [
        "114 of 116 verdicts are as known of these servers (prover.json)",
        "  as-found, crm authenticated: BROKEN, known as PROVEN",
        "  repaired, vendor.prices arrives: not judged, known as UNPROVEN",
    ]


def test_at_another_scale_nothing_is_known() -> None:
    known = trials(as_found=judged("as-found"), repaired=judged("repaired"))
    assert list(lines(known, scale=1)) == []
