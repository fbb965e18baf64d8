"""Canonical bytes: the same record is the same text, and nothing is bent to fit JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.canonical import canonical

# A float beyond 2^52 is written as ECMAScript writes it, as an integer: facts hold none.
LEAVES = st.none() | st.booleans() | st.text() | st.integers() | st.floats(-(2**52), 2**52)
PLAIN = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(PLAIN)
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
