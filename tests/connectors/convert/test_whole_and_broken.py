"""Whole numbers beside fractions, as SQLite has a column of prices: at once, and exactly."""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.connector import RESCUED
from connectors.convert import cast
from connectors.convert.fit import fit

DOUBLE = pa.schema([("x", pa.float64())])
NUMBERS = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | st.none()


def rescued(values: list[Any]) -> list[Any]:
    """Each value that did not convert; None for those that did."""
    came = fit({"x": values}, DOUBLE).column(RESCUED).to_pylist()
    return [None if one is None else json.loads(one)["x"] for one in came]


@given(st.lists(NUMBERS, max_size=6))
def test_a_column_converts_as_each_of_its_values_does_alone(values: list[Any]) -> None:
    alone = [rescued([value])[0] for value in values]
    assert rescued(values) == alone


@pytest.mark.parametrize("values", [[True, 0.5], ["x", 0.5], [2**53 + 1, 0.5], [1, float("inf")]])
def test_what_is_no_double_is_rescued_beside_one_that_is(values: list[Any]) -> None:
    assert any(one is not None for one in rescued(values))


def test_it_takes_one_conversion(monkeypatch: pytest.MonkeyPatch) -> None:
    casts: list[pa.DataType] = []
    real = cast._to_floating  # noqa: SLF001 - counted, and called

    def counted(array: pa.Array[Any], kind: str, wanted: pa.DataType) -> pa.Array[Any]:
        casts.append(wanted)
        return real(array, kind, wanted)

    monkeypatch.setattr(cast, "_to_floating", counted)
    assert rescued([n if n % 2 else n / 4 for n in range(2_000)]) == [None] * 2_000
    assert len(casts) == 1
