"""What is a whole reading, and what is only called one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandera.polars as pandera
import polars as pl
import pyarrow as pa
import pytest

from connectors.connector import RESCUED, Connector, Probe
from connectors.events import Completed, Emit
from contracts.promises import Contract, Promises, Volume
from harness.claims import DATASET_CLAIMS
from harness.claims.judge import judge_dataset
from harness.claims.wholeness import Wholeness, wholeness
from harness.clock import Clock
from harness.facts import Failure, Reading
from harness.run.dataset import read_dataset
from harness.run.recorder import Recorder
from harness.verdict import GOOD, Outcome
from tests.connectors.drop_fixture import Drop, drop

NOW = datetime.now(UTC)
CONTRACT = Contract(
    name="it",
    promises=Promises(key=("order_key",), cadence=timedelta(days=1)),
    schema=pandera.DataFrameSchema(
        {"order_key": pandera.Column(pl.Int64, description="The order's number")}, strict=True
    ),
)
MAY_BE_EMPTY = replace(CONTRACT, promises=replace(CONTRACT.promises, volume=Volume(minimum=0)))


@pytest.fixture(scope="module")
def shipments() -> Iterator[Drop]:
    with drop() as started:
        yield started


def taken(
    connector: Connector, into: Path, contract: Contract = CONTRACT, *, nights_ago: int = 0
) -> Reading:
    at = NOW - timedelta(days=nights_ago)
    reading, _ = read_dataset(
        connector,
        Recorder(
            source="logistics", contract=contract, slot=at.date(), clock=Clock(now=lambda: at)
        ),
        into=into / "it.parquet",
    )
    return reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Miscounting:
    """A connector that says it has read more rows than it hands over."""

    endpoint: str = "none://here"

    def read(self, dataset: str, *, schema: pa.Schema, emit: Emit) -> pa.RecordBatchReader:  # noqa: ARG002 - a Connector
        schema = schema.append(pa.field(RESCUED, pa.string()))

        def batches() -> Iterator[pa.RecordBatch]:
            yield pa.RecordBatch.from_pylist([{"order_key": 1}], schema=schema)
            emit(Completed(rows=2, bytes=8, witness=None))

        return pa.RecordBatchReader.from_batches(schema, batches())

    def probe(self, *, emit: Emit) -> Sequence[Probe]:  # noqa: ARG002 - a Connector
        return ()


def test_a_row_lost_between_the_source_and_the_landing_fails_the_reading(tmp_path: Path) -> None:
    reading = taken(Miscounting(), tmp_path)
    assert reading.failure is not None
    assert "2 rows were read and 1 landed" in reading.failure.message
    assert not (tmp_path / "it.parquet").exists()


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """A connector that ends without a word: what it handed over may be all or a part."""

    endpoint: str = "none://here"

    def read(self, dataset: str, *, schema: pa.Schema, emit: Emit) -> pa.RecordBatchReader:  # noqa: ARG002 - a Connector
        schema = schema.append(pa.field(RESCUED, pa.string()))
        rows = pa.RecordBatch.from_pylist([{"order_key": 1}, {"order_key": 2}], schema=schema)
        return pa.RecordBatchReader.from_batches(schema, [rows])

    def probe(self, *, emit: Emit) -> Sequence[Probe]:  # noqa: ARG002 - a Connector
        return ()


def test_a_reader_that_ends_without_a_word_has_not_read_the_whole(tmp_path: Path) -> None:
    reading = taken(Silent(), tmp_path)
    assert reading.failure == Failure(
        kind="SourceChanged", message="the reader ended before the source did"
    )
    assert (reading.sha256, reading.witness) == (None, None)
    assert wholeness(reading) is Wholeness.FAILED
    assert not (tmp_path / "it.parquet").exists()
    for claim in DATASET_CLAIMS:
        assert judge_dataset(claim, CONTRACT.promises, [reading]).outcome not in GOOD


def test_a_file_without_its_header_shows_no_row_in_place_of_names(
    shipments: Drop, tmp_path: Path
) -> None:
    shipments.clear()
    shipments.put(1, "77,Ada Lovelace\n78,Grace Hopper\n")
    reading = taken(shipments.sftp(), tmp_path)
    assert reading.failure is not None
    assert "none of the contract's columns came" in reading.failure.message
    assert "Ada" not in str(reading)


def test_a_name_that_matches_no_file_is_no_delivery_even_where_empty_ones_are_promised(
    shipments: Drop, tmp_path: Path
) -> None:
    shipments.clear()
    shipments.put(1, "order_key\n1\n")
    misspelt = shipments.sftp("shipments/shipment_*.csv")
    nights = [taken(misspelt, tmp_path, MAY_BE_EMPTY, nights_ago=n) for n in range(29)]
    for claim in ("complete", "arrives"):
        verdict = judge_dataset(claim, MAY_BE_EMPTY.promises, nights)
        assert verdict.outcome is Outcome.UNPROVEN, verdict.because
