"""What a contract promised is read back from the form that its digest is of, to the last type."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import date, timedelta
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.canonical import canonical
from contracts.digest import format_2, source_format_1
from contracts.meaning import promises_of, source_promises_of
from contracts.promises import (
    Amount,
    Groups,
    Promises,
    Quota,
    Reconciliation,
    SourcePromises,
    Thresholds,
    Volume,
)
from contracts.time_formats import TimeFormat
from tests.golden.contract import CONTRACT

NAMES = ["golden", "customers", "lines", "orders", "parts", "prices", "shipments"]
FIELDS = st.text("ab", min_size=1, max_size=3)
SHARES = st.floats(0, 1) | st.sampled_from([0, 1])
THRESHOLDS = st.builds(Thresholds, confidence=st.floats(0.01, 0.99), matched=st.floats(0.1, 0.9))
GROUPS = st.none() | st.builds(
    Groups,
    by=FIELDS,
    volume=st.builds(Volume, minimum=st.integers(0, 2**70)),
    ended=st.tuples(st.text(), st.integers(), st.booleans(), st.dates()),
)
AMOUNTS = st.none() | st.builds(
    Amount, ours=FIELDS, theirs=FIELDS, factor=st.decimals(allow_nan=False, allow_infinity=False)
)
RECONCILIATIONS = st.builds(
    Reconciliation, dataset=FIELDS, ours=FIELDS, theirs=FIELDS, our_form=FIELDS, amount=AMOUNTS
)
TEXTS = st.lists(st.text(), max_size=2).map(tuple)
PROMISED: dict[str, st.SearchStrategy[Any]] = {
    "key": st.tuples(FIELDS),
    "event_time": st.none() | FIELDS,
    "event_zone": st.none() | FIELDS,
    "lag": st.none() | st.timedeltas(),
    "cadence": st.none() | st.timedeltas() | st.sampled_from(["0 6 * * 1-5", "int"]),
    "zone": st.sampled_from(["UTC", "Europe/Berlin"]),
    "excluded": st.lists(st.dates(), max_size=3).map(tuple),
    "named": st.none() | FIELDS,
    "volume": st.builds(
        Volume, minimum=st.integers(0, 9), maximum=st.none() | st.integers(0, 2**70)
    ),
    "groups": GROUPS,
    "missing": st.dictionaries(FIELDS | st.sampled_from(["int", "float", "date"]), SHARES),
    "missing_jointly": st.none() | SHARES,
    "missing_as": TEXTS,
    "control_characters": TEXTS,
    "times": st.dictionaries(
        FIELDS, st.builds(TimeFormat, written=FIELDS, zone=st.none() | FIELDS), max_size=1
    ),
    "reconciles": st.lists(RECONCILIATIONS, max_size=2).map(tuple),
    "thresholds": THRESHOLDS,
}
OF_SOURCE: dict[str, st.SearchStrategy[Any]] = {
    "renews": st.booleans(),
    "quota": st.none()
    | st.builds(Quota, requests=st.integers(1, 9), seconds=st.integers(1, 2**60)),
    "read_within": st.timedeltas(),
    "thresholds": THRESHOLDS,
    "attested": TEXTS,
    "not_planned": st.dictionaries(st.text(), st.text(), max_size=2),
}


def through_json(meaning: object) -> dict[str, Any]:
    """As the ledger gives it back."""
    found: dict[str, Any] = json.loads(canonical(meaning))
    return found


def read_back(promises: Promises) -> Promises:
    meaning = through_json(format_2(replace(CONTRACT, promises=promises)))
    return promises_of(meaning, order=tuple(promises.missing))


@pytest.mark.parametrize("name", NAMES)
def test_the_promises_of_a_contract_are_read_back(name: str) -> None:
    contract = (
        CONTRACT if name == "golden" else import_module(f"estate.demo.contracts.{name}").CONTRACT
    )
    assert read_back(contract.promises) == contract.promises


@given(st.builds(Promises, **PROMISED))
def test_any_promises_are_read_back_with_their_types_and_the_order_of_their_fields(
    promises: Promises,
) -> None:
    again = read_back(promises)
    assert again == promises
    assert repr(again) == repr(promises)  # 1 and 1.0 are equal, and not the same


@given(st.builds(SourcePromises, **OF_SOURCE))
def test_the_promises_of_a_source_are_read_back(promises: SourcePromises) -> None:
    assert source_promises_of(through_json(source_format_1("shop", promises))) == promises


@pytest.mark.parametrize(("of", "tried"), [(Promises, PROMISED), (SourcePromises, OF_SOURCE)])
def test_no_promise_is_left_out(of: type[Any], tried: dict[str, Any]) -> None:
    """One that is new must be read back as well, or no verdict could be recomputed."""
    assert {field.name for field in fields(of)} == tried.keys()
    with pytest.raises(ValueError, match="these are no promises"):
        promises_of({"promises": {"key": ["a"], "retention": {"int": "7"}}})


WRONG: list[Any] = [
    None,
    [],
    {"promises": None},
    {"promises": {}},
    {"promises": {"key": ["a"], "lag": {"microseconds": "soon"}}},
    {"promises": {"key": ["a"], "lag": {"microseconds": "9" * 40}}},
    {"promises": {"key": ["a"], "excluded": [{"date": "2026-13-01"}]}},
    {"promises": {"key": ["a"], "excluded": "2026-11-01"}},
    {"promises": {"key": ["a"], "volume": {"minimum": {"int": "1", "float": "1"}}}},
    {"promises": {"key": ["a"], "reconciles": [{"dataset": "a.b"}]}},
]


@pytest.mark.parametrize("meaning", WRONG)
def test_what_no_contract_says_is_a_value_error(meaning: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        promises_of(meaning if isinstance(meaning, dict) else {})


def test_an_order_of_other_fields_is_refused() -> None:
    promises = Promises(key=("a",), missing={"a": 0.1, "b": 0.2}, lag=timedelta(1))
    meaning = through_json(format_2(replace(CONTRACT, promises=promises)))
    assert list(promises_of(meaning, order=("b", "a")).missing) == ["b", "a"]
    with pytest.raises(ValueError, match="other fields"):
        promises_of(meaning, order=("a",))


def test_the_form_is_the_one_that_the_digest_is_of() -> None:
    """Its bytes survive JSON: the digest can be computed from what the ledger holds."""
    meaning = format_2(CONTRACT)
    assert canonical(through_json(meaning)) == canonical(meaning)
    assert date(2030, 1, 1).isoformat() in canonical(meaning).decode()
