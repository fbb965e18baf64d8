"""A connector of somebody else's, written with the door's names alone; type checkers accept it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import assert_type

import pyarrow as pa

from seatrial import Address, Source
from seatrial.connector import (
    Answered,
    ColumnRule,
    Completed,
    Connector,
    Described,
    DescribedColumn,
    Describes,
    Emit,
    KeepsSession,
    LogsIn,
    Probe,
    SourceError,
    Witness,
    WitnessKind,
    declare_names,
    fit,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One row: what time it is there."""

    endpoint: str

    @property
    def datasets(self) -> Sequence[str]:
        """The one that there is."""
        return ("time",)

    def read(self, dataset: str, *, schema: pa.Schema, emit: Emit) -> pa.RecordBatchReader:
        """Ask once."""
        if dataset not in self.datasets:
            raise SourceError(f"{self.endpoint} has no {dataset}: name time")
        emit(Answered(what="GET /time", status="200", seconds=0.1, bytes=8, attempt=1))
        emit(declare_names(["time"], by="page"))
        batch = fit({"time": ["12:00"]}, schema)
        witness = Witness(
            kind=WitnessKind.DECLARED_TOTAL, declared=1, unit="rows", detail="it says one"
        )
        emit(Completed(rows=batch.num_rows, bytes=8, witness=witness))
        return pa.RecordBatchReader.from_batches(batch.schema, [batch])

    def probe(self, *, emit: Emit) -> Sequence[Probe]:  # noqa: ARG002 - a Connector
        """It knows no strangers."""
        return ()

    def describe(self, dataset: str, *, emit: Emit) -> Described:  # noqa: ARG002 - Describes
        """Always the same."""
        column = DescribedColumn(
            name="time",
            type="text",
            lands_as=pa.string(),
            nullable=False,
            rules=(ColumnRule(check="ne", values=("",)),),
        )
        return Described(
            what=dataset, columns=(column,), key=("time",), estimated_rows=1, sampled_rows=None
        )

    def log_in(self, *, emit: Emit) -> None:
        """Nobody asks who we are."""

    def one_session(self) -> AbstractContextManager[Connector]:
        """Each reading is a session."""
        return nullcontext(self)


def clock(at: Address) -> Clock:
    """Where it is."""
    return Clock(endpoint=at.text("url"))


describes: Describes = Clock(endpoint="https://time.example")
logs_in: LogsIn = Clock(endpoint="https://time.example")
keeps: KeepsSession = Clock(endpoint="https://time.example")
assert_type(Source(name="clock", connect=clock, contracts=()), Source)
