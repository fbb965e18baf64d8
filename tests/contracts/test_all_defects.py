"""Whoever mends a contract is told of all its defects at once, each with what to write."""

from __future__ import annotations

from datetime import timedelta

import pandera.polars as pa
import polars as pl
import pytest

from contracts.checks import check
from contracts.promises import Contract, ContractError, Promises
from tests.contracts.landed import contract


def defects(bad: Contract) -> list[str]:
    with pytest.raises(ContractError) as raised:
        check(bad)
    return str(raised.value).removeprefix(f"contract {bad.name}: ").split("; ")


def drafted(promises: Promises, **columns: pa.Column) -> Contract:
    return Contract(name="odd", promises=promises, schema=pa.DataFrameSchema(columns, strict=True))


def test_untyped_columns_a_missing_key_and_a_bad_lag_are_told_together():
    untyped = {name: pa.Column(description="?") for name in ("one", "two", "three")}
    assert defects(drafted(Promises(key=(), lag=timedelta()), **untyped)) == [
        "columns one, two and three have no type: give each one",
        "lag must be longer than nothing",
        "it needs a key: columns, each once, that together name a row",
    ]


def test_a_nullable_key_is_told_beside_a_name_that_is_no_column():
    key = pa.Column(pl.Int64, nullable=True, description="key")
    assert defects(drafted(Promises(key=("key", "kye"), missing={"gone": 0.1}), key=key)) == [
        "key names kye, which is not a column: correct the name",
        "missing names gone, which is not a column: correct the name",
        "key column key is nullable: a key that may be null names nothing",
    ]


def test_what_rests_on_an_untyped_column_is_not_told_twice():
    untyped = pa.Column(description="when")
    promises = Promises(
        key=("at",), event_time="at", missing={"at": 0.1}, missing_as=("-",), missing_jointly=0.05
    )
    assert defects(drafted(promises, at=untyped)) == ["column at has no type: give it one"]


@pytest.mark.parametrize(
    ("promised", "told"),
    [
        ({"lag": "24h"}, "lag is of type str: write lag=timedelta(hours=24)"),
        ({"cadence": 1}, "cadence is of type int: write cadence=timedelta(days=1)"),
        ({"key": "id"}, 'key is of type str: write key=("id",)'),
        ({"key": (1,)}, 'key holds more than str: write key=("a", "b")'),
        ({"event_time": ("at",)}, 'event_time is of type tuple: write event_time="a"'),
        ({"zone": None}, 'zone is of type NoneType: write zone="Europe/Berlin"'),
        ({"volume": 5}, "volume is of type int: write volume=Volume(minimum=1)"),
        ({"missing": ("mode",)}, 'missing is of type tuple: write missing={"a": 0.01}'),
        (
            {"missing": {"mode": "1%"}},
            "missing of mode is of type str: write a share, as 0.01",
        ),
    ],
    ids=str,
)
def test_a_promise_of_a_wrong_type_is_told_with_what_to_write(promised, told):
    assert defects(contract(promised)) == [told]


def test_two_promises_of_a_wrong_type_are_both_told():
    assert len(defects(contract({"lag": "24h", "key": "id"}))) == 2
