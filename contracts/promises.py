"""A contract is *promises* (plain data) and a *schema* (Pandera); an evaluation counts, it does
not judge.

    landed Parquet ─ evaluate(contract) ─▶ Evaluation          Promises ─▶ the proofs in harness
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

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
    matched: float = 0.99
    """Share of keys found again, and of amounts that agree, that `reconciles` must prove."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A number that both sides tell of one key, summed over the key's rows."""

    ours: str
    theirs: str
    factor: Decimal = Decimal(1)
    """One of theirs is so many of ours: `Decimal("0.01")` where they count cents and we euros."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """The keys in one of our columns are found again in another dataset of the pilot.

    Systems write one key in several ways. A form is a regular expression for the whole text of a
    key, whose one group is what both sides have in common: `L([0-9]+)` and `0*([0-9]+)` make
    `L42` and `0000000042` the same. A key without its form is found nowhere.
    """

    dataset: str
    """The other one, as `source.dataset`."""
    ours: str
    theirs: str
    our_form: str = "(.*)"
    their_form: str = "(.*)"
    amount: Amount | None = None
    """What must agree for each key that is found, if anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promises:
    """What a source promised about one dataset, as plain data."""

    key: tuple[str, ...]
    """Columns that together name a row once."""
    event_time: str | None = None
    """Column with the time at which the thing a row tells happened: in UTC, or a local time in
    `event_zone`."""
    event_zone: str | None = None
    """The zone of an event time that is written without one, as `Europe/Berlin`. An hour that
    comes twice counts as its first: the event is then older, never newer, than it was."""
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
    reconciles: tuple[Reconciliation, ...] = ()
    """What must be found again in other datasets."""
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
