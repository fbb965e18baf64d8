from __future__ import annotations

import io
from dataclasses import replace

from hypothesis import given
from rich.cells import cell_len
from rich.console import Console

from harness.report.failed_rules import lines
from harness.report.summary import where
from harness.report.terminal import COLOURS, print_table, told_once
from harness.result import Result
from harness.say import visible
from harness.verdict import Outcome
from tests.harness.report import sample
from tests.harness.report.results import results


def printed(result: Result, *, width: int = 80, colour: bool = False) -> str:
    text = io.StringIO()
    system = "standard" if colour else None
    print_table(
        result, Console(file=text, width=width, force_terminal=colour, color_system=system)
    )
    return text.getvalue()


def packed(text: str) -> str:
    return "".join(text.split())


@given(results)
def test_no_verdict_loses_a_word(result: Result) -> None:
    text = printed(result)
    for judged, because in zip(result.judged, told_once(result.judged), strict=True):
        verdict = judged.verdict
        assert packed(visible(verdict.because)) in packed(text)
        row = f"{verdict.outcome}{judged.planned.claim}{visible(because)}"
        assert packed(row) in packed(text)
        assert packed(visible(judged.planned.source)) in packed(text)


@given(results)
def test_no_failed_rule_loses_a_word(result: Result) -> None:
    text = packed(printed(result))
    for judged in result.judged:
        told = "".join(packed(visible(line)) for _, line in lines(judged.verdict))
        assert told in text


def test_a_failed_rule_is_told_under_its_verdict() -> None:
    shown = printed(sample.as_found()).splitlines()
    start = next(n for n, line in enumerate(shown) if "  BROKEN    conforms" in line)
    share = "(7\N{NO-BREAK SPACE}%)"
    assert [line.rstrip() for line in shown[start + 4 : start + 10]] == [
        f"    market_segment, at most 2 % missing: 1,052 of 15,000 rows fail {share}",
        "      row 14, customer_key 14",
        "      row 29, customer_key 29",
        "      row 43, customer_key 43",
        "      Next: Ask the owner of crm to fill in the values; if the model can do",
        "      without them, raise the share in missing.",
    ]


def test_what_kept_several_claims_from_being_judged_is_told_once() -> None:
    whole = sample.as_found()
    down = [
        replace(one, verdict=replace(one.verdict, outcome=Outcome.ERROR, because="It is down."))
        for one in whole.judged
    ]
    first, *others = told_once(down)
    assert first == "It is down."
    places = [where(one.planned) for one in down]
    for place, reason in zip(places[1:], others, strict=True):
        again = "" if place == places[0] else f" as {places[0]}"
        assert reason == f"for the same reason{again}"


def test_a_reason_of_another_outcome_is_told_wherever_it_is() -> None:
    judged = sample.as_found().judged
    assert list(told_once(judged)) == [one.verdict.because for one in judged]


def test_everything_fits_80_columns() -> None:
    found = sample.as_found()
    long = replace(found.judged[0], verdict=replace(found.judged[0].verdict, because="ab_" * 99))
    for result in (found, replace(found, pilot="long_" * 40, judged=(long,))):
        assert max(cell_len(line) for line in printed(result).splitlines()) <= 80


def test_the_ready_line_comes_last() -> None:
    assert printed(sample.as_found()).splitlines()[-4:] == [
        "planned 22 = executed 22",
        "3 BROKEN, 1 UNPROVEN, 18 PROVEN",
        "Practice: these facts come from simulated sources.",
        "NOT READY: late_deliveries (dev), slot 2026-11-24",
    ]
    found = sample.as_found()
    ready = replace(found, judged=found.judged[:2])
    part = replace(ready, omitted=20)
    assert printed(part).splitlines()[-4] == "planned 22, executed 2: 20 not asked for"
    assert printed(part).splitlines()[-1].startswith("NOT READY: late_deliveries")
    assert printed(ready).splitlines()[-1].startswith("READY: late_deliveries")
    assert printed(sample.empty()).splitlines()[-1].startswith("NOT READY")


def test_whoever_could_not_be_told_is_named() -> None:
    told = printed(replace(sample.as_found(), untold=("Ada by room: \x1b[2J no",)))
    assert "not told: Ada by room: \\x1b[2J no" in told
    assert "not told" not in printed(sample.as_found())


def test_each_outcome_has_a_colour_beside_its_word() -> None:
    assert set(COLOURS) == set(Outcome)
    assert "\x1b[1;31mBROKEN  \x1b[0m" in printed(sample.as_found(), colour=True)
    assert "\x1b" not in printed(sample.as_found())


def test_a_narrow_terminal_loses_no_outcome() -> None:
    text = printed(sample.as_found(), width=48)
    assert sum(line.split()[:1] == ["PROVEN"] for line in text.splitlines()) == 18
