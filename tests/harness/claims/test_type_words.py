"""Where values are of another type, both types are told, and what to do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connectors.events import Declared, DeclaredColumn
from contracts.evaluation import Misfit
from contracts.promises import Promises
from harness.claims.conforms import prove
from harness.claims.type_words import explain
from tests.harness.claims.made import evaluation, reading, rule

TOLD = {
    ("date", "string"): "promise pl.Date, have it sent as text",
    ("timestamp with time zone", "string"): 'promise pl.Datetime("us", "UTC"), have it sent',
    ("timestamp(UTC, microseconds)", "string"): 'promise pl.Datetime("us", "UTC"), have it',
    ("timestamp without time zone", "string"): 'promise pl.Datetime("us"), have it sent as',
    ("timestamp(local, microseconds)", "string"): 'promise pl.Datetime("us"), have it sent as',
    ("numeric(12, 2)", "string"): "promise pl.Decimal(12, 2), have it sent as text",
    ("bytea", "string"): "the source declares bytea, the contract text: correct either",
    ("date", "date"): "a date lies in the years 1 to 9999: correct others there, such as infin",
    ("timestamp without time zone", "timestamp(us, UTC)"): 'promise pl.Datetime("us"), or have',
    ("timestamp with time zone", "timestamp(us, UTC)"): "correct either",
    ("text", "int64"): "the source declares text, the contract int64: correct either; where it "
    "mixes types, have it cast to one type, as in a view, or leave the column out",
    ("a type without a name", "string"): "its source names no type, the contract text: have it "
    "cast to one type, as in a view, or leave the column out",
}


@pytest.mark.parametrize(("types", "told"), TOLD.items(), ids=[" as ".join(each) for each in TOLD])
def test_a_type_of_the_source_is_told_beside_the_contracts(
    types: tuple[str, str], told: str
) -> None:
    assert told in explain(*types)


@pytest.mark.parametrize("declared", [None, ""])
def test_of_a_source_without_types_nothing_is_told(declared: str | None) -> None:
    assert explain(declared, "string") == ""


def test_a_date_promised_as_text_is_told_in_full() -> None:
    columns = (
        DeclaredColumn(name="day", type="date", nullable=True),
        DeclaredColumn(name="key", type="bigint", nullable=False),
    )
    found = evaluation(
        rule("type", "day", failed=1_499),
        rule("not_null", "day", failed=7),
        rule("type", "other", failed=1),
        misfits=(Misfit(column="day", promised="string"), Misfit(column="other", promised="date")),
    )
    read = replace(reading(), declared=Declared(by="catalogue", columns=columns, key=()))
    assert prove(Promises(key=("key",)), [read, found]).because == (
        "day: 1,499 of 1,500 rows fail type (the source declares date, the contract text: promise "
        "pl.Date, have it sent as text, or leave the column out), day: 7 of 1,500 rows "
        "fail not null and other: 1 of 1,500 rows fail type."
    )
