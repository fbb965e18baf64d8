"""One file among others has other columns or types: what is then proven, by whole runs."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandera.polars as pandera
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from connectors.files.connector import Files
from connectors.files.file_set import FileSet
from connectors.files.formats import Format
from connectors.files.formats.csv import Csv
from connectors.files.formats.jsonl import JsonLines
from connectors.files.formats.parquet import Parquet
from connectors.files.stores.local import Local
from harness.verdict import Outcome, Verdict
from tests.truth.situation import NUMBER, Ground, Trial, contract

FORMATS: dict[str, Format] = {"csv": Csv(), "jsonl": JsonLines(), "parquet": Parquet()}
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def ground() -> Iterator[Ground]:
    with Ground() as made:
        yield made


def write(folder: Path, name: str, table: pa.Table, written: str = "parquet") -> None:
    rows = table.to_pylist()
    if written == "parquet":
        pq.write_table(table, into := io.BytesIO())
        content = into.getvalue()
    elif written == "csv":
        lines = [",".join("" if v is None else str(v) for v in row.values()) for row in rows]
        content = "\n".join([",".join(table.column_names), *lines, ""]).encode()
    else:
        content = "".join(json.dumps(row) + "\n" for row in rows).encode()
    (folder / f"{name}.it").write_bytes(content)


def trial(
    ground: Ground, tables: Sequence[pa.Table], columns: dict[str, Any], written: str = "parquet"
) -> Trial:
    folder = ground.folder()
    for number, table in enumerate(tables, 1):
        write(folder, str(number), table, written)
    files = Files(store=Local(folder), datasets={"it": FileSet("*.it", FORMATS[written])})
    return Trial(ground=ground, connector=files, contracts=(contract("it", columns),))


def conforms(made: Trial) -> Verdict:
    return made.prove(claim="conforms")


USUAL = pa.table({"id": [1, 2], "size": [5, 6]})
BOTH = {"id": NUMBER, "size": NUMBER}


@pytest.mark.parametrize("written", FORMATS)
@pytest.mark.parametrize("claim", ["complete", "conforms", "authenticated", "within_budget"])
def test_a_new_column_ends_no_claim(ground: Ground, written: str, claim: str) -> None:
    more = pa.table({"id": [3], "size": [7], "more": [9]})
    for tables in ([USUAL, more], [USUAL, more, USUAL.slice(0, 0)]):
        verdict = trial(ground, tables, BOTH, written).prove(claim=claim)
        assert verdict.outcome is not Outcome.ERROR, verdict.because


@pytest.mark.parametrize("written", FORMATS)
def test_a_column_of_one_file_is_found_with_its_rows(ground: Ground, written: str) -> None:
    """The file between others; the one value that it lacks is a row of it, too."""
    odd = pa.table({"id": [3, 4], "size": [7, 8], "more": [9, None]})
    last = pa.table({"id": [5], "size": [1]})
    verdict = conforms(trial(ground, [USUAL, odd, last], BOTH, written))
    assert verdict.outcome is Outcome.BROKEN
    assert verdict.because == "more: 2 of 5 rows fail no other columns."
    [rule] = verdict.failed_rules
    assert [one.delivery for one in rule.samples] == ["2.it", "2.it"]


@pytest.mark.parametrize("written", FORMATS)
@pytest.mark.parametrize(
    ("nullable", "outcome"), [(False, Outcome.BROKEN), (True, Outcome.PROVEN)]
)
def test_a_column_that_one_file_lacks_is_judged_as_missing(
    ground: Ground,
    written: str,
    nullable: bool,  # noqa: FBT001 - parametrized
    outcome: Outcome,
) -> None:
    lacking = pa.table({"id": [3]})
    columns = {"id": NUMBER, "size": pandera.Column(pl.Int64, nullable=nullable)}
    for tables in ([USUAL, lacking], [lacking, USUAL]):
        verdict = conforms(trial(ground, tables, columns, written))
        assert verdict.outcome is outcome
        if not nullable:
            assert verdict.because == "size: 1 of 3 rows fail not null."


@pytest.mark.parametrize("written", FORMATS)
def test_a_column_that_every_file_lacks_passes_nothing(ground: Ground, written: str) -> None:
    columns = {"id": NUMBER, "size": pandera.Column(pl.Int64, nullable=True)}
    tables = [pa.table({"id": [1]}), pa.table({"id": [2]})]
    verdict = conforms(trial(ground, tables, columns, written))
    assert verdict.outcome is Outcome.BROKEN
    assert "size: 2 of 2 rows fail required" in verdict.because


def typed(values: list[Any], type_: pa.DataType, ids: Sequence[int] = (1,)) -> pa.Table:
    return pa.table({"id": list(ids), "it": pa.array(values, type_)})


@pytest.mark.parametrize(
    ("promised", "usual", "other", "outcome"),
    [
        (pl.Int64, typed([1], pa.int64()), typed([2], pa.int32(), [2]), Outcome.PROVEN),
        (pl.Float64, typed([1.5], pa.float64()), typed([2], pa.int64(), [2]), Outcome.PROVEN),
        (
            pl.Float64,
            typed([1.5], pa.float64()),
            typed([2**53 + 1], pa.int64(), [2]),
            Outcome.BROKEN,
        ),
        (
            pl.Datetime("us", "UTC"),
            typed([NOON], pa.timestamp("us", "UTC")),
            typed([NOON], pa.timestamp("ms", "UTC"), [2]),
            Outcome.PROVEN,
        ),
        (
            pl.Datetime("ms", "UTC"),
            typed([NOON], pa.timestamp("ms", "UTC")),
            typed([NOON.replace(microsecond=1)], pa.timestamp("us", "UTC"), [2]),
            Outcome.BROKEN,
        ),
        (pl.Int64, typed([1], pa.int64()), typed([None], pa.null(), [2]), Outcome.PROVEN),
    ],
    ids=["int32", "int64 for double", "too large", "ms for us", "finer than ms", "all null"],
)
def test_another_type_is_read_where_it_is_exact(
    ground: Ground, promised: Any, usual: pa.Table, other: pa.Table, outcome: Outcome
) -> None:
    columns = {"id": NUMBER, "it": pandera.Column(promised, nullable=True)}
    for tables in ([usual, other], [other, usual]):
        assert conforms(trial(ground, tables, columns)).outcome is outcome


@pytest.mark.parametrize("flipped", ["1.0", "seven"])
def test_c02_a_value_of_another_type_in_one_row_of_a_million(
    ground: Ground, flipped: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C02: a finding with its count of rows, masked; without the rescue it would be PROVEN."""
    folder = ground.folder()
    rows = "".join(f"{n},{n % 7}\n" for n in range(10**6))
    assert rows.count("777777,0\n") == 1
    (folder / "1.it").write_text(f"id,size\n{rows}".replace("777777,0\n", f"777777,{flipped}\n"))
    files = Files(store=Local(folder), datasets={"it": FileSet("*.it", Csv())})
    columns = {"id": NUMBER, "size": pandera.Column(pl.Int64, nullable=True)}
    made = Trial(ground=ground, connector=files, contracts=(contract("it", columns),))
    verdict = conforms(made)
    assert verdict.outcome is Outcome.BROKEN
    [rule] = verdict.failed_rules
    assert (rule.rule, rule.column, rule.failed, rule.rows) == ("type", "size", 1, 10**6)
    assert [(one.rows, [v.column for v in one.values]) for one in rule.samples] == [
        ((777_778,), ["size"])
    ]
    assert flipped not in repr(verdict)

    monkeypatch.setattr(
        "connectors.convert.fit._rescued_column", lambda _, rows: pa.nulls(rows, pa.string())
    )
    assert conforms(made).outcome is Outcome.PROVEN


@pytest.mark.parametrize("written", FORMATS)
@pytest.mark.parametrize("flipped", ["1.0", "seven"])
def test_c02_of_many_such_rows_three_are_shown(ground: Ground, written: str, flipped: str) -> None:
    """C02: in a file of its own, as Parquet has one type a column."""
    odd = pa.table({"id": [3, 4, 5, 6], "size": [flipped] * 4})
    verdict = conforms(trial(ground, [USUAL, odd], BOTH, written))
    assert verdict.outcome is Outcome.BROKEN
    rule = next(one for one in verdict.failed_rules if one.rule == "type")
    assert (rule.failed, rule.rows, len(rule.samples)) == (4, 6, 3)
    assert {one.delivery for one in rule.samples} == {"2.it"}
    assert flipped not in repr(verdict)
