"""A contract is *promises* (plain data) and a *schema* (Pandera); an evaluation counts, it does
not judge.

    landed Parquet ─ evaluate(contract) ─▶ Evaluation          Promises ─▶ the proofs in harness
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from contracts.typed import of_type

if TYPE_CHECKING:
    import pandera.polars as pa


class ContractError(ValueError):
    """A contract promises what cannot be judged; the message is one line and says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """Rows expected in one delivery, both ends included."""

    minimum: int
    maximum: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """How much proof is enough; the pilot's `pilot.yaml` is the only place that changes them."""

    confidence: float = 0.95
    """One-sided, of every bound."""
    on_time: float = 0.95
    """Share of deliveries within the promised lag that `fresh` must prove."""
    arrivals: float = 0.90
    """Share of nights with a good delivery that `arrives` must prove."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promises:
    """What a source promised about one dataset, as plain data."""

    key: tuple[str, ...]
    """Columns that together name a row once."""
    event_time: str | None = None
    """Column with the time at which the thing a row tells happened, UTC."""
    lag: timedelta | None = None
    """An event is available to readers within this time."""
    cadence: timedelta | None = None
    """A new delivery comes this often; one a day for nightly batches."""
    zone: str = "UTC"
    """The zone in which delivery days are counted."""
    volume: Volume = field(default_factory=lambda: Volume(minimum=1))
    missing: Mapping[str, float] = field(default_factory=dict)
    """Fields the model depends on, each with the highest share of missing values it bears."""
    missing_jointly: float | None = None
    """The highest share of rows in which any of those fields is missing."""
    thresholds: Thresholds = field(default_factory=Thresholds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """At most so many requests, statements or transfers in any so many seconds."""

    requests: int
    seconds: int

    def __post_init__(self) -> None:
        if self.requests < 1 or self.seconds < 1:
            raise ContractError("a quota lets at least one request pass in at least one second")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePromises:
    """What a source promised about itself."""

    renews: bool = False
    """Its credentials expire while a reading lasts and must be renewed in the middle."""
    quota: Quota | None = None
    """What its owner allows us; what the source tells of itself counts beside it."""
    read_within: timedelta = timedelta(days=1)
    """A night's readings of all its datasets must fit into this time."""
    thresholds: Thresholds = field(default_factory=Thresholds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """One dataset's promises and schema. `name` is the dataset's name at its source."""

    name: str
    promises: Promises
    schema: pa.DataFrameSchema
    """Strict, with a description; `contracts.arrow_schema` derives the landing types from it."""

    def __post_init__(self) -> None:
        of_type("name", self.name, str)
        of_type("promises", self.promises, Promises)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCount:
    """One rule of a contract, held against every landed row.

    `checked` is 0 and `error` says why when the rule could not be run: never a pass.
    """

    rule: str
    """`type`, `required`, `not_null`, `unique`, `no_other_columns` or the check's own name with
    its statistics, as `greater_than_or_equal_to(0)`."""
    column: str | None
    checked: int
    """Rows held against the rule."""
    failed: int
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Missing values of one field that the model depends on."""

    column: str
    rows: int
    missing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What a contract's rules found in one landing: counts, no judgement."""

    dataset: str
    rows: int
    rules: tuple[RuleCount, ...]
    missing: tuple[Missing, ...]
    missing_jointly: int | None
    """Rows in which any field of `promises.missing` is missing; None when one was not sent."""
    engine: str
    """Name and version of what ran the rules."""
    seconds: float


Evaluate: TypeAlias = Callable[[Contract, Path], Evaluation]
"""Hold one landed Parquet file against a contract. Never raises for what the data hold.
A null is a missing value and so is NaN; an empty or blank text is a value."""
