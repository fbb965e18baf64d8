"""The reference engine: Pandera's own types and checks, run one by one on an eager frame.

    Parquet ─▶ polars, reserved columns set apart ─▶ each planned rule ─▶ RuleCount

`schema.validate` is not called, because its report is incomplete: it stops at the first extra
column, drops a misspelt name in `unique` and counts NULL keys as duplicates. Each check runs
alone (`contracts/engines/answer.py`), so a check that raises fails only its own rule.
`tests/contracts/test_reference.py` compares both.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pandera
import pandera.polars
import polars as pl
import polars.selectors as cs
import pyarrow as pa
import pyarrow.parquet as pq

from contracts.arrow_schema import arrow_schema, type_text
from contracts.engines.answer import CRASHES, count_failures
from contracts.engines.strict import NotRun
from contracts.evaluation import Evaluation, Misfit, Missing, RuleCount
from contracts.missing import find_missing
from contracts.promises import Contract, Promises
from contracts.rules import RESCUED, RESERVED, Kind, Rule, plan_rules

_ENGINE = f"pandera {pandera.__version__}, polars {pl.__version__}"
CONTROL_CHARACTER = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x{9f}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Landed:
    """The rows of one landing, without the reserved columns."""

    frame: pl.DataFrame
    rescued: Mapping[str, int]
    """Number of values per column that did not convert to its type."""


def evaluate(
    contract: Contract, path: Path, *, clock: Callable[[], float] = time.perf_counter
) -> Evaluation:
    """Count the failures of each rule of `contract` in the file, one count per planned rule.

    Raises MemoryError if there is too little for it.
    """
    started = clock()
    try:
        landed = _load(path)
    except MemoryError:
        raise
    except CRASHES as error:
        why = f"the landed file could not be read ({type(error).__name__})"
        rules = tuple(_not_run(rule, why) for rule in plan_rules(contract))
        landed = Landed(frame=pl.DataFrame(), rescued={})
    else:
        rules = tuple(_counts(contract, landed))
    missing, jointly = _missing(contract.promises, landed.frame)
    return Evaluation(
        dataset=contract.name,
        rows=landed.frame.height,
        rules=rules,
        missing=missing,
        missing_jointly=jointly,
        engine=_ENGINE,
        seconds=clock() - started,
        misfits=tuple(_misfits(contract, rules)),
    )


def _misfits(contract: Contract, rules: Iterable[RuleCount]) -> Iterator[Misfit]:
    promised = {one.name: one.type for one in arrow_schema(contract.schema)}
    for rule in rules:
        if rule.rule == Kind.TYPE and rule.failed and rule.column in promised:
            yield Misfit(column=rule.column, promised=type_text(promised[rule.column]))


def _load(path: Path) -> Landed:
    # By default pyarrow ignores the page checksums of Parquet.
    table = pq.read_table(path, page_checksum_verification=True)
    rescued = _count_rescued(table.column(RESCUED))
    rows = table.num_rows
    frame = pl.from_arrow(table.drop_columns([c for c in RESERVED if c in table.column_names]))
    assert isinstance(frame, pl.DataFrame)
    if frame.height != rows:  # a table without columns loses its rows in polars
        raise ValueError
    # NaN passes `>= 0`; here it counts as missing.
    return Landed(frame=frame.with_columns(cs.float().fill_nan(None)), rescued=rescued)


def _count_rescued(column: pa.ChunkedArray[pa.StringScalar]) -> Counter[str]:
    by_column: Counter[str] = Counter()
    decode = msgspec.json.Decoder(dict[str, object]).decode
    for value in column.drop_null():
        text = value.as_py()
        try:
            by_column.update(decode(text).keys())
        except msgspec.DecodeError:  # half a character: JSON may hold one (RFC 8259 8.2)
            by_column.update(json.loads(text).keys())
    return by_column


def _counts(contract: Contract, landed: Landed) -> Iterator[RuleCount]:
    rules = plan_rules(contract)
    for rule in rules:
        if rule.kind is not Kind.NO_OTHER_COLUMNS:
            yield _count(rule, contract, landed)
    rows = landed.frame.height
    known = contract.schema.columns
    others = dict.fromkeys((c for c in landed.frame.columns if c not in known), rows)
    for name, failed in others.items() or [(None, 0)]:
        yield RuleCount(rule=Kind.NO_OTHER_COLUMNS, column=name, checked=rows, failed=failed)
    for name, failed in landed.rescued.items():
        if name not in known:
            yield RuleCount(rule=Kind.TYPE, column=name, checked=rows, failed=failed)


def _count(rule: Rule, contract: Contract, landed: Landed) -> RuleCount:
    rows = landed.frame.height
    absent = [name for name in rule.columns if name not in landed.frame.columns]
    if absent and rule.kind is not Kind.REQUIRED:
        return _not_run(rule, f"{', '.join(absent)} was not sent")
    try:
        failed = _count_failures(rule, contract, landed) if rows else 0
    except NotRun as error:
        return _not_run(rule, str(error))
    except MemoryError:
        raise
    except CRASHES as error:  # its text may quote the data, so only its type is shown
        return _not_run(rule, f"the rule raised {type(error).__name__}")
    return RuleCount(rule=rule.text, column=rule.column, checked=rows, failed=failed)


def _count_failures(rule: Rule, contract: Contract, landed: Landed) -> int:
    frame, columns = landed.frame, list(rule.columns)
    match rule.kind:
        case Kind.REQUIRED:
            return frame.height if columns[0] not in frame.columns else 0
        case Kind.TYPE:
            promised = contract.schema.columns[columns[0]].dtype.type
            fits = frame.schema[columns[0]] == promised
            return landed.rescued.get(columns[0], 0) if fits else frame.height
        case Kind.NOT_NULL:
            return frame[columns[0]].null_count()
        case Kind.NO_CONTROL_CHARACTERS:
            return int(frame[columns[0]].str.contains(CONTROL_CHARACTER).sum())
        case Kind.UNIQUE:
            return int(frame.select(columns).drop_nulls().is_duplicated().sum())
        case Kind.CHECK:
            assert rule.check is not None
            return count_failures(rule.check, rule.column, frame)
        case Kind.NO_OTHER_COLUMNS:
            raise NotImplementedError(rule.kind)  # counted once for each other column


def _not_run(rule: Rule, why: str) -> RuleCount:
    return RuleCount(rule=rule.text, column=rule.column, checked=0, failed=0, error=why)


def _missing(promises: Promises, frame: pl.DataFrame) -> tuple[tuple[Missing, ...], int | None]:
    found = {
        name: find_missing(name, frame[name], promises)
        for name in promises.missing
        if name in frame.columns
    }
    alone = tuple(
        Missing(column=name, rows=frame.height, missing=int(missing.sum()))
        for name, missing in found.items()
    )
    if not found or len(found) < len(promises.missing):
        return alone, None
    any_missing = pl.DataFrame(found).select(pl.any_horizontal(pl.all()).sum()).item()
    return alone, int(any_missing)
