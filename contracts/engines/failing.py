"""The first rows that fail a rule, looked for after it failed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import msgspec
import polars as pl
import pyarrow.parquet as pq

from contracts.engines.answer import ask
from contracts.engines.landed import without_reserved
from contracts.engines.one_pass import scan
from contracts.engines.question import Refused, question
from contracts.engines.unique import first_duplicates
from contracts.evaluation import MISSING, RuleCount
from contracts.masking import Written
from contracts.missing import is_missing
from contracts.promises import Contract
from contracts.rules import RESCUED, Kind, Rule, builtin, plan_rules

Places: TypeAlias = Sequence[tuple[int, ...]]
"""Of each row its place in the landed file, from 0; of equal rows the first two places."""

_ROWS = 4_096
"""Rows in which rescued values are looked for at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing:
    """The first rows that fail one rule."""

    rule: str
    column: str | None
    columns: tuple[str, ...]
    """Those that the rule reads."""
    places: Places


def failing_rows(
    contract: Contract, path: Path, failed: Iterable[RuleCount], *, most: int
) -> Iterator[Failing]:
    """At most `most` rows of each rule of `failed`, in its order. A rule that speaks of the whole
    table has none, and so have two rules of one name, as nobody could tell whose they are.

    Raises what reading the file or running a rule raises.
    """
    rules = plan_rules(contract)
    named = Counter((rule.text, rule.column) for rule in rules)
    planned = {(r.text, r.column): r for r in rules if named[r.text, r.column] == 1}
    frame = without_reserved(scan(path))
    for count in failed:
        name = count.column or ""
        columns: tuple[str, ...] = (name,)
        places: Places = ()
        if count.rule in (Kind.TYPE, Kind.NO_OTHER_COLUMNS):
            places = _misfits(path, name, most)
        elif count.rule == MISSING:
            dtype = frame.collect_schema()[name]
            places = _first(frame, is_missing(pl.col(name), name, dtype, contract.promises), most)
        elif rule := planned.get((count.rule, count.column)):
            columns, places = _of_rule(rule, frame, count.checked, most)
        yield Failing(rule=count.rule, column=count.column, columns=columns, places=places)


def _of_rule(
    rule: Rule, frame: pl.LazyFrame, rows: int, most: int
) -> tuple[tuple[str, ...], Places]:
    if rule.kind is Kind.UNIQUE:
        return rule.columns, first_duplicates(frame, rule.columns, rows, most=most)
    schema = frame.collect_schema()
    try:
        fails = question(rule, pl.DataFrame(schema=schema).lazy()).fails
    except Refused:
        return _by_reference(rule, frame, rows, most)
    if fails is None:
        return rule.columns, ()
    read = {*rule.columns, *fails.meta.root_names()}
    return tuple(name for name in schema if name in read), _first(frame, fails, most)


def _by_reference(
    rule: Rule, frame: pl.LazyFrame, rows: int, most: int
) -> tuple[tuple[str, ...], Places]:
    """The rows by the whole answer of a check that no select of counts answers."""
    if rule.check is None:
        return rule.columns, ()
    looks_around = builtin(rule.check) is None and not rule.check.element_wise
    whole = frame if looks_around or not rule.columns else frame.select(rule.columns)
    answer = ask(rule.check, rule.column, whole)  # reads the columns that it needs
    if answer.values.len() != rows:
        return rule.columns, ()
    # Null is no answer where a value is missing, and a failure if the check judges nulls.
    failing = ~answer.values.fill_null(value=rule.check.ignore_na)
    columns = tuple(name for name in whole.collect_schema() if name in answer.by_row)
    return columns, _first(failing.to_frame().lazy(), pl.all(), most)


def _first(frame: pl.LazyFrame, fails: pl.Expr, most: int) -> Places:
    """The places of the first rows, of a whole frame: an answer may rest on the other rows."""
    failing = frame.select(fails.alias("fails")).with_row_index("place").filter("fails")
    places = failing.select("place").head(most).collect(engine="streaming")
    return [(place,) for place in places.to_series()]


def _misfits(path: Path, column: str, most: int) -> Places:
    found: list[tuple[int, ...]] = []
    start = 0
    with pq.ParquetFile(path, page_checksum_verification=True) as file:
        for batch in file.iter_batches(_ROWS, columns=[RESCUED]):
            texts = batch.column(0)
            if texts.null_count < len(texts):
                came = enumerate(texts.to_pylist(), start)
                found += [(place,) for place, text in came if column in rescued(text)]
            start += batch.num_rows
            if len(found) >= most:
                break
    return found[:most]


def rescued(text: str | None) -> Mapping[str, object]:
    """What `_rescued` holds, by column: texts, and all else in the JSON that it came in."""
    if text is None:
        return {}
    try:
        came = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
    except msgspec.DecodeError:  # half a character: JSON may hold one (RFC 8259 8.2)
        return {name: _plain(json.dumps(value)) for name, value in json.loads(text).items()}
    return {name: _plain(bytes(value).decode()) for name, value in came.items()}


def _plain(value: str) -> object:
    if value == "null":
        return None
    return json.loads(value) if value.startswith('"') else Written(value)
