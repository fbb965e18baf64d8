from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pandera.polars as pa
import polars as pl
import pytest

from contracts.digest import digest
from contracts.promises import Amount, ContractError, Reconciliation, Thresholds, Volume
from estate.demo.contracts.customers import CONTRACT as CUSTOMERS
from tests.contracts.landed import contract


def number(*checks: pa.Check, **given: object) -> pa.Column:
    return pa.Column(pl.Int64, list(checks), **{"description": "number", **given})


def above(least: int) -> pa.Check:
    return pa.Check(lambda d: d.lazyframe.select(pl.col(d.key) > least), name="above")


def own(data: pa.PolarsData) -> pl.LazyFrame:
    return data.lazyframe.select(pl.col(data.key) > 1)


def other(data: pa.PolarsData) -> pl.LazyFrame:
    return data.lazyframe.select(pl.col(data.key) > 2)


def below(limit: int) -> Callable[..., pl.LazyFrame]:
    def check(data: pa.PolarsData, *, limit: int = limit) -> pl.LazyFrame:
        return data.lazyframe.select(pl.col(data.key) < limit)

    return check


FOUND = Reconciliation(dataset="erp.lines", ours="line", theirs="line")
AMOUNT = Amount(ours="price", theirs="cents")


class First(pa.DataFrameModel):
    key: int = pa.Field(description="number")

    @pa.check("key", name="rule")
    def rule(cls, data: pa.PolarsData) -> pl.LazyFrame:  # noqa: N805 - Pandera's way
        return data.lazyframe.select(pl.col(data.key) > 1)


class Second(pa.DataFrameModel):
    key: int = pa.Field(description="number")

    @pa.check("key", name="rule")
    def rule(cls, data: pa.PolarsData) -> pl.LazyFrame:  # noqa: N805 - Pandera's way
        return data.lazyframe.select(pl.col(data.key) > 2)


DIFFERENT = {
    "as it is": contract(),
    "name": replace(contract(), name="sales"),
    "key": contract({"key": ("key",)}),
    "key order": contract({"key": ("line", "key")}),
    "event time": contract({"event_time": None}),
    "lag": contract({"lag": timedelta(hours=25)}),
    "cadence": contract({"cadence": timedelta(days=2)}),
    "zone": contract({"zone": "Europe/Berlin"}),
    "volume": contract({"volume": Volume(minimum=2)}),
    "maximum": contract({"volume": Volume(minimum=1, maximum=9)}),
    "missing": contract({"missing": {"segment": 0.02, "weight": 0.06}}),
    "jointly": contract({"missing_jointly": None}),
    "missing as": contract({"missing_as": ("N/A",)}),
    "missing as well": contract({"missing_as": ("N/A", "-")}),
    "control characters": contract({"control_characters": ("mode",)}),
    "on time": contract({"thresholds": Thresholds(on_time=0.96)}),
    "arrivals": contract({"thresholds": Thresholds(arrivals=0.91)}),
    "matched": contract({"thresholds": Thresholds(matched=0.98)}),
    "confidence": contract({"thresholds": Thresholds(confidence=0.99)}),
    "no check": contract(key=number()),
    "greater": contract(key=number(pa.Check.gt(1))),
    "at least": contract(key=number(pa.Check.ge(1))),
    "decimal": contract(key=number(pa.Check.ge(Decimal(1)))),
    "text": contract(key=number(pa.Check.isin(["1"]))),
    "numbers": contract(key=number(pa.Check.isin([1]))),
    "not for nulls": contract(key=number(pa.Check.ge(1, ignore_na=False))),
    "both ends": contract(key=number(pa.Check.in_range(1, 5))),
    "one end": contract(key=number(pa.Check.in_range(1, 5, include_max=False))),
    "own": contract(key=number(pa.Check(own, name="rule"))),
    "other": contract(key=number(pa.Check(other, name="rule"))),
    "above 1": contract(key=number(above(1))),
    "above 2": contract(key=number(above(2))),
    "a model's": contract(key=First.to_schema().columns["key"]),
    "another model's": contract(key=Second.to_schema().columns["key"]),
    "type": contract(key=pa.Column(pl.Int32, pa.Check.gt(0), description="number")),
    "nullable": contract(key=number(pa.Check.gt(0), nullable=True)),
    "unique": contract(key=number(pa.Check.gt(0), unique=True)),
    "column gone": contract(segment=None),
    "column more": contract(more=number()),
    "event zone": contract({"event_zone": "Europe/Berlin"}),
    "reconciles": contract({"reconciles": (FOUND,)}),
    "their form": contract({"reconciles": (replace(FOUND, their_form="0*(.*)"),)}),
    "amount": contract({"reconciles": (replace(FOUND, amount=AMOUNT),)}),
    "factor": contract(
        {"reconciles": (replace(FOUND, amount=replace(AMOUNT, factor=Decimal("0.01"))),)}
    ),
    "limit 3": contract(key=number(pa.Check(below(3), name="below"))),
    "limit 4": contract(key=number(pa.Check(below(4), name="below"))),
    "local time": contract(at=pa.Column(pl.Datetime("us"), description="when")),
    "scale": contract(price=pa.Column(pl.Decimal(12, 3), description="in dollars")),
    "unique together": contract(schema={"unique": ["key"]}),
    "across columns": contract(schema={"checks": pa.Check(own, name="rule")}),
}


class Text(str):
    """As numpy has one."""

    __slots__ = ()


def test_text_of_a_kind_of_its_own_is_text():
    plain, own_kind = (
        contract(key=number(pa.Check.isin([kind("1"), kind("2")]))) for kind in (str, Text)
    )
    assert digest(own_kind) == digest(plain)


def test_every_change_of_a_contract_changes_its_digest():
    digests = {what: digest(changed) for what, changed in DIFFERENT.items()}
    alike = {what for what, d in digests.items() if list(digests.values()).count(d) > 1}
    assert alike == set()


def test_the_order_of_a_set_is_no_change():
    rising, falling = {0, 8}, {8, 0}
    assert [*rising] != [*falling]
    one, two = (contract(key=number(pa.Check.isin(allowed))) for allowed in (rising, falling))
    assert digest(one) == digest(two)


def test_a_new_process_finds_the_same_digest():
    code = (
        "from estate.demo.contracts.customers import CONTRACT;"
        "from contracts.digest import digest; print(digest(CONTRACT))"
    )
    for seed in ("1", "2"):
        ran = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed},
        )
        assert ran.stdout.strip() == digest(CUSTOMERS)


def test_a_check_without_source_text_is_refused():
    check = eval("lambda data: True")
    with pytest.raises(ContractError, match="define it in a module"):
        digest(contract(key=number(pa.Check(check, name="rule"))))


def test_a_digest_is_a_sha256():
    assert len(bytes.fromhex(digest(CUSTOMERS))) == 32
