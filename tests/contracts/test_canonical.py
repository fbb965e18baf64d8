"""Canonical bytes: the same record is the same text, and nothing is bent to fit JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from contracts.canonical import canonical

# A float beyond 2^52 is written as ECMAScript writes it, as an integer: facts hold none.
LEAVES = st.none() | st.booleans() | st.text() | st.floats(-(2**52), 2**52)


def records(leaves: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    )


@given(records(LEAVES | st.integers()))
def test_it_reads_back_as_what_was_written(record: object) -> None:
    def expected(value: object) -> object:
        match value:
            case bool() | str() | None:
                return value
            case int():
                return str(value) if abs(value) >= 2**53 else value
            case float():
                return value
            case list():
                return [expected(item) for item in value]
            case dict():
                return {key: expected(item) for key, item in value.items()}
        raise AssertionError

    assert json.loads(canonical(record)) == expected(record)


@given(records(LEAVES | st.integers(1 - 2**53, 2**53 - 1)))
def test_it_is_what_the_package_for_the_rfc_writes(record: object) -> None:
    assert canonical(record) == rfc8785.dumps(record)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("record", "written"),
    [
        ([1e16, 1e21, 1e-6, 1e-7, -0.0], b"[10000000000000000,1e+21,0.000001,1e-7,0]"),
        ({"\ufb33": 1, "\U0001f600": 2, "€": 3}, '{"€":3,"\U0001f600":2,"\ufb33":1}'.encode()),
        ('\x7f\u2028\x1f\n"\\', b'"\x7f\xe2\x80\xa8\\u001f\\n\\"\\\\"'),
    ],
)
def test_numbers_keys_and_text_are_as_the_rfc_shows_them(record: object, written: bytes) -> None:
    assert canonical(record) == written


@given(st.dictionaries(st.text(), st.integers(-9, 9), min_size=2))
def test_the_order_of_keys_does_not_matter(record: dict[str, int]) -> None:
    assert canonical(record) == canonical(dict(reversed(record.items())))


def test_times_decimals_and_durations_are_exact_text() -> None:
    record = {
        "t": datetime(2026, 1, 2, tzinfo=UTC),
        "d": Decimal("1.10"),
        "s": timedelta(hours=24),
    }
    assert canonical(record) == b'{"d":"1.10","s":86400,"t":"2026-01-02T00:00:00Z"}'


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_is_not_finite_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        canonical([value])
