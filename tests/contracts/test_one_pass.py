"""The one-pass engine says what the reference engine says, and names what it leaves to it."""

from __future__ import annotations

import hashlib
import math
import struct
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandera.polars as pa
import polars as pl
import pyarrow.parquet as pq
import pytest

from contracts.engines import evaluate, one_pass, reference
from contracts.evaluation import Evaluation
from contracts.promises import Contract
from tests.contracts.landed import contract, failures, found, land, row

X = pl.col("key")


def own(answer: Callable[[Any], Any], **given: Any) -> pa.Check:
    return pa.Check(lambda data: answer(data.lazyframe), name="own", **given)


def with_check(check: Any) -> Contract:
    return contract(key=pa.Column(pl.Int64, check, description="number"))


def said(evaluation: Evaluation) -> Evaluation:
    """What it says, whoever said it."""
    rules = tuple(replace(rule, engine=None) for rule in evaluation.rules)
    return replace(evaluation, rules=rules, engine="", seconds=0.0)


LANDED: Mapping[str, tuple[list[dict[str, Any]], dict[str, Any]]] = {
    "good": ([row(n) for n in range(1, 9)], {}),
    "none": ([], {}),
    "one": ([row(1)], {}),
    "a column too few": ([row(1), row(2)], {"without": ["line"]}),
    "no delivery": ([row(1), row(2)], {"without": ["_delivery"]}),
    "no rescued": ([row(1), row(2)], {"without": ["_rescued"]}),
    "a column too many": ([row(1)], {"extra": {"colour": "red", "shade": "\x07"}}),
    "values that did not fit": (
        [row(1, line=None, _rescued={"line": "one", "ghost": {"a": [1]}}), row(2), row(3)],
        {},
    ),
    "missing values": (
        [row(1, weight=math.nan, segment="\u00a0"), row(2, at=None, mode=None)],
        {},
    ),
    "the same key": ([row(2), row(2), row(3), row(2, line=2), row(3)], {}),
    "keys that are null": ([row(1, line=None), row(1, line=None), row(2)], {}),
    "control characters": ([row(1, segment="a\x00b"), row(2, segment="a\tb\n")], {}),
    "broken rules": ([row(-1), row(0, mode="SHIP", price="100.01", weight=-0.0)], {}),
}
CHECKS: Mapping[str, Any] = {
    "Pandera's": pa.Check.gt(0),
    "null is a failure": pa.Check.gt(0, ignore_na=False),
    "own, of each row": own(lambda frame: frame.select(X % 2 == 0)),
    "own, of two columns": own(lambda frame: frame.select(pl.col("line") < X)),
    "own, of the table": own(lambda frame: frame.select(X.sum() > 5)),
    "own, of nothing": own(lambda frame: frame.select(pl.col("weight").mean() > 9)),
    "own, of the row before": own(lambda frame: frame.select((X.shift(1) < X).fill_null(True))),
    "own, of a group": own(lambda frame: frame.select(X.count().over("mode") > 1)),
    "own, half of a condition": own(lambda frame: frame.select(pl.when(X > 1).then(X < 3))),
    "own, of some rows": own(lambda frame: frame.select(X.head(2) > 0)),
    "own, after a filter": own(lambda frame: frame.filter(X > 1).select(X.max() < 9)),
    "own, two answers": own(lambda frame: frame.select(a=X > 1, b=X < 4)),
    "own, a bool": own(lambda _: True),
    "own, that wraps": own(lambda frame: frame.select(X * 2**62 > 0)),
    "own, that raises": own(lambda frame: frame.select(pl.col("nowhere") > 0)),
    "own, no boolean": own(lambda frame: frame.select(X)),
    "Python": pa.Check(lambda value: value > 1, element_wise=True, name="python"),
    "the values": pa.Check.unique_values_eq({1, 2, 3}),
    "a bound that does not fit": pa.Check.gt(0.5),
}


@pytest.mark.parametrize(("rows", "how"), LANDED.values(), ids=LANDED)
@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_both_engines_say_the_same(tmp_path, rows, how, check):
    held = with_check(check)
    path = land(tmp_path, held, rows, **how)
    ours = one_pass.evaluate(held, path)
    assert said(ours) == said(reference.evaluate(held, path))


LEFT = ("own, after a filter", "own, two answers", "own, a bool", "Python", "the values")


@pytest.mark.parametrize("name", CHECKS)
def test_a_rule_that_is_left_to_the_reference_engine_names_it(tmp_path, name):
    held = with_check(CHECKS[name])
    counted = one_pass.evaluate(held, land(tmp_path, held, [row(n) for n in (1, 2, 3)]))
    assert counted.engine.startswith("one pass: pandera")
    left = [rule for rule in counted.rules if rule.engine is not None]
    assert {rule.engine for rule in left} <= {reference.ENGINE}
    answered = [rule for rule in left if rule.error is None]
    assert bool(answered) == (name in LEFT)
    assert not answered or [rule.column for rule in answered] == ["key"]


def test_a_rule_that_raises_spoils_no_other(tmp_path, monkeypatch):
    """Whatever raises is asked alone, and then of the reference engine."""
    held = with_check([pa.Check.gt(0), pa.Check.lt(3)])
    path = land(tmp_path, held, [row(n) for n in (1, 2, 3)])
    asked = one_pass.question

    def raises(rule, empty):
        right = asked(rule, empty)
        if rule.text != "greater_than(0)" or rule.column != "key":
            return right
        return replace(right, counted={"true": pl.col("mode").cast(pl.Int64, strict=True).sum()})

    expected = reference.evaluate(held, path)
    monkeypatch.setattr(one_pass, "question", raises)
    counted = one_pass.evaluate(held, path)
    assert said(counted) == said(expected)
    assert [r.rule for r in counted.rules if r.engine] == ["greater_than(0)"]


def test_an_engine_that_fails_says_who_took_its_place(tmp_path, monkeypatch):
    held = contract()
    path = land(tmp_path, held, [row(1)])

    def fails(_: Path) -> pl.LazyFrame:
        raise pl.exceptions.ComputeError

    monkeypatch.setattr(one_pass, "scan", fails)
    counted = one_pass.evaluate(held, path)
    assert said(counted) == said(reference.evaluate(held, path))
    assert counted.engine == f"{reference.ENGINE}, in place of one pass"


@pytest.mark.parametrize("judge", [evaluate, one_pass.evaluate, reference.evaluate])
def test_a_file_that_is_not_the_one_that_landed_is_not_judged(tmp_path, judge):
    held = contract()
    path = land(tmp_path, held, [row(n) for n in range(1, 9)])
    landed = hashlib.sha256(path.read_bytes()).hexdigest()
    assert not failures(judge(held, path, sha256=landed))
    assert judge(held, path, sha256=landed).rows == 8
    land(tmp_path, held, [row(n) for n in range(2, 10)])
    counted = judge(held, path, sha256=landed)
    assert counted.rows == 0
    assert {(rule.checked, rule.failed) for rule in counted.rules} == {(0, 0)}
    assert {rule.error for rule in counted.rules} == {
        "the landed file is not the one that was written: read the source again"
    }
    assert (counted.missing, counted.missing_jointly) == ((), None)


def test_the_seam_counts_in_one_pass_where_the_digest_is_known(tmp_path):
    held = contract()
    path = land(tmp_path, held, [row(1)])
    landed = hashlib.sha256(path.read_bytes()).hexdigest()
    assert evaluate(held, path, sha256=landed).engine == one_pass.ENGINE
    assert evaluate(held, path).engine == reference.ENGINE


@pytest.mark.parametrize(
    ("listed", "modes", "failed"),
    [
        (["AIR", "A\x07R"], ["AIR", "A\x07R"], 1),
        (["AIR", "RAIL"], ["AIR", "A\x07R"], 1),
        (["AIR", "RAIL"], ["AIR", "SHIP"], 0),
        (["AIR", "RAIL"], ["AIR", None], 0),
    ],
)
def test_a_list_of_plain_texts_implies_no_control_character_only_where_it_is_kept(
    tmp_path, listed, modes, failed
):
    held = contract(mode=pa.Column(pl.String, pa.Check.isin(listed), description="how"))
    path = land(tmp_path, held, [row(n, mode=mode) for n, mode in enumerate(modes, 1)])
    counted = one_pass.evaluate(held, path)
    assert found(counted, "no_control_characters", "mode").failed == failed
    assert said(counted) == said(reference.evaluate(held, path))


LARGE, SMALL = 9_999_999_999, 50


def test_statistics_of_a_file_count_nothing(tmp_path):
    """They say that no key is above 50, and one is."""
    held = with_check(pa.Check.le(SMALL))
    path = land(tmp_path, held, [row(1), row(LARGE), row(3)])
    content = path.read_bytes()
    footer = len(content) - 8 - int.from_bytes(content[-8:-4], "little")
    large, small = struct.pack("<q", LARGE), struct.pack("<q", SMALL)
    assert large in content[footer:]
    path.write_bytes(content[:footer] + content[footer:].replace(large, small))
    assert pq.ParquetFile(path).metadata.row_group(0).column(0).statistics.max == SMALL
    counted = one_pass.evaluate(held, path)
    assert found(counted, f"less_than_or_equal_to({SMALL})", "key").failed == 1


@pytest.mark.parametrize("name", ["a*b", "a[1]", "year=2026", "a b"])
def test_a_folder_of_any_name_holds_one_file(tmp_path, name):
    held = contract()
    (tmp_path / name).mkdir()
    path = land(tmp_path / name, held, [row(1), row(2)])
    counted = one_pass.evaluate(held, path)
    assert (counted.rows, failures(counted)) == (2, {})
