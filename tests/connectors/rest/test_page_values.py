"""Fields and values as they stand in the pages."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from connectors.connector import RESCUED
from connectors.errors import NeedsRows, SourceChanged
from connectors.events import Declared
from tests.connectors.rest.keyed import keys, reading
from tests.connectors.scripted import ENDPOINT, Said, documents, paged, scripted


def test_a_field_of_later_pages_only_is_refused() -> None:
    pages = documents([{"key": 1}], [{"key": 2, "cost": "1.00"}])
    with pytest.raises(
        SourceChanged, match="/1 page 2: 1 fields that the first page did not have"
    ):
        reading(pages)


def test_a_field_that_a_row_or_page_leaves_out_is_missing_there() -> None:
    run = reading(documents([{"key": 1, "cost": "1.50"}, {"key": 2}], [{"key": 3}]))
    assert run.table is not None
    assert run.table["cost"].to_pylist() == [Decimal("1.50"), None, None]


@pytest.mark.parametrize("lacking", [1, 40])
def test_a_field_that_every_row_had_and_a_page_is_without_was_dropped(lacking: int) -> None:
    """It would land as nulls, and a nullable column would conform."""
    rest: list[dict[str, object]] = [{"key": key} for key in range(lacking)]
    pages = documents([{"key": 1, "cost": "1.50"}], [{"key": 2, "cost": None}], rest)
    told = "/1 page 3: 1 fields that all rows had until now are in no row here"
    with pytest.raises(SourceChanged, match=told):
        reading(pages)


def test_a_source_that_leaves_nulls_out_may_do_so_for_a_whole_page() -> None:
    """Control to the test above: that rows leave the field out was seen before."""
    some: list[dict[str, object]] = [{"key": 1, "cost": "1.50"}]
    more: list[dict[str, object]] = [{"key": 4, "cost": "1.50"}]
    run = reading(documents(some, [*some, {"key": 2}], [{"key": 3}] * 40, more))
    assert run.table is not None
    assert run.table["cost"].null_count == 41


def test_a_source_that_omits_nulls_is_read_to_the_union_of_its_fields() -> None:
    """By the pilot's word. What no column is for is rescued, in the rows of its page, and a column
    of the contract that no row has is null. Above is what happens without that word.
    """
    pages = documents(
        [{"key": 1, "note": "x"}], [{"key": 2, "cost": "2.50"}], [{"key": 3, "late": [1.5]}]
    )
    run = reading(pages, omits_nulls=True)
    assert run.table is not None
    assert run.table.to_pylist() == [
        {"key": 1, "cost": None, "note": "x", RESCUED: None},
        {"key": 2, "cost": Decimal("2.50"), "note": None, RESCUED: None},
        {"key": 3, "cost": None, "note": None, RESCUED: '{"late": ["1.5"]}'},
    ]
    (declared,) = run.of(Declared)
    assert [column.name for column in declared.columns] == ["key", "note", "cost"]


def test_a_first_page_of_a_source_that_omits_nulls_declares_nothing() -> None:
    with scripted(paged(documents([{"key": 1}]))) as source:
        rest = source.rest(endpoints={"parts": replace(ENDPOINT, omits_nulls=True)})
        with pytest.raises(NeedsRows, match="it omits nulls"):
            rest.declare("parts", emit=lambda _: None)
        assert source.asked == []


def test_whole_numbers_of_any_size_land_or_are_rescued_to_the_digit() -> None:
    """Beyond 2**53, where doubles have gaps, and beyond 2**63, where no integer of ours ends."""
    large = [2**53 + 1, 2**63 - 1, 2**63, 10**30]
    run = reading(documents([{"key": key, "cost": key} for key in large]))
    assert run.table is not None
    assert keys(run) == [2**53 + 1, 2**63 - 1, None, None]
    rescued = [None if row is None else json.loads(row) for row in run.table[RESCUED].to_pylist()]
    assert [row and row.get("key") for row in rescued] == [None, None, 2**63, 10**30]


def test_money_is_exact_however_it_is_written() -> None:
    rows = (
        b'[{"key":1,"cost":0.10},{"key":2,"cost":"0.20"},{"key":3,"cost":3},{"key":4,"cost":4e0}]'
    )
    page = Said(b'{"total":4,"next":null,"rows":' + rows + b"}")
    run = reading({"/1": page})
    assert run.table is not None
    assert [str(cost) for cost in run.table["cost"].to_pylist()] == [
        "0.10",
        "0.20",
        "3.00",
        "4.00",
    ]


def test_large_integers_are_exact() -> None:
    run = reading(documents([{"key": 2**53 + 1}, {"key": None}, {"key": -(2**63)}]))
    assert keys(run) == [2**53 + 1, None, -(2**63)]


def test_what_does_not_fit_is_rescued_as_it_came() -> None:
    rows = b'[{"key":1.5,"cost":"1.234"},{"key":true,"cost":"n/a"},{"key":3,"cost":3.999}]'
    run = reading({"/1": Said(b'{"total":3,"next":null,"rows":' + rows + b"}")})
    assert run.table is not None
    assert keys(run) == [None, None, 3]
    assert run.table["cost"].to_pylist() == [None, None, None]
    assert run.table[RESCUED].null_count == 0
    assert run.table[RESCUED][2].as_py() == '{"cost": "3.999"}'


def test_what_the_contract_does_not_name_stands_as_text() -> None:
    extra = {"key": 1, "note": "x", "tags": ["a", 1], "size": 7, "none": None}
    run = reading(documents([extra]))
    assert run.table is not None
    (row,) = run.table.to_pylist()
    assert {**extra, "tags": '["a", 1]', "size": "7", RESCUED: None} == row


@pytest.mark.parametrize("rows", [[[{}]], [[{}], [{"key": 1}]], [[], [{}, {}]]])
def test_rows_without_a_field_are_no_page_without_rows(
    rows: list[list[dict[str, object]]],
) -> None:
    with pytest.raises(SourceChanged, match="its rows are empty objects, so no field is known"):
        reading(documents(*rows))


def test_an_empty_object_beside_others_is_a_row_of_missing_values() -> None:
    """The control."""
    run = reading(documents([{}, {"key": 1, "cost": "1.00"}]))
    assert keys(run) == [None, 1]


def test_a_count_that_no_integer_of_64_bits_holds_is_none() -> None:
    with pytest.raises(SourceChanged, match="no number and no null at total"):
        reading(documents([{"key": 1}], total=10**18))
    assert keys(reading(documents([{"key": 1}], total=10**18 - 1))) == [1], "the control"
