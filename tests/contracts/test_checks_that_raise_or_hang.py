"""Faults C08 and C09: a check that raises is ERROR, and a pattern cannot take for ever."""

from __future__ import annotations

import re
from pathlib import Path

import pandera.polars as pa
import polars as pl
import pytest

from contracts import checks
from contracts.checks import ContractError, check
from contracts.engines import one_pass, reference
from contracts.evaluation import Evaluation, RuleCount
from contracts.promises import Promises
from contracts.rules import Rule
from harness.claims.conforms import prove
from harness.verdict import Outcome
from tests.contracts.landed import contract, failures, land, row
from tests.harness.claims.made import reading

PROMISES = Promises(key=("key", "line"))
ENGINES = [one_pass.evaluate, reference.evaluate]


def divides(_: pa.PolarsData) -> pl.LazyFrame:
    raise ZeroDivisionError


RAISING = contract(key=pa.Column(pl.Int64, pa.Check(divides), description="number"))


def outcome(result: Evaluation) -> Outcome:
    return prove(PROMISES, [reading(dataset="orders", rows=result.rows), result]).outcome


@pytest.mark.parametrize("evaluate", ENGINES)
def test_c08_a_check_that_divides_by_zero_is_an_error_and_no_pass(evaluate, tmp_path: Path):
    result = evaluate(RAISING, land(tmp_path, RAISING, [row(1), row(2)]))
    [raised] = [rule for rule in result.rules if rule.error]
    assert (raised.rule, raised.checked) == ("divides()", 0)
    assert raised.error == "the rule raised ZeroDivisionError"
    assert outcome(result) is Outcome.ERROR


def test_c08_without_the_guard_it_would_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The twin: an engine that takes a rule which raised for one that found nothing."""

    def swallowed(rule: Rule, _: str) -> RuleCount:
        return RuleCount(rule=rule.text, column=rule.column, checked=2, failed=0)

    monkeypatch.setattr(reference, "not_run", swallowed)
    result = reference.evaluate(RAISING, land(tmp_path, RAISING, [row(1), row(2)]))
    assert outcome(result) is Outcome.PROVEN


BACKTRACKING_ONLY = {
    "look-ahead": r"^(?=A)A",
    "look-behind": r"A(?<=A)",
    "what a group held": r"^(A)\1",
    "a group that depends on another": r"^(A)?(?(1)B|C)",
}
"""What only an engine that backtracks can match: each is harmless, and `re` takes it."""


@pytest.mark.parametrize("pattern", BACKTRACKING_ONLY.values(), ids=BACKTRACKING_ONLY)
@pytest.mark.parametrize("rule", [pa.Check.str_matches, pa.Check.str_contains])
def test_c09_what_needs_backtracking_is_refused_when_the_contract_is_loaded(rule, pattern: str):
    re.compile(pattern)
    with pytest.raises(ContractError, match="the linear-time engine refuses"):
        check(patterned(rule(pattern)))


@pytest.mark.parametrize("pattern", BACKTRACKING_ONLY.values(), ids=BACKTRACKING_ONLY)
def test_c09_without_the_guard_it_would_be_loaded_and_never_judged(
    pattern: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The twin: nothing that backtracks would take it over."""
    monkeypatch.setattr(checks, "_is_refused", lambda _: False)
    monkeypatch.setattr("contracts.engines.trial.try_once", lambda *_: None)
    loaded = patterned(pa.Check.str_matches(pattern))
    check(loaded)
    for evaluate in ENGINES:
        result = evaluate(loaded, land(tmp_path, loaded, [row(1)]))
        assert outcome(result) is Outcome.ERROR


@pytest.mark.parametrize("evaluate", ENGINES)
def test_c09_the_linear_engine_judges_in_both_engines(evaluate, tmp_path: Path):
    """By an answer that tells them apart: for `re`, `$` also matches before a last line break."""
    assert re.search("^AIR$", "AIR\n")
    whole = patterned(pa.Check.str_matches("^AIR$"))
    check(whole)
    result = evaluate(whole, land(tmp_path, whole, [row(1, mode="AIR"), row(2, mode="AIR\n")]))
    assert failures(result) == {("str_matches(^AIR$)", "mode"): 1}


def patterned(rule: pa.Check):
    return contract(mode=pa.Column(pl.String, rule, description="how"))
