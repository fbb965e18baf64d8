"""The first rows that fail a rule, looked for after it failed.

The file is read one row group after the other, and no further than to the last row that is wanted.
Only equal rows and checks of one's own need whole columns.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeAlias

import msgspec
import pandera.polars as pa
import polars as pl
import polars.selectors as cs
import pyarrow.parquet as pq

from contracts.bounds import JUDGED
from contracts.engines.answer import ask
from contracts.engines.reference import CONTROL_CHARACTER
from contracts.evaluation import MISSING, RuleCount
from contracts.masking import Written
from contracts.missing import find_missing
from contracts.promises import Contract, Promises
from contracts.rules import RESCUED, RESERVED, Kind, Rule, builtin, plan_rules

Places: TypeAlias = Sequence[tuple[int, ...]]
"""Of each row its place in the landed file, from 0; of equal rows the first two places."""


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
    for count in failed:
        name = count.column or ""
        columns: tuple[str, ...] = (name,)
        places: Places = ()
        if count.rule == Kind.TYPE:
            places = _first(_groups(path, [RESCUED]), partial(_misfits, name), most)
        elif count.rule == MISSING:
            fails = partial(_missing, name, contract.promises)
            places = _first(_groups(path, columns), fails, most)
        elif rule := planned.get((count.rule, count.column)):
            columns, places = _of_rule(rule, path, most)
        yield Failing(rule=count.rule, column=count.column, columns=columns, places=places)


def _of_rule(rule: Rule, path: Path, most: int) -> tuple[tuple[str, ...], Places]:
    columns = rule.columns
    match rule.kind:
        case Kind.NOT_NULL:
            return columns, _first(_groups(path, columns), _nulls, most)
        case Kind.NO_CONTROL_CHARACTERS:
            return columns, _first(_groups(path, columns), _control_characters, most)
        case Kind.UNIQUE:
            return columns, _equal(_whole(path, columns), most)
        case Kind.CHECK if rule.check is not None and builtin(rule.check) in JUDGED:
            fails = partial(_fails, rule.check, rule.column)
            return columns, _first(_groups(path, columns), fails, most)
        case Kind.CHECK if rule.check is not None:
            return _of_own(rule.check, rule, _whole(path, columns), most)
        case _:
            return columns, ()


def _first(
    groups: Iterable[pl.DataFrame], fails: Callable[[pl.DataFrame], pl.Series], most: int
) -> Places:
    start, found = 0, list[tuple[int]]()
    for frame in groups:
        here = fails(frame).fill_null(value=False).arg_true().head(most - len(found))
        found += [(start + place,) for place in here]
        if len(found) == most:
            break
        start += frame.height
    return found


def _groups(path: Path, columns: Sequence[str]) -> Iterator[pl.DataFrame]:
    """The columns, or all that a source sent, as rules see them: NaN is null."""
    with pq.ParquetFile(path, page_checksum_verification=True) as file:
        names = columns or [n for n in file.schema_arrow.names if n not in RESERVED]
        for group in range(file.num_row_groups):
            frame = pl.from_arrow(file.read_row_group(group, columns=list(names)))
            assert isinstance(frame, pl.DataFrame)
            yield frame.with_columns(cs.float().fill_nan(None))


def _whole(path: Path, columns: Sequence[str]) -> pl.DataFrame:
    return pl.concat(_groups(path, columns))


def _nulls(frame: pl.DataFrame) -> pl.Series:
    return frame.to_series().is_null()


def _control_characters(frame: pl.DataFrame) -> pl.Series:
    return frame.to_series().str.contains(CONTROL_CHARACTER)


def _fails(check: pa.Check, column: str | None, frame: pl.DataFrame) -> pl.Series:
    return _failing(check, ask(check, column, frame).values)


def _failing(check: pa.Check, values: pl.Series) -> pl.Series:
    # Null is no answer where a value is missing, and a failure if the check judges nulls.
    return ~values.fill_null(value=check.ignore_na)


def _of_own(
    check: pa.Check, rule: Rule, frame: pl.DataFrame, most: int
) -> tuple[tuple[str, ...], Places]:
    answer = ask(check, rule.column, frame)
    if answer.values.len() != frame.height:
        return rule.columns, ()
    columns = tuple(name for name in frame.columns if name in answer.by_row)
    return columns, _first([frame], lambda _: _failing(check, answer.values), most)


def _equal(frame: pl.DataFrame, most: int) -> Places:
    """Of the first values that occur again, the first two places."""
    place = RESCUED  # a name that no column of a contract has
    again = frame.with_row_index(place).drop_nulls()
    again = again.filter(again.select(frame.columns).is_duplicated())
    groups = again.group_by(frame.columns, maintain_order=True).agg(pl.col(place).head(2))
    return [tuple(places) for places in groups[place].head(most)]


def _missing(column: str, promises: Promises, frame: pl.DataFrame) -> pl.Series:
    return find_missing(column, frame.to_series(), promises)


def _misfits(column: str, frame: pl.DataFrame) -> pl.Series:
    return pl.Series([column in rescued(text) for text in frame.to_series()], dtype=pl.Boolean)


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
