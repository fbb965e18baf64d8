"""Counting across two landings, against plain sets and sums of Python."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st

from contracts.evaluation import AmountsFound, KeysFound
from contracts.overlap import count
from contracts.promises import Amount, Reconciliation
from contracts.reconcilable import LONGEST

MONEY = pa.decimal128(12, 2)
TO_CUSTOMERS = Reconciliation(
    dataset="crm.customers",
    ours="kundennr",
    theirs="customer_key",
    our_form="0*([0-9]+)",
    their_form="([0-9]+)",
)


def plainly(promised: Reconciliation, ours: Sequence[Any], theirs: Sequence[Any]) -> KeysFound:
    """The same in words of Python: rows are keys, or pairs of key and amount."""
    amount = promised.amount
    our_sums, formless = _summed(ours, promised.our_form, priced=amount is not None)
    their_sums, _ = _summed(theirs, promised.their_form, priced=amount is not None)
    both = our_sums.keys() & their_sums.keys()
    agreeing = sum(
        None not in (our_sums[key], their_sums[key])
        and their_sums[key] * (amount.factor if amount else 1) == our_sums[key]
        for key in both
    )
    return KeysFound(
        keys=len(our_sums) + len(formless),
        formless=len(formless),
        found=len(both),
        their_keys=len(their_sums),
        amounts=AmountsFound(
            compared=len(both), agreeing=agreeing, ratio=None, largest_difference=None
        )
        if amount
        else None,
    )


def _summed(rows: Sequence[Any], form: str, *, priced: bool) -> tuple[dict[str, Any], set[Any]]:
    sums: dict[str, Any] = {}
    formless = set()
    for key, amount in rows if priced else ((key, 0) for key in rows):
        match = None if key is None else re.fullmatch(form, str(key), re.DOTALL)
        if match is None:
            formless.add(key)
            continue
        before = sums.get(match[1], 0)
        sums[match[1]] = None if None in (before, amount) else before + amount
    return sums, formless


def landed(folder: Path, name: str, **columns: tuple[Sequence[Any], pa.DataType]) -> Path:
    path = folder / f"{name}.parquet"
    arrays = {column: pa.array(values, kind) for column, (values, kind) in columns.items()}
    pq.write_table(pa.table(arrays), path)
    return path


def keys(folder: Path, ours: Sequence[Any], theirs: Sequence[Any], **given: Any) -> KeysFound:
    our_kind = given.get("our_kind", pa.string())
    their_kind = given.get("their_kind", pa.int64())
    return count(
        given.get("promised", TO_CUSTOMERS),
        landed(folder, "ours", kundennr=(ours, our_kind)),
        landed(folder, "theirs", customer_key=(theirs, their_kind)),
    )


WRITTEN = ("", "0", "00", "7", "007", "70", "x7", "7\n", " 7", "\u0667", "é")
texts = st.none() | st.sampled_from(WRITTEN)
numbers = st.none() | st.integers(0, 80) | st.sampled_from([-7, 2**63 - 1, -(2**63)])


@given(ours=st.lists(texts), theirs=st.lists(numbers))
def test_keys_are_counted_as_sets_of_python_would(tmp_path_factory, ours, theirs):
    folder = tmp_path_factory.mktemp("keys")
    assert keys(folder, ours, theirs) == plainly(TO_CUSTOMERS, ours, theirs)


AS_THEY_ARE = Reconciliation(dataset="erp.orders", ours="kundennr", theirs="customer_key")


@given(ours=st.lists(texts), theirs=st.lists(texts))
def test_without_a_form_the_whole_text_is_the_key(tmp_path_factory, ours, theirs):
    folder = tmp_path_factory.mktemp("texts")
    found = keys(folder, ours, theirs, promised=AS_THEY_ARE, their_kind=pa.string())
    assert found == plainly(AS_THEY_ARE, ours, theirs)


CENTS = Reconciliation(
    dataset="billing.lines",
    ours="key",
    theirs="key",
    amount=Amount(ours="total", theirs="cents", factor=Decimal("0.01")),
)
totals = st.none() | st.decimals(-1000, 1000, places=2)
cents = st.none() | st.integers(-100_000, 100_000) | st.just(2**63 - 1)
pairs = st.tuples(st.integers(0, 4), st.integers(-3, 3))


def priced(
    folder: Path, ours: Sequence[Any], theirs: Sequence[Any], promised: Reconciliation = CENTS
) -> KeysFound:
    def columns(rows: Sequence[Any], name: str, kind: pa.DataType) -> Mapping[str, Any]:
        return {"key": ([k for k, _ in rows], pa.int64()), name: ([a for _, a in rows], kind)}

    return count(
        promised,
        landed(folder, "ours", **columns(ours, "total", MONEY)),
        landed(folder, "theirs", **columns(theirs, "cents", pa.int64())),
    )


def exactly(found: KeysFound) -> tuple[Any, ...]:
    assert found.amounts is not None
    amounts = found.amounts
    return found.keys, found.found, found.their_keys, amounts.compared, amounts.agreeing


@given(
    ours=st.lists(st.tuples(st.integers(0, 4), totals), max_size=12),
    theirs=st.lists(st.tuples(st.integers(0, 4), cents), max_size=12),
    same=st.lists(pairs),
)
def test_amounts_are_summed_and_compared_to_the_last_digit(tmp_path_factory, ours, theirs, same):
    """The pairs are on both sides, so that some sums agree."""
    ours = [*ours, *((key, Decimal(n).scaleb(-2)) for key, n in same)]
    theirs = [*theirs, *same]
    found = priced(tmp_path_factory.mktemp("amounts"), ours, theirs)
    assert exactly(found) == exactly(plainly(CENTS, ours, theirs))


def test_a_tenth_thrice_is_three_tenths(tmp_path):
    found = priced(tmp_path, [(1, Decimal("0.10"))] * 3, [(1, 30)])
    assert found.amounts == AmountsFound(
        compared=1, agreeing=1, ratio=None, largest_difference=None
    )


def test_a_forgotten_factor_shows_as_a_ratio_of_a_hundred(tmp_path):
    forgotten = Reconciliation(
        dataset="b.l", ours="key", theirs="key", amount=Amount(ours="total", theirs="cents")
    )
    ours = [(key, Decimal(f"{key}.50")) for key in range(1, 8)]
    found = priced(tmp_path, ours, [(key, key * 100 + 50) for key, _ in ours], forgotten)
    assert found.amounts == AmountsFound(
        compared=7, agreeing=0, ratio=100.0, largest_difference=0.99
    )


def test_a_difference_from_nothing_has_no_ratio(tmp_path):
    found = priced(tmp_path, [(1, Decimal(0))], [(1, 5)])
    assert found.amounts == AmountsFound(
        compared=1, agreeing=0, ratio=None, largest_difference=1.0
    )


def test_a_missing_amount_agrees_with_nothing(tmp_path):
    found = priced(tmp_path, [(1, None), (1, Decimal(3))], [(1, 300)])
    assert exactly(found) == (1, 1, 1, 1, 0)


def test_the_longest_amounts_that_are_promised_are_summed_to_the_last_digit(tmp_path):
    digits = pa.decimal128(LONGEST, 2)
    large = Decimal("9" * (LONGEST - 2) + ".99")
    rows = 300_000  # more than are gathered at once
    path = landed(tmp_path, "large", key=([1] * rows, pa.int64()), total=([large] * rows, digits))
    summed = Decimal((10**LONGEST - 1) * rows)  # Decimal's own product would be rounded
    other = landed(
        tmp_path, "other", key=([1], pa.int64()), cents=([summed], pa.decimal128(38, 0))
    )
    assert exactly(count(CENTS, path, other)) == (1, 1, 1, 1, 1)


def test_more_keys_than_one_batch_holds_are_each_counted_once(tmp_path):
    """Every key comes in two batches far apart, so that parts are gathered in between."""
    many = 400_000
    ours = [f"{key:010d}" for _ in range(2) for key in range(many)]
    found = keys(tmp_path, ours, range(1, many))
    assert found == KeysFound(
        keys=many, formless=0, found=many - 1, their_keys=many - 1, amounts=None
    )


def test_nothing_on_either_side_is_counted_as_nothing(tmp_path):
    nothing = KeysFound(keys=0, formless=0, found=0, their_keys=0, amounts=None)
    assert keys(tmp_path, [], []) == nothing
