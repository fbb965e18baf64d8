"""Every engine counts what a plain loop over the rows counts, on random contracts and rows."""

from __future__ import annotations

import tempfile
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from decimal import ROUND_DOWN, Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.contracts.differential.model import Model
from tests.contracts.differential.oracle import counts, missing
from tests.contracts.differential.strategies import models
from tests.contracts.traps.engines import ENGINES, Engine

_ROOMY = [HealthCheck.too_slow, HealthCheck.data_too_large]


def differences(
    engine: Engine, model: Model, seen: Callable[[pa.Table], pa.Table] = lambda same: same
) -> Mapping[Any, Any]:
    """Rules whose count is not right, with what was found in its place. A refusal is right where
    the oracle refuses.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = model.land(Path(folder), seen)
        result = engine.evaluate(model.contract, path)
    right = counts(model)
    alone = {one.column: one.missing for one in result.missing}
    found = {(one.rule, one.column): one for one in result.rules}
    assert len(found) == len(result.rules)
    assert found.keys() == right.keys()
    if (alone, result.missing_jointly) != missing(model):
        return {"missing": (alone, result.missing_jointly, missing(model))}
    return {
        name: (one, right[name])
        for name, one in found.items()
        if (None if one.error else one.failed) != right[name]
        or one.checked != (0 if one.error else len(model.rows))
    }


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)
@settings(max_examples=200, deadline=None, suppress_health_check=_ROOMY)
@given(model=models())
def test_every_count_is_that_of_a_plain_loop(engine: Engine, model: Model) -> None:
    assert not differences(engine, model)


def _of(change: Callable[[Any], Any]) -> Callable[[pa.Table], pa.Table]:
    """An engine that sees other values in the columns that are not ours."""

    def seen(table: pa.Table) -> pa.Table:
        for place, field in enumerate(table.schema):
            if not field.name.startswith("_"):
                values = [change(value) for value in table.column(place).to_pylist()]
                table = table.set_column(place, field, pa.array(values, field.type))
        return table

    return seen


def _forget_rescued(table: pa.Table) -> pa.Table:
    nothing = pa.nulls(len(table), pa.string())
    return table.set_column(table.schema.get_field_index("_rescued"), "_rescued", nothing)


_FAULTS: Mapping[str, tuple[str, Callable[[pa.Table], pa.Table]]] = {
    "the last row is lost": ("int64", lambda table: table.slice(0, max(0, len(table) - 1))),
    "a row comes twice": ("int64", lambda table: pa.concat_tables([table, table.slice(0, 1)])),
    "NaN is a number": ("float64", _of(lambda v: 0.5 if str(v) == "nan" else v)),
    "infinity is missing": ("float64", _of(lambda v: None if str(v).endswith("inf") else v)),
    "-0.0 is below 0": ("float64", _of(lambda v: -5e-324 if str(v) == "-0.0" else v)),
    "whole numbers are doubles": ("int64", _of(lambda v: v and min(2**63 - 1, int(float(v))))),
    "a whole number has its sign cut": ("uint64", _of(lambda v: v and v % 2**63)),
    "null is 0": ("uint8", _of(lambda v: v or 0)),
    "null is an empty text": ("text", _of(lambda v: v or "")),
    "an empty text is null": ("text", _of(lambda v: v or None)),
    "texts have no case": ("text", _of(lambda v: v and v.lower())),
    "texts have no blanks": ("text", _of(lambda v: v and v.rstrip(" "))),
    "texts are normalised": ("text", _of(lambda v: v and unicodedata.normalize("NFC", v))),
    "decimals are rounded": (
        "decimal",
        _of(lambda v: v and v.quantize(Decimal("0.1"), ROUND_DOWN)),
    ),
    "null is false": ("bool", _of(bool)),
    "days begin in 1582": ("date", _of(lambda v: v and max(v, date(1582, 10, 15)))),
    "times have no fraction": ("utc", _of(lambda v: v and v.replace(microsecond=0))),
    "what was rescued is forgotten": ("date", _forget_rescued),
}
"""What an engine with a fault would see, and the type of the columns that show it."""


@pytest.mark.parametrize("fault", _FAULTS)
def test_a_fault_planted_in_an_engine_is_found(fault: str) -> None:
    """The control: what is random reaches each of these."""
    kind, seen = _FAULTS[fault]

    @settings(
        max_examples=500,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=_ROOMY,
    )
    @given(model=models([kind]))
    def judged(model: Model) -> None:
        assert not differences(ENGINES[0], model, seen)

    with pytest.raises(AssertionError):
        judged()
