from __future__ import annotations

import json
import random
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pandera.polars as pandera
import polars as pl
import pyarrow as pa
import pytest

from contracts.evaluation import ColumnProfile, Profile
from contracts.grid import BINS, grid
from contracts.profile import profile
from contracts.promises import Contract, Reconciliation
from tests.contracts.landed import contract, land, row

MODES = ("AIR", "RAIL", "SHIP")
CONTRACT = contract()


def sketched(path: Path, judged_by: Contract = CONTRACT) -> Profile:
    return profile(judged_by, grid(judged_by, path, dataset="erp.orders"), path)


def of(profiled: Profile, name: str) -> ColumnProfile:
    [one] = [column for column in profiled.columns if column.column == name]
    return one


def rows(n: int = 200, **given: object) -> list[dict[str, object]]:
    return [row(key, mode=MODES[key % 3], **given) for key in range(1, n + 1)]


def test_a_profile_counts_every_value_once(tmp_path: Path) -> None:
    draw = random.Random(1)
    many = [
        row(k, mode=MODES[k % 3], weight=draw.random() if k % 4 else None, price=f"{k}.10")
        for k in range(1, 1_001)
    ]
    found = sketched(land(tmp_path, CONTRACT, many))
    weight, price = of(found, "weight"), of(found, "price")
    assert (found.dataset, found.rows, weight.missing, price.missing) == (
        "erp.orders",
        1_000,
        250,
        0,
    )
    assert weight.numbers is not None
    assert sum(weight.numbers.counts) == 750
    assert len(weight.numbers.edges) == BINS - 1
    assert max(weight.numbers.counts) <= 750 // BINS + 1
    assert of(found, "mode").categories is not None
    assert price.numbers is not None
    assert price.numbers.mean == pytest.approx(500.6)


def test_neither_extreme_of_many_numbers_is_kept(tmp_path: Path) -> None:
    many = [row(k, price=f"{k}.10") for k in range(1, 1_001)]
    price = of(sketched(land(tmp_path, CONTRACT, many)), "price").numbers
    assert price is not None
    assert not {"1.10", "1000.10"}.intersection(price.edges)


def test_few_numbers_are_all_edges(tmp_path: Path) -> None:
    few = [row(k, price="9.90" if k % 2 else "-0.10") for k in range(1, 101)]
    price = of(sketched(land(tmp_path, CONTRACT, few)), "price").numbers
    assert price is not None
    assert (price.edges, price.counts) == (("-0.10", "9.90"), (50, 50, 0))


def test_categories_are_counted_and_new_ones_are_other(tmp_path: Path) -> None:
    chosen = grid(CONTRACT, land(tmp_path, CONTRACT, rows(300)), dataset="erp.orders")
    later = [row(k, mode="TRUCK" if k == 1 else "AIR") for k in range(1, 11)]
    mode = of(profile(CONTRACT, chosen, land(tmp_path, CONTRACT, later)), "mode").categories
    assert mode is not None
    assert (mode.names, mode.counts) == (MODES, (9, 0, 0, 1))


def test_what_names_rows_or_moves_on_is_not_sketched_and_says_why(tmp_path: Path) -> None:
    points = Reconciliation(dataset="crm.customers", ours="weight", theirs="key")
    judged_by = contract(promises={"reconciles": (points,)})
    found = sketched(land(tmp_path, judged_by, rows()), judged_by)
    assert {c.column: c.skipped for c in found.columns if c.skipped} == {
        "key": "part of the key",
        "line": "part of the key",
        "at": "the event time moves on",
        "weight": "it names rows of another dataset",
    }


@pytest.mark.parametrize(
    "texts",
    [
        [f"Customer {k}" for k in range(100)],
        ["A" * 101, "B"] * 50,
        [f"code {k % 30}" for k in range(100)],
    ],
)
def test_free_text_is_not_kept(tmp_path: Path, texts: list[str]) -> None:
    """Too many values, too long ones, or each of them rare."""
    named = [row(k, segment=text) for k, text in enumerate(texts)]
    segment = of(sketched(land(tmp_path, CONTRACT, named)), "segment")
    assert segment.categories is None
    assert str(segment.skipped).startswith("free text")
    assert segment.missing == 0


def test_a_column_without_a_value_has_only_missing_ones(tmp_path: Path) -> None:
    segment = of(sketched(land(tmp_path, CONTRACT, rows(segment=None))), "segment")
    assert (segment.missing, segment.skipped) == (200, "without a value in the file")


@pytest.mark.parametrize(
    ("kind", "below", "above"),
    [
        (pl.Int64, 2**53, 2**53 + 1),
        (pl.Int64, -(2**63), 2**63 - 1),
        (pl.UInt64, 2**64 - 2, 2**64 - 1),
        (pl.Decimal(38, 2), Decimal("9007199254740993.01"), Decimal("9007199254740993.02")),
        (pl.Float64, 0.1, 0.1 + 2**-56),
    ],
)
def test_neighbours_that_a_double_cannot_tell_apart_are_told_apart(
    tmp_path: Path, kind: type, below: object, above: object
) -> None:
    judged_by = contract(price=pandera.Column(kind, description="large"))
    text = (lambda v: v) if not isinstance(below, Decimal) else str
    two = [row(1, price=text(below)), row(2, price=text(above)), row(3, price=text(above))]
    path = land(tmp_path, judged_by, two)
    chosen = grid(judged_by, path, dataset="erp.orders")
    price = of(profile(judged_by, chosen, path), "price").numbers
    assert price is not None
    assert (len(price.edges), price.counts) == (2, (1, 2, 0))


def test_numbers_too_large_for_a_double_have_no_moments_and_spoil_nothing(tmp_path: Path) -> None:
    huge = [row(1, weight=1.7e308), row(2, weight=-1.7e308), row(3, weight=float("inf"))]
    weight = of(sketched(land(tmp_path, CONTRACT, huge)), "weight").numbers
    assert weight is not None
    assert (weight.mean, weight.sd) == (None, None)
    assert sum(weight.counts) == 3


def test_a_number_that_is_none_is_missing(tmp_path: Path) -> None:
    some = [row(1, weight=float("nan")), row(2, weight=None), row(3, weight=1.0)]
    assert of(sketched(land(tmp_path, CONTRACT, some)), "weight").missing == 2


def test_a_column_that_was_not_sent_or_came_otherwise_is_not_counted(tmp_path: Path) -> None:
    chosen = grid(CONTRACT, land(tmp_path, CONTRACT, rows()), dataset="erp.orders")
    odd = land(
        tmp_path, CONTRACT, rows(weight=1), without=["segment"], types={"weight": pa.int32()}
    )
    found = profile(CONTRACT, chosen, odd)
    assert (of(found, "segment").missing, of(found, "segment").skipped) == (
        None,
        "it was not sent",
    )
    assert (of(found, "weight").missing, of(found, "weight").skipped) == (
        None,
        "it came as int32",
    )
    assert of(found, "mode").missing == 0


def test_a_contract_that_changed_since_is_said_column_by_column(tmp_path: Path) -> None:
    chosen = grid(CONTRACT, land(tmp_path, CONTRACT, rows()), dataset="erp.orders")
    changed = contract(
        weight=pandera.Column(pl.Int32, nullable=True, description="in kg"),
        colour=pandera.Column(pl.String, nullable=True, description="new"),
    )
    path = land(tmp_path, changed, rows(weight=1, colour="red"))
    found = profile(changed, chosen, path)
    assert of(found, "weight").skipped == "the reference has double"
    assert of(found, "colour").skipped == "the reference does not hold it"
    assert [c.missing for c in found.columns if c.skipped and "reference" in c.skipped] == [
        None
    ] * 2


def test_a_file_that_cannot_be_read_is_a_profile_without_counts(tmp_path: Path) -> None:
    path = land(tmp_path, CONTRACT, rows())
    chosen = grid(CONTRACT, path, dataset="erp.orders")
    path.write_bytes(path.read_bytes()[:-20])
    found = profile(CONTRACT, chosen, path)
    assert (found.rows, {column.missing for column in found.columns}) == (0, {None})


def test_the_same_file_gives_the_same_profile_and_no_block_is_lost(tmp_path: Path) -> None:
    draw = random.Random(2)
    many = [row(k, mode=MODES[k % 3], weight=draw.gauss(0, 1)) for k in range(70_000)]
    path = land(tmp_path, CONTRACT, many)
    first = sketched(path)
    assert first == sketched(path)
    weight = of(first, "weight").numbers
    assert weight is not None
    assert sum(weight.counts) == 70_000
    assert weight.mean == pytest.approx(sum(r["weight"] for r in many) / 70_000)


def test_hostile_edges_spoil_their_column_alone(tmp_path: Path) -> None:
    path = land(tmp_path, CONTRACT, rows())
    chosen = grid(CONTRACT, path, dataset="erp.orders")
    weight = of(chosen, "weight")
    assert weight.numbers is not None
    bad = replace(weight, numbers=replace(weight.numbers, edges=("no number",)))
    columns = tuple(bad if c.column == "weight" else c for c in chosen.columns)
    found = profile(CONTRACT, replace(chosen, columns=columns), path)
    assert str(of(found, "weight").skipped).startswith("counting it raised")
    assert of(found, "price").missing == 0


def test_no_row_is_kept(tmp_path: Path) -> None:
    people = [row(k, segment=f"Ada {k}") for k in range(500)]
    assert "Ada" not in json.dumps(str(sketched(land(tmp_path, CONTRACT, people))))
