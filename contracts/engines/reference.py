"""The reference engine: Pandera's own types and checks, run one by one on the rows.

    Parquet ─▶ polars, reserved columns set apart ─▶ each planned rule ─▶ RuleCount

`schema.validate` is not called, because its report is incomplete: it stops at the first extra
column, drops a misspelt name in `unique` and counts NULL keys as duplicates. Each check runs
alone (`contracts/engines/answer.py`), so a check that raises fails only its own rule.
`tests/contracts/test_reference.py` compares both.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pandera
import pandera.polars
import polars as pl
import pyarrow.parquet as pq

from contracts.engines.answer import CRASHES, count_failures
from contracts.engines.landed import (
    Landed,
    count_rescued,
    counts,
    misfits,
    not_run,
    require_unchanged,
    unread,
    without_reserved,
)
from contracts.engines.strict import NotRun
from contracts.evaluation import Evaluation, Missing, RuleCount
from contracts.missing import find_missing
from contracts.promises import Contract, Promises
from contracts.rules import RESCUED, Kind, Rule, plan_rules

ENGINE = f"pandera {pandera.__version__}, polars {pl.__version__}"
CONTROL_CHARACTER = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x{9f}]"


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
        landed = _load(path)
    except MemoryError:
        raise
    except CRASHES as error:
        return unread(contract, error, ENGINE, clock() - started)
    planned = plan_rules(contract)
    rules = tuple(counts(contract, planned, landed, lambda rule: count(rule, landed)))
    missing, jointly = count_missing(contract.promises, landed)
    return Evaluation(
        dataset=contract.name,
        rows=landed.rows,
        rules=rules,
        missing=missing,
        missing_jointly=jointly,
        engine=ENGINE,
        seconds=clock() - started,
        misfits=tuple(misfits(contract, rules)),
    )


def _load(path: Path) -> Landed:
    # By default pyarrow ignores the page checksums of Parquet.
    table = pq.read_table(path, page_checksum_verification=True)
    rescued = count_rescued(table.column(RESCUED))
    whole = pl.from_arrow(table)
    assert isinstance(whole, pl.DataFrame)
    frame = without_reserved(whole.lazy()).collect()
    if frame.height != table.num_rows:  # a table without columns loses its rows in polars
        raise ValueError
    return Landed(frame=frame.lazy(), schema=frame.schema, rows=frame.height, rescued=rescued)


def count(rule: Rule, landed: Landed) -> RuleCount:
    """Count the rows that fail one rule on values. Raises MemoryError."""
    try:
        failed = _count_failures(rule, landed)
    except NotRun as error:
        return not_run(rule, str(error))
    except MemoryError:
        raise
    except CRASHES as error:  # its text may quote the data, so only its type is shown
        return not_run(rule, f"the rule raised {type(error).__name__}")
    return RuleCount(rule=rule.text, column=rule.column, checked=landed.rows, failed=failed)


def _count_failures(rule: Rule, landed: Landed) -> int:
    if rule.kind is Kind.CHECK:
        assert rule.check is not None
        return count_failures(rule.check, rule.column, landed.frame)
    values = landed.frame.select(rule.columns).collect()
    match rule.kind:
        case Kind.NOT_NULL:
            return values.to_series().null_count()
        case Kind.NO_CONTROL_CHARACTERS:
            return int(values.to_series().str.contains(CONTROL_CHARACTER).sum())
        case Kind.UNIQUE:
            return int(values.drop_nulls().is_duplicated().sum())
        case _:
            raise NotImplementedError(rule.kind)  # it needs no value


def count_missing(promises: Promises, landed: Landed) -> tuple[tuple[Missing, ...], int | None]:
    """Missing values of each field of `promises.missing`, and rows with any of them."""
    names = [name for name in promises.missing if name in landed.schema]
    values = landed.frame.select(names).collect()
    found = {name: find_missing(name, values[name], promises) for name in names}
    alone = tuple(
        Missing(column=name, rows=landed.rows, missing=int(missing.sum()))
        for name, missing in found.items()
    )
    if not found or len(found) < len(promises.missing):
        return alone, None
    any_missing = pl.DataFrame(found).select(pl.any_horizontal(pl.all()).sum()).item()
    return alone, int(any_missing)
