"""The one-pass engine: all rules of a contract in one select over the landed Parquet file.

    planned rules ─▶ questions ─▶ one select, streaming ─▶ RuleCount
                        │             └ one more for each unique key, and for each own check
                        └ a rule that has none ─▶ the reference engine, named in its count

A rule counts and never filters: what a reader skips by a file's statistics was not read. That
every byte was read is shown by the file's SHA-256.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from contracts.engines import reference
from contracts.engines.answer import CRASHES
from contracts.engines.landed import (
    Changed,
    Landed,
    count_rescued,
    counts,
    misfits,
    not_run,
    require_unchanged,
    unread,
    without_reserved,
)
from contracts.engines.question import Counts, Question, Refused, implied, question
from contracts.engines.strict import NotRun
from contracts.engines.unique import count_duplicates
from contracts.evaluation import Evaluation, Missing, RuleCount
from contracts.missing import is_missing
from contracts.promises import Contract, Promises
from contracts.rules import RESCUED, Kind, Rule, builtin, plan_rules

ENGINE = f"one pass: {reference.ENGINE}"
_AHEAD = "2"
"""Row groups that are read ahead; polars' own number takes twice the memory, and is no faster."""


def evaluate(
    contract: Contract,
    path: Path,
    *,
    sha256: str | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> Evaluation:
    """Count the failures of each rule of `contract` in the file, one count per planned rule.

    A file whose bytes are not those of `sha256` is not judged. Raises MemoryError if there is too
    little for it.
    """
    started = clock()
    try:
        require_unchanged(path, sha256)
        landed = _scan(path)
        rules, missing = _count_all(contract, landed)
    except MemoryError:
        raise
    except Changed as error:
        return unread(contract, error, ENGINE, clock() - started)
    except CRASHES:
        found = reference.evaluate(contract, path, sha256=sha256, clock=clock)
        return replace(found, engine=f"{found.engine}, in place of one pass")
    alone, jointly = missing
    return Evaluation(
        dataset=contract.name,
        rows=landed.rows,
        rules=rules,
        missing=alone,
        missing_jointly=jointly,
        engine=ENGINE,
        seconds=clock() - started,
        misfits=tuple(misfits(contract, rules)),
    )


def _scan(path: Path) -> Landed:
    whole = scan(path)
    arrived = pl.from_arrow(pq.read_schema(path).empty_table())
    if not isinstance(arrived, pl.DataFrame) or whole.collect_schema() != arrived.schema:
        raise Refused  # the two readers take a type for another
    [(rows, nulls)] = _collect(whole.select(pl.len(), pl.col(RESCUED).null_count())).rows()
    frame = without_reserved(whole)
    schema = frame.collect_schema()
    if not schema:
        raise Refused  # rows without columns
    rescued = _count_rescued(path) if nulls < rows else {}
    return Landed(frame=frame, schema=schema, rows=rows, rescued=rescued)


def scan(path: Path) -> pl.LazyFrame:
    """The landed file, read in bounded memory and without its statistics."""
    os.environ.setdefault("POLARS_ROW_GROUP_PREFETCH_SIZE", _AHEAD)  # read when a scan begins
    return pl.scan_parquet(path, use_statistics=False, glob=False, hive_partitioning=False)


def _count_rescued(path: Path) -> Mapping[str, int]:
    counted: Counter[str] = Counter()
    with pq.ParquetFile(path, page_checksum_verification=True) as file:
        for batch in file.iter_batches(columns=[RESCUED]):
            counted.update(count_rescued(batch.column(0)))
    return counted


def _count_all(
    contract: Contract, landed: Landed
) -> tuple[tuple[RuleCount, ...], tuple[tuple[Missing, ...], int | None]]:
    rules, empty = plan_rules(contract), pl.DataFrame(schema=landed.schema).lazy()
    asked = {
        id(rule): one
        for rule in rules
        if landed.rows and all(name in landed.schema for name in rule.columns)
        if (one := _question(rule, empty)) is not None
    }
    missing = _missing_counted(contract.promises, landed.schema)
    implying = implied(rules)
    together = {
        of: one.counted for of, one in asked.items() if not one.alone and of not in implying
    }
    answers = _ask(landed.frame, {**together, _MISSING: missing})

    def count(rule: Rule) -> RuleCount:
        by = implying.get(id(rule))
        if by is not None and not count(by).failed and not count(by).error:
            return RuleCount(rule=rule.text, column=rule.column, checked=landed.rows, failed=0)
        return _count(rule, landed, asked.get(id(rule)), answers)

    counted = tuple(counts(contract, rules, landed, count))
    return counted, _missing(contract.promises, landed, answers.get(_MISSING))


_MISSING = 0
"""The missing values, among the ids of rules."""


def _question(rule: Rule, empty: pl.LazyFrame) -> Question | None:
    try:
        return question(rule, empty)
    except CRASHES:  # the reference engine tells what is wrong with it
        return None


def _count(
    rule: Rule, landed: Landed, asked: Question | None, answers: Mapping[int, Counts]
) -> RuleCount:
    try:
        if rule.kind is Kind.UNIQUE:
            failed = count_duplicates(landed.frame, rule.columns, landed.rows)
        elif asked is None:
            raise Refused
        else:
            apart = id(rule) not in answers
            found = _ask(landed.frame, {id(rule): asked.counted}) if apart else answers
            failed = asked.failed(found[id(rule)], landed.rows)
    except NotRun as error:
        return not_run(rule, str(error))
    except MemoryError:
        raise
    except CRASHES:
        return _count_by_reference(rule, landed)
    return RuleCount(rule=rule.text, column=rule.column, checked=landed.rows, failed=failed)


def _count_by_reference(rule: Rule, landed: Landed) -> RuleCount:
    """What the reference engine counts, on the rule's columns alone if it can see no others."""
    check = rule.check
    sees_all = check is not None and builtin(check) is None and not check.element_wise
    frame = landed.frame if sees_all or not rule.columns else landed.frame.select(rule.columns)
    return replace(reference.count(rule, replace(landed, frame=frame)), engine=reference.ENGINE)


def _ask(frame: pl.LazyFrame, asked: Mapping[int, Mapping[str, pl.Expr]]) -> Mapping[int, Counts]:
    """All counts in one select; where that raises, in two of half as many, down to the one that
    raises, which has none.
    """
    if not asked:
        return {}
    named = [(of, name, one) for of, counted in asked.items() for name, one in counted.items()]
    try:
        selected = frame.select(one.alias(str(n)) for n, (*_, one) in enumerate(named))
        [row] = _collect(selected).rows()
    except MemoryError:
        raise
    except CRASHES:
        if len(asked) == 1:
            return {}
        all_of_them, half = list(asked.items()), len(asked) // 2
        return {
            **_ask(frame, dict(all_of_them[:half])),
            **_ask(frame, dict(all_of_them[half:])),
        }
    answers: dict[int, dict[str, int]] = {of: {} for of in asked}
    for (of, name, _), value in zip(named, row, strict=True):
        answers[of][name] = value
    return answers


def _missing_counted(promises: Promises, schema: pl.Schema) -> dict[str, pl.Expr]:
    """The missing values of each field that arrived; the last of them, of all fields jointly."""
    found = {
        name: is_missing(pl.col(name), name, schema[name], promises)
        for name in promises.missing
        if name in schema
    }
    jointly = {"": pl.any_horizontal(*found.values()).sum()} if found else {}
    return {name: one.sum() for name, one in found.items()} | jointly


def _missing(
    promises: Promises, landed: Landed, found: Counts | None
) -> tuple[tuple[Missing, ...], int | None]:
    """See `reference.count_missing`."""
    if found is None:
        return reference.count_missing(promises, landed)
    names = [name for name in promises.missing if name in landed.schema]
    alone = tuple(Missing(column=n, rows=landed.rows, missing=found[n]) for n in names)
    return alone, found[""] if names and len(names) == len(promises.missing) else None


def _collect(frame: pl.LazyFrame) -> pl.DataFrame:
    return frame.collect(engine="streaming")
