"""A few rows of each rule that failed, as far as the classes of their columns let them be shown.

    rules that failed ─ failing_rows ─▶ places in the landed file ─ mask ─▶ Evaluation.samples

What is masked leaves this module masked: no other part of evidence sees a value.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import polars as pl
import pyarrow.parquet as pq

from contracts.classification import class_of
from contracts.engines.answer import CRASHES
from contracts.engines.failing import Failing, failing_rows, rescued
from contracts.evaluation import MISSING, Evaluation, RuleCount, Sample, Shown
from contracts.masking import show
from contracts.promises import Contract
from contracts.rules import DELIVERY, RESCUED, Kind

MOST_RULES = 20
"""Rules that samples are taken of, those with the most failures first."""
MOST_ROWS = 3
"""Samples of one rule."""
MOST_VALUES = 4
"""Values of one sample."""

_LOG = logging.getLogger("seatrial")
_Row: TypeAlias = Mapping[str, Any]


def take_samples(contract: Contract, path: Path, evaluation: Evaluation) -> tuple[Sample, ...]:
    """Samples of each rule of `evaluation` that failed. Never raises: a rule whose rows cannot be
    fetched has failed without them.
    """
    samples: list[Sample] = []
    for rule in _worst(contract, evaluation):
        try:
            for failing in failing_rows(contract, path, [rule], most=MOST_ROWS):
                samples += _of(contract, path, failing)
        except CRASHES as error:  # its text may quote the data, so only its type is told
            _LOG.debug("no samples of %s: %s", rule.rule, type(error).__name__)
    return tuple(samples)


def _worst(contract: Contract, evaluation: Evaluation) -> Sequence[RuleCount]:
    exceeded = [
        RuleCount(rule=MISSING, column=one.column, checked=one.rows, failed=one.missing)
        for one in evaluation.missing
        if one.missing > one.rows * contract.promises.missing[one.column]
    ]
    failed = [rule for rule in evaluation.rules if rule.failed and not _is_of_table(rule)]
    return sorted([*exceeded, *failed], key=lambda rule: -rule.failed)[:MOST_RULES]


def _is_of_table(rule: RuleCount) -> bool:
    """Whether it speaks of no row: also of another column that every row has, unlike one of some
    files.
    """
    in_each = rule.failed == rule.checked
    return rule.rule == Kind.REQUIRED or (rule.rule == Kind.NO_OTHER_COLUMNS and in_each)


def _of(contract: Contract, path: Path, failing: Failing) -> Iterator[Sample]:
    wanted = {places[0] for places in failing.places}
    needed = (*contract.promises.key, *failing.columns, DELIVERY, RESCUED)
    rows = dict(_fetch(path, wanted, dict.fromkeys(needed)))
    for places in failing.places:
        row = rows[places[0]]
        key = tuple(_key(contract, row))
        yield Sample(
            rule=failing.rule,
            column=failing.column,
            rows=tuple(place + 1 for place in places),
            delivery=row.get(DELIVERY),
            key=key,
            values=tuple(_values(contract, failing, row, besides={one.column for one in key})),
        )


def _key(contract: Contract, row: _Row) -> Iterator[Shown]:
    for name in contract.promises.key:
        if class_of(contract.classified, name) == "public" and row.get(name) is not None:
            yield Shown(column=name, text=show(row[name], "public"))


def _values(
    contract: Contract, failing: Failing, row: _Row, besides: Collection[str]
) -> Iterator[Shown]:
    """The values that the rule read; in place of one that did not convert, what came."""
    came = rescued(row.get(RESCUED))
    for name in [name for name in failing.columns if name not in besides][:MOST_VALUES]:
        of = class_of(contract.classified, name)
        if row.get(name) is not None:
            yield Shown(column=name, text=show(row[name], of))
        elif came.get(name) is not None:
            as_told = failing.rule in (Kind.TYPE, Kind.NO_OTHER_COLUMNS)
            remark = "" if as_told else " that does not convert"
            yield Shown(column=name, text=f"{show(came[name], of)}{remark}")


def _fetch(
    path: Path, places: Collection[int], columns: Iterable[str]
) -> Iterator[tuple[int, _Row]]:
    """The columns of some rows, as far as they were sent: only their row groups are read."""
    start = 0
    with pq.ParquetFile(path, page_checksum_verification=True) as file:
        names = [name for name in columns if name in file.schema_arrow.names]
        for group in range(file.num_row_groups):
            end = start + file.metadata.row_group(group).num_rows
            if here := [place for place in places if start <= place < end]:
                frame = pl.from_arrow(file.read_row_group(group, columns=names))
                assert isinstance(frame, pl.DataFrame)
                yield from zip(here, frame[[p - start for p in here]].to_dicts(), strict=True)
            start = end
