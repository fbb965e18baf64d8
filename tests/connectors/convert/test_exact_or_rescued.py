"""Exact typing: a value comes back equal, or it is rescued; there is nothing in between."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.connectors.convert.values import (
    INSTANT,
    LOCAL,
    MONEY,
    TYPES,
    column,
    instants,
    python_values,
    written,
)


def alone(values: Sequence[Any], wanted: pa.DataType) -> tuple[list[Any], list[Any]]:
    pairs = [column([value], wanted) for value in values]
    return [fitted for (fitted,), _ in pairs], [rescued for _, (rescued,) in pairs]


def means(text: str, value: Any, wanted: pa.DataType) -> bool:
    """Whether `text` is a writing of `value`, by Python's own reading."""
    match value:
        case bool():
            said: object = {"true": True, "1": True, "false": False, "0": False}[text.lower()]
        case int():
            said = int(text) if re.fullmatch("-?[0-9]+", text, re.ASCII) else None
        case float():
            said, value = Decimal(text), Decimal(repr(value))
        case Decimal():
            said = Decimal(text)
        case datetime():
            said = datetime.fromisoformat(text)
        case date():
            said = date.fromisoformat(text) if len(text) == len("2026-11-20") else None
        case _:
            said = text
    zoned = isinstance(said, datetime) and said.tzinfo is not None
    return said == value and zoned is (wanted == INSTANT)


@pytest.mark.parametrize("wanted", TYPES, ids=str)
def test_text_is_a_writing_of_its_value_or_is_rescued(wanted: pa.DataType) -> None:
    @given(st.lists(written, min_size=1, max_size=8))
    def holds(texts: list[str]) -> None:
        for text, value, rescued in zip(texts, *column(pa.array(texts), wanted), strict=True):
            if rescued is None:
                assert means(text, value, wanted)
            else:
                assert value is None
                assert rescued == {"c": text}

    holds()


@pytest.mark.parametrize("wanted", TYPES, ids=str)
def test_the_fate_of_a_row_does_not_depend_on_the_rows_beside_it(wanted: pa.DataType) -> None:
    @given(st.lists(st.one_of(python_values, written), min_size=1, max_size=8))
    def holds(values: list[object]) -> None:
        assert column(values, wanted) == alone(values, wanted)

    holds()


@pytest.mark.parametrize("wanted", TYPES, ids=str)
def test_a_python_value_comes_back_equal_or_is_rescued(wanted: pa.DataType) -> None:
    @given(st.lists(python_values, min_size=1, max_size=8))
    def holds(values: list[object]) -> None:
        for came, value, rescued in zip(values, *column(values, wanted), strict=True):
            if rescued is not None or came is None:
                assert value is None
            elif isinstance(came, str):
                assert means(came, value, wanted)
            else:
                assert value == came
                assert isinstance(came, bool) is isinstance(value, bool)

    holds()


@pytest.mark.parametrize(
    ("wanted", "values"),
    [
        (pa.int64(), st.integers(-(2**63), 2**63 - 1)),
        (MONEY, st.decimals(-(10**10) + 1, 10**10 - 1, places=2)),
        (pa.date32(), st.dates()),
        (INSTANT, instants),
        (LOCAL, st.datetimes()),
        (pa.float64(), st.floats(allow_nan=False, allow_infinity=False)),
        (pa.bool_(), st.booleans()),
        (pa.string(), st.text(st.characters(exclude_categories=["Cs"]))),
    ],
    ids=str,
)
def test_every_value_of_a_type_comes_back_from_itself_and_from_its_plain_writing(
    wanted: pa.DataType, values: st.SearchStrategy[Any]
) -> None:
    @given(st.lists(values, min_size=1))
    def holds(held: list[Any]) -> None:
        for came in (held, [str(value) for value in held]):
            assert column(came, wanted) == (held, [None] * len(held))

    holds()
