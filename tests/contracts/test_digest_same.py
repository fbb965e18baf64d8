"""What leaves a contract's digest as it was: prose, order without meaning, defaults."""

from __future__ import annotations

import runpy
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

import pandera.polars as pa
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import contracts.digest as digest_module
from contracts.digest import Digests, digest, digests, format_2
from contracts.promises import (
    Amount,
    Contract,
    Groups,
    Promises,
    Reconciliation,
    Thresholds,
    Volume,
)
from contracts.time_formats import TimeFormat
from tests.contracts.landed import columns, contract
from tests.golden.contract import CONTRACT


def key(check: pa.Check, **told: str) -> Contract:
    return contract(key=pa.Column(pl.Int64, check, **{"description": "number", **told}))


SAME = {
    "a description": key(pa.Check.gt(0), description="the order's number"),
    "a title": key(pa.Check.gt(0), title="Number"),
    "a check's label": key(pa.Check.gt(0, name="positive")),
    "a check's prose": key(pa.Check.gt(0, title="Positive", description="counts", error="small")),
    "the table's prose": contract(
        schema={"name": "orders", "title": "Orders", "description": "One row per line"}
    ),
    "defaults that are spelled out": contract(
        {
            "zone": "UTC",
            "event_zone": None,
            "volume": Volume(minimum=1),
            "reconciles": (),
            "thresholds": Thresholds(confidence=0.95),
        }
    ),
}


@pytest.mark.parametrize("changed", SAME.values(), ids=SAME)
def test_what_changes_no_meaning_changes_no_digest(changed: Contract) -> None:
    assert digest(changed) == digest(contract())


@given(st.permutations(list(columns())))
def test_columns_have_no_order(names: list[str]) -> None:
    there = columns()
    ordered = pa.DataFrameSchema({name: there[name] for name in names}, strict=True)
    assert digest(replace(contract(), schema=ordered)) == digest(contract())


@given(st.permutations([pa.Check.gt(0), pa.Check.lt(9), pa.Check.ne(5), pa.Check.isin([1, 2])]))
def test_checks_of_a_column_have_no_order(checks: list[pa.Check]) -> None:
    assert len(format_2(key(checks))["columns"]["key"]["checks"]) == 4
    assert digest(key(checks)) == digest(key(sorted(checks, key=str)))


def test_a_class_that_a_check_holds_may_move() -> None:
    """Its name is what the check says; the module is where it happens to be today."""
    here, elsewhere = (type("Limit", (), {"__module__": place}) for place in ("a", "b"))
    assert digest(key(holding(here))) == digest(key(holding(elsewhere)))
    assert digest(key(holding(type("Other", (), {})))) != digest(key(holding(here)))


def holding(limit: type) -> pa.Check:
    def check(data: pa.PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select(pl.col(data.key) != str(limit))

    return pa.Check(check, name="holding")


@dataclass(frozen=True, slots=True, kw_only=True)
class Later(Promises):
    """The promises of a release to come."""

    retention: int | None = None


def later(**more: Any) -> Contract:
    now = CONTRACT.promises
    return replace(
        CONTRACT, promises=Later(**{f.name: getattr(now, f.name) for f in fields(now)}, **more)
    )


def test_a_new_optional_promise_changes_no_digest() -> None:
    with_it, without = digests(later()), digests(CONTRACT)
    assert (with_it.current, with_it.former) == (without.current, without.former)


def test_a_new_promise_that_is_made_is_never_left_unsaid() -> None:
    with pytest.raises(KeyError, match="retention"):
        digest(later(retention=7))


OTHERS = {
    Volume: {"minimum": 7, "maximum": 8},
    Thresholds: dict.fromkeys(("confidence", "on_time", "arrivals", "matched"), 0.5),
    Amount: {"ours": "line", "theirs": "sum", "factor": 2},
    Reconciliation: {
        **dict.fromkeys(("dataset", "ours", "theirs", "our_form", "their_form"), "other"),
        "amount": None,
    },
    Groups: {"by": "line", "volume": Volume(minimum=9), "ended": (7,)},
    Promises: {
        **dict.fromkeys(("event_time", "event_zone", "lag", "cadence", "missing_jointly")),
        "key": ("day",),
        "zone": "UTC",
        "excluded": (date(2026, 12, 25),),
        "named": "x_%Y%m%d.csv",
        "volume": Volume(minimum=1),
        "groups": Groups(by="mode"),
        "missing": {},
        "missing_as": ("N/A",),
        "control_characters": ("mode",),
        "times": {"day": TimeFormat(written="epoch_ms")},
        "reconciles": (),
        "thresholds": Thresholds(),
    },
}
"""Another value for each field of a promise."""
EACH = [(kind, name) for kind, others in OTHERS.items() for name in others]


def within(kind: type, name: str) -> Promises:
    """The golden promises with another value somewhere."""
    now, other = CONTRACT.promises, {name: OTHERS[kind][name]}
    first = now.reconciles[0]
    assert first.amount is not None
    if kind is Amount:
        return replace(now, reconciles=(replace(first, amount=replace(first.amount, **other)),))
    if kind is Reconciliation:
        return replace(now, reconciles=(replace(first, **other),))
    if kind is Groups:
        return replace(now, groups=replace(Groups(by="mode"), **other))
    part = {Volume: "volume", Thresholds: "thresholds"}.get(kind)
    return replace(now, **({part: replace(getattr(now, part), **other)} if part else other))


def test_each_field_of_a_promise_is_in_the_digest() -> None:
    assert all({f.name for f in fields(kind)} == OTHERS[kind].keys() for kind in OTHERS)
    alone = replace(CONTRACT.promises, reconciles=CONTRACT.promises.reconciles[:1])
    changed = [CONTRACT.promises, alone, *(within(*one) for one in EACH)]
    found = {digest(replace(CONTRACT, promises=promises)) for promises in changed}
    assert len(found) == len(changed)


def test_a_module_that_is_loaded_again_finds_the_same_digest() -> None:
    """The forms of promises are made while the module loads: here they are made in a test."""
    again = runpy.run_path(digest_module.__file__, run_name=digest_module.__name__)
    for one in (CONTRACT, contract()):
        assert again["format_2"](one) == format_2(one)


def test_a_recorded_digest_is_of_the_contract_in_either_form() -> None:
    known = digests(CONTRACT)
    assert known.current in known
    assert known.former in known
    assert known.current != known.former
    assert "0" * 64 not in known
    assert None not in Digests(current=known.current)


def test_the_former_digest_is_computed_once_and_only_for_an_old_entry() -> None:
    """Loading a thousand contracts must not pay for a form that most ledgers no longer hold."""
    computed = []
    known = Digests(current="0" * 64, compute_former=lambda: computed.append(1) or "1" * 64)
    assert "0" * 64 in known
    assert not computed
    assert "1" * 64 in known
    assert "2" * 64 not in known
    assert len(computed) == 1
