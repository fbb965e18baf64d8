from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

import pandera.polars as pa
import polars as pl
import pytest

from contracts.checks import check
from contracts.promises import Amount, ContractError, Groups, Reconciliation, Thresholds, Volume
from estate.demo.contracts import customers, parts, prices, shipments
from tests.contracts.landed import contract


def text(*checks: pa.Check, **given: object) -> pa.Column:
    return pa.Column(pl.String, list(checks), **{"description": "text", **given})


def to_customers(**given: object) -> dict[str, object]:
    usual = {"dataset": "crm.customers", "ours": "key", "theirs": "customer_key"}
    return {"reconciles": (Reconciliation(**{**usual, **given}),)}


def priced(ours: str = "price", factor: object = Decimal(1)) -> dict[str, object]:
    return to_customers(amount=Amount(ours=ours, theirs="total", factor=factor))


BAD_GROUPS = {
    "groups.by names kye, which is not a column": {"groups": Groups(by="kye")},
    'say classified={"mode": "public"}': {"groups": Groups(by="mode")},
    "groups.by names price of type Decimal": {"groups": Groups(by="price")},
    "groups.by names weight of type Float64": {"groups": Groups(by="weight")},
    "groups.by names at of type Datetime": {"groups": Groups(by="at")},
    "ended of groups has 7, which mode never holds: give a str": {
        "groups": Groups(by="mode", ended=("AIR", 7))
    },
    "ended of groups has True, which line never holds: give a int": {
        "groups": Groups(by="line", ended=(True,))
    },
    "groups.volume must run from a minimum": {
        "groups": Groups(by="mode", volume=Volume(minimum=-1))
    },
    "groups.volume must run from a": {
        "groups": Groups(by="mode", volume=Volume(minimum=2, maximum=1))
    },
    "groups is of type str: write groups=Groups": {"groups": "mode"},
    "minimum of groups.volume is None": {"groups": Groups(by="mode", volume=Volume(minimum=None))},  # type: ignore[arg-type]
}
BAD_PROMISES = {
    "reconciles names customers, which is no dataset": to_customers(dataset="customers"),
    "reconciles names .customers, which is no": to_customers(dataset=".customers"),
    "reconciles names kye, which is not a column": to_customers(ours="kye"),
    "reconciles names price, which is no key": to_customers(ours="price"),
    "reconciles names at, which is no key": to_customers(ours="at"),
    "our_form of reconciles needs exactly one group": to_customers(our_form="[0-9]+"),
    "our_form of reconciles needs exactly one": to_customers(our_form="(a)(b)"),
    "their_form of reconciles is refused": to_customers(their_form="(?=a)(b)"),
    "their_form of reconciles is refused by": to_customers(their_form="(a"),
    "our_form of reconciles is refused by": to_customers(our_form="a)|(b"),
    "reconciles names prise, which is not a column": priced("prise"),
    "reconciles names weight, which is no integer and no decimal": priced("weight"),
    "reconciles names mode, which is no integer": priced("mode"),
    "the factor of an amount must be": priced(factor=Decimal(0)),
    "the factor of an amount must be a Decimal": priced(factor=0.01),
    "the factor of an amount must be a Decimal above": priced(factor=Decimal("NaN")),
    "it needs a key": {"key": ()},
    **BAD_GROUPS,
    "it needs a key: columns, each once": {"key": ("key", "key")},
    "key names kye, which is not a column": {"key": ("kye",)},
    "key column segment is nullable": {"key": ("segment",)},
    "event_time names when, which is not a column": {"event_time": "when"},
    "event_time mode is not UTC": {"event_time": "mode"},
    "event_time at is no local time": {"event_time": "at", "event_zone": "Europe/Berlin"},
    "event_zone Europe/Berln is unknown": {"event_time": "at", "event_zone": "Europe/Berln"},
    "event_zone has no event_time": {"event_time": None, "event_zone": "Europe/Berlin"},
    "thresholds.matched must lie": {"thresholds": Thresholds(matched=1.0)},
    "missing names segmnet, which is not a column": {"missing": {"segmnet": 0.1}},
    "the missing share promised for segment": {"missing": {"segment": 1.0}},
    "the missing share promised for any field": {"missing_jointly": -0.1},
    "missing_jointly has no fields": {"missing": {}},
    "missing_jointly cannot be exceeded: the bounds on its fields add up to 0.07": {
        "missing_jointly": 0.08
    },
    "price is not nullable, so its missing share never": {"missing": {"price": 0.01}},
    "missing_as names a blank text": {"missing_as": ("N/A", "\N{NO-BREAK SPACE}")},
    "missing_as names ' -', and values are trimmed first: write '-'": {"missing_as": (" -",)},
    "missing_as is about text columns and missing names none": {
        "missing": {"weight": 0.05},
        "missing_jointly": None,
        "missing_as": ("N/A",),
    },
    "control_characters names comment, which is not": {"control_characters": ("comment",)},
    "control_characters names key, which is no text": {"control_characters": ("key",)},
    "thresholds.on_time must lie": {"thresholds": Thresholds(on_time=1.0)},
    "thresholds.confidence must lie": {"thresholds": Thresholds(confidence=0.0)},
    "thresholds.arrivals must lie": {"thresholds": Thresholds(arrivals=95)},
    "volume must run": {"volume": Volume(minimum=5, maximum=4)},
    "lag must be longer": {"lag": timedelta()},
    "cadence '0 6 * *' has 4 fields where cron has five": {"cadence": "0 6 * *"},
    "cadence '0 0 30 2 *' never comes due": {"cadence": "0 0 30 2 *"},
    "named 'x_%Y%m.csv' tells no day": {"cadence": "@monthly", "named": "x_%Y%m.csv"},
    "named has no cadence to be of": {"cadence": None, "named": "x_%Y%m%d.csv"},
    "excluded has no cadence to be of": {"cadence": None, "excluded": (date(2026, 12, 25),)},
    "excluded names a time, 2026-12-25 06:00:00: write the day, date(2026, 12, 25)": {
        "excluded": (datetime(2026, 12, 25, 6),)  # noqa: DTZ001 - a date was meant
    },
    "cadence must be whole days, or divide a day": {"cadence": timedelta(hours=36)},
    "cadence must be whole days": {"cadence": timedelta(hours=7)},
    "zone Europe/Berln is unknown": {"zone": "Europe/Berln"},
    "zone ../etc is unknown": {"zone": "../etc"},
}


@pytest.mark.parametrize(("told", "promises"), BAD_PROMISES.items(), ids=BAD_PROMISES)
def test_a_promise_that_cannot_be_judged_is_refused(told, promises):
    refused(told, contract(promises))


@pytest.mark.parametrize(
    "promises",
    [
        {"missing_as": ("N/A", r"\N", "-")},
        {"control_characters": ("mode",)},
        {"missing_jointly": 0.07},
        {"missing": {"price": 0.0, "mode": 0.01}, "missing_jointly": None},
    ],
    ids=lambda promises: next(iter(promises)),
)
def test_a_bound_that_can_be_exceeded_is_fine(promises):
    """A text that is never null may be blank, and a bound of 0 says what not_null says."""
    check(contract(promises))


def test_an_amount_that_could_outgrow_its_sum_is_refused():
    long = pa.Column(pl.Decimal(29, 2), description="in dollars")
    refused("reconciles names price: an amount has at most 28", contract(priced(), price=long))


@pytest.mark.parametrize("promises", [to_customers(), to_customers(ours="mode"), priced()])
def test_keys_of_text_or_integers_and_exact_amounts_can_be_judged(promises):
    check(contract(promises))


@pytest.mark.parametrize("form", ["(.*)", "L([0-9]+)", "(?P<key>a|b)", "(?i)x(?:-)?([a-f]+)"])
def test_a_form_has_one_group_however_it_is_written(form):
    check(contract(to_customers(our_form=form)))


BAD_SCHEMAS = {
    "its schema is not strict": {"strict": False},
    "its schema is not strict: say": {"strict": "filter"},
    "its schema sets coerce": {"coerce": True},
    "its schema sets ordered": {"ordered": True},
    "its schema sets drop_invalid_rows": {"drop_invalid_rows": True},
    "its schema sets add_missing_columns": {"add_missing_columns": True},
    "unique names lien, which is not a column": {"unique": ["key", "lien"]},
}


@pytest.mark.parametrize(("told", "schema"), BAD_SCHEMAS.items(), ids=BAD_SCHEMAS)
def test_what_pandera_would_ignore_or_alter_is_refused(told, schema):
    refused(told, contract(schema=schema))


BAD_COLUMNS = {
    "column mode has no description": pa.Column(pl.String),
    "column mode is optional": text(required=False),
    "column mode sets coerce": text(coerce=True),
    "column mode sets regex": text(regex=True),
    "column mode sets default": text(default="AIR"),
    "a check has no name": text(pa.Check(lambda data: data.lazyframe.select(pl.lit(value=True)))),
    "only warns or groups": text(pa.Check.isin(["AIR"], raise_warning=True)),
    "isin lists None": text(pa.Check.isin(["AIR", None])),
    "str_matches anchors only the first": text(pa.Check.str_matches("a|b")),
    "str_matches anchors only the first of": text(pa.Check.str_matches("^a[|]$|b", name="x")),
    "str_matches has a compiled pattern": text(
        pa.Check.str_matches(re.compile("a", re.IGNORECASE))
    ),
    "the linear-time engine refuses": text(pa.Check.str_contains(r"(?=a)b")),
    "has no type": pa.Column(description="anything"),
    "cannot land": pa.Column(pl.List(pl.Int64), description="list"),
    "'Mars/X'), whose zone nobody knows: use UTC": pa.Column(
        pl.Datetime("us", "Mars/X"), [pa.Check.ge(1)], description="x"
    ),
}


@pytest.mark.parametrize(("told", "column"), BAD_COLUMNS.items(), ids=BAD_COLUMNS)
def test_a_column_that_cannot_be_judged_is_refused(told, column):
    refused(told, contract(mode=column))


def test_a_reserved_name_is_refused():
    refused("column _rescued is reserved", contract(_rescued=text()))


@pytest.mark.parametrize("pattern", ["^(a|b)$", "^[a|b]$", r"^a\|b$", "(?:x|y)z", "^[]|]$"])
def test_alternatives_inside_brackets_are_fine(pattern):
    check(contract(mode=text(pa.Check.str_matches(pattern))))


@pytest.mark.parametrize("demo", [customers, shipments, parts, prices])
def test_the_demos_contracts_can_be_judged(demo):
    check(demo.CONTRACT)


@pytest.mark.parametrize("cadence", [timedelta(hours=1), timedelta(days=1), timedelta(days=7)])
def test_usual_cadences_are_fine(cadence):
    check(contract({"cadence": cadence}))


def test_a_local_event_time_is_fine_where_its_zone_is_named():
    local = pa.Column(pl.Datetime("us"), description="when, as the clock on the wall said")
    check(contract({"event_zone": "Europe/Berlin"}, at=local))
    refused("or name the zone of its local time in event_zone", contract(at=local))


def test_text_that_has_no_bytes_is_refused():
    bad = contract(mode=pa.Column(str, description="half a character: \ud83d"))
    refused("a text in it is no Unicode", bad)


def refused(told, bad):
    with pytest.raises(ContractError) as raised:
        check(bad)
    message = str(raised.value)
    assert told in message
    assert message.startswith("contract orders: ")
    assert "\n" not in message


@pytest.mark.parametrize("dtype", [pl.Int128, pl.UInt128])
def test_an_integer_that_nothing_lands_in_is_refused_with_what_does(dtype):
    with pytest.warns(UserWarning, match="support is not guaranteed"):
        wide = pa.Column(dtype, [pa.Check.ge(0)], description="x")
    with pytest.raises(ContractError, match=r"128: use Int64, or Decimal\(38, 0\) for larger"):
        check(contract(wide=wide))
