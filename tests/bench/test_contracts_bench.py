"""The bench of contracts judges what it says: 55 rules, one of which fails where it should."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.contracts import (
    FAILING,
    FLOOR,
    LARGE,
    OURS,
    SHUFFLED,
    SMALL,
    SODA,
    measured_of,
    require_answers,
)
from bench.judging import lineitem, ours
from bench.peers import Ran
from contracts import engines


@pytest.mark.parametrize(
    ("change", "right"),
    [("as it is", {}), ("in no order", {}), ("wrong", {"in_range(1, 50)": 100})],
)
def test_lineitem_keeps_55_rules_unless_it_is_wrong(tmp_path: Path, change: str, right) -> None:
    made = lineitem.generate(tmp_path, scale=0.001)
    landed = lineitem.land(made, tmp_path / "landed" / "a.parquet", rows=600, change=change)
    contract = ours.contract(("l_orderkey", "l_linenumber"))
    result = engines.evaluate(contract, landed.path, sha256=landed.sha256)
    assert (landed.rows, result.rows, len(result.rules)) == (600, 600, 55)
    failed = {one.rule: one.failed for one in result.rules if one.failed or one.error}
    assert failed == right


def _ran(cpu: float, peak: float, *failed: str, not_run: tuple[str, ...] = ()) -> Ran:
    found = {
        "failed": dict.fromkeys(failed, 1),
        "not_run": list(not_run),
        "cpu": cpu / 2,
        "over_imports": peak / 2,
    }
    return Ran(wall=9.0, cpu=cpu, peak=peak, found=found)


def _found(**changed: Ran) -> dict[str, dict[str, list[Ran]]]:
    """Ours takes half of what the others take."""
    good = {name: [_ran(2.0, 200.0)] for name in (FLOOR, SODA.name)} | {OURS: [_ran(1.0, 100.0)]}
    wrong = {FLOOR: [_ran(2.0, 200.0, "quantity")], OURS: [_ran(1.0, 100.0, "in_range")]}
    large = good | {name: [one] for name, one in changed.items()}
    return {LARGE: large, SHUFFLED: good, SMALL: good, FAILING: wrong}


def test_a_wrong_answer_ends_the_bench() -> None:
    require_answers(_found())
    for wrong in (_ran(1.0, 1.0, "quantity"), _ran(1.0, 1.0, not_run=("unique",))):
        with pytest.raises(RuntimeError, match="ours on 6 M rows"):
            require_answers(_found(**{OURS: wrong}))


def test_a_ratio_is_ours_over_theirs_and_what_was_left_out_is_not_met() -> None:
    metrics = {(one.unit, one.metric): one for one in measured_of(_found(), {})}
    [over] = [one for (unit, _), one in metrics.items() if unit.startswith("CPU seconds, whole")][
        :1
    ]
    assert (over.value, over.goal, over.met) == (0.5, 0.75, True)
    left_out = [one for (unit, _), one in metrics.items() if unit.startswith("60 M") and one.goal]
    assert [one.met for one in left_out] == [False, False]
