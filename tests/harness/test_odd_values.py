"""Odd but harmless values through each reader: never a defect, never PROVEN with a value lost."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandera.polars as pandera
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.connector import RESCUED, Connector
from connectors.convert import fit as fitting
from connectors.files.connector import Files
from connectors.files.file_set import FileSet
from connectors.files.formats import Format
from connectors.files.formats.csv import Csv
from connectors.files.formats.jsonl import JsonLines
from connectors.files.formats.parquet import Parquet
from connectors.files.stores.local import Local
from connectors.sql.connector import Sql
from contracts.engines import evaluate
from harness import tags
from harness.claims import conforms
from harness.clock import Clock
from harness.run.dataset import read_dataset
from harness.run.recorder import Recorder
from harness.verdict import Outcome
from tests.connectors.scripted import Said, Scripted, paged, scripted
from tests.truth.situation import NUMBER, contract

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PROMISED = st.sampled_from(
    [
        *(pl.Int8, pl.Int64, pl.UInt64, pl.Float32, pl.Float64, pl.Boolean, pl.String),
        *(pl.Binary, pl.Date, pl.Datetime("us"), pl.Datetime("us", "UTC"), pl.Datetime("ns")),
        *(pl.Decimal(12, 2), pl.Decimal(38, 38)),
    ]
)
WRITTEN = st.sampled_from(
    [
        *("0000-01-01", "9999-12-31", "10000-01-01", "0044-03-15 BC", "infinity", "2026-02-30"),
        *("9999-12-31T23:59:59.999999Z", "0001-01-01 00:00:00+14:00", "24:00:00", "2026-11-20"),
        *("NaN", "-0", "0x1F", "1e999", "1e-999", "+1", "1_000", "TRUE", "null", " 1", "9" * 400),
    ]
)
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=8) | WRITTEN
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**40), 10**40)
    | st.floats(allow_nan=False, allow_infinity=False)
    | ANY_TEXT
)
DOCUMENTS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=6,
)


def judged(connector: Connector, promised: Any, values: Sequence[object]) -> None:
    """Read, land and evaluate them as a run does. Whatever came of each is told."""
    held = contract("it", {"id": NUMBER, "v": pandera.Column(promised, nullable=True)})
    recorder = Recorder(source="it", contract=held, slot=NOW.date(), clock=Clock(now=lambda: NOW))
    with tempfile.TemporaryDirectory(prefix="st-") as folder:
        path = Path(folder) / "landed" / "it.parquet"
        reading, landing = read_dataset(connector, recorder, into=path)
        if reading.failure is not None:
            assert reading.failure.kind != tags.UNEXPECTED, reading.failure
            assert landing is None
            return
        rows = _rows(pq.read_table(path))
        counts = evaluate(held, path)
    verdict = conforms.CLAIM.prove(held.promises, [reading, counts])
    assert "defect" not in verdict.because
    assert len(rows) == reading.rows == len(values)
    for value, row in zip(values, rows, strict=True):
        rescued = json.loads(row[RESCUED] or "{}")
        if "v" in rescued:
            assert row["v"] is None
            assert verdict.outcome is Outcome.BROKEN
        elif value is None:
            assert row["v"] is None
        else:
            assert _same(value, row["v"])


def _rows(landed: pa.Table) -> list[dict[str, Any]]:
    """Python has no nanoseconds: of such a time its number."""
    if landed.schema.field("v").type == pa.timestamp("ns"):
        at = landed.schema.get_field_index("v")
        landed = landed.set_column(at, "v", landed["v"].cast(pa.int64()))
    return landed.to_pylist()


def _same(value: object, landed: object) -> bool:
    if isinstance(value, str) and not isinstance(landed, str):
        return landed is not None  # its plain notation
    if isinstance(landed, float | Decimal) and not isinstance(value, bool):
        return Decimal(str(landed)) == Decimal(str(value))
    return type(landed) is type(value) and landed == value


def in_a_file(format_: Format, content: bytes) -> tuple[Files, tempfile.TemporaryDirectory[str]]:
    folder = tempfile.TemporaryDirectory(prefix="st-")
    Path(folder.name, "a.it").write_bytes(content)
    return Files(store=Local(Path(folder.name)), datasets={"it": FileSet("*.it", format_)}), folder


@given(st.lists(DOCUMENTS, min_size=1, max_size=4), PROMISED)
def test_json_lines(values: list[object], promised: Any) -> None:
    lines = "".join(json.dumps({"id": n, "v": v}) + "\n" for n, v in enumerate(values))
    files, folder = in_a_file(JsonLines(), lines.encode())
    with folder:
        judged(files, promised, values)


@given(st.lists(ANY_TEXT, min_size=1, max_size=4), PROMISED)
def test_csv(values: list[str], promised: Any) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerows([["id", "v"], *enumerate(values)])
    files, folder = in_a_file(Csv(), text.getvalue().encode(errors="surrogatepass"))
    with folder:
        judged(files, promised, values)


COUNTED = st.sampled_from(
    [
        *(pa.date32(), pa.date64(), pa.time64("us"), pa.time64("ns"), pa.duration("us")),
        *(pa.timestamp(unit) for unit in ("s", "ms", "us", "ns")),
        *(pa.timestamp("us", zone) for zone in ("UTC", "Europe/Berlin", "Mars/Phobos", "+25:99")),
        *(pa.int64(), pa.uint64(), pa.int8()),
    ]
)


@given(
    st.lists(st.none() | st.integers(-(2**62), 2**62), min_size=1, max_size=4), COUNTED, PROMISED
)
def test_parquet_of_numbers_and_times(values: list[int | None], held: Any, promised: Any) -> None:
    width = pa.int32() if held == pa.date32() else pa.int8() if held == pa.int8() else pa.int64()
    most = 2 ** (width.bit_width - 1) - 1
    kept = [None if v is None else v % most for v in values]
    column = pa.array(kept, width).view(held)
    file = io.BytesIO()
    try:
        pq.write_table(pa.table({"id": range(len(kept)), "v": column}), file)
    except pa.ArrowInvalid:  # Parquet has no such time
        return
    files, folder = in_a_file(Parquet(), file.getvalue())
    with folder:
        judged(files, promised, [None if v is None else str(v) for v in kept])


@given(st.lists(st.none() | st.text(max_size=6), min_size=1, max_size=4), PROMISED)
@pytest.mark.parametrize("held", [pa.string(), pa.string_view(), pa.large_string()])
def test_parquet_of_texts(held: Any, values: list[str | None], promised: Any) -> None:
    file = io.BytesIO()
    pq.write_table(pa.table({"id": range(len(values)), "v": pa.array(values, held)}), file)
    files, folder = in_a_file(Parquet(), file.getvalue())
    with folder:
        judged(files, promised, values)


@given(
    st.lists(
        st.none()
        | st.integers(-(2**63), 2**63 - 1)
        | st.floats(allow_nan=False)
        | st.text(max_size=6)
        | WRITTEN
        | st.binary(max_size=4),
        min_size=1,
        max_size=4,
    ),
    PROMISED,
)
def test_sqlite(values: list[Any], promised: Any) -> None:
    with tempfile.TemporaryDirectory(prefix="st-") as folder:
        with closing(sqlite3.connect(f"{folder}/db")) as connection, connection:
            connection.execute("create table t (id integer primary key, v)")
            connection.executemany("insert into t values (?, ?)", enumerate(values))
        sql = Sql(url=f"sqlite:///{folder}/db", password=None, tables={"it": "t"})
        judged(sql, promised, values)


PAGE: dict[str, Said] = {}


@pytest.fixture(scope="module")
def source() -> Iterator[Scripted]:
    with scripted(paged(PAGE)) as running:
        yield running


@given(st.lists(DOCUMENTS, min_size=1, max_size=4), PROMISED)
def test_rest(source: Scripted, values: list[object], promised: Any) -> None:
    rows = [{"id": n, "v": v} for n, v in enumerate(values)]
    PAGE["/1"] = Said({"rows": rows, "total": len(rows), "next": None})
    endpoints = {"it": source.rest().endpoints["parts"]}
    judged(source.rest(endpoints=endpoints), promised, values)


def test_a_reader_that_loses_a_value_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: what does not fit is dropped."""
    files, folder = in_a_file(JsonLines(), b'{"id": 1, "v": "x"}\n')
    with folder:
        judged(files, pl.Int64, ["x"])
        monkeypatch.setattr(
            fitting, "_rescued_column", lambda _, rows: pa.nulls(rows, pa.string())
        )
        with pytest.raises(AssertionError):
            judged(files, pl.Int64, ["x"])


def test_a_reader_that_fails_unforeseen_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    files, folder = in_a_file(JsonLines(), b'{"id": 1, "v": "x"}\n')
    monkeypatch.setattr(fitting, "_rescued_column", None)
    with folder, pytest.raises(AssertionError, match="defect, report it"):
        judged(files, pl.Int64, ["x"])
