"""A contract is *promises* (plain data) and a *schema* (Pandera).

landed Parquet ─ evaluate(contract) ─▶ Evaluation          Promises ─▶ the proofs in harness
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from contracts.classification import Class
from contracts.defaults import LATER
from contracts.time_formats import TimeFormat
from contracts.types import require_tuple, require_type

if TYPE_CHECKING:
    import pandera.polars as pa


class ContractError(ValueError):
    """A contract that cannot be judged. The message is one line and says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """Rows expected in one delivery, both ends included.

    >>> Volume(minimum=1_000, maximum=50_000)
    Volume(minimum=1000, maximum=50000)
    """

    minimum: int
    maximum: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """Each group of a column's values is promised by itself: one region that died is found among
    those that live. At most 256 groups, which are told by name: their column is `public`.

    `fresh` holds each group's newest event against lag and cadence, `arrives` the rows of each
    group that ever came. Raises TypeError for a promise of another type.

    >>> Groups(by="region", ended=("north",)).volume
    Volume(minimum=1, maximum=None)
    """

    by: str
    """The column: of texts, whole numbers, dates or booleans. Rows without a value are a group of
    their own, which may end."""
    volume: Volume = field(default_factory=lambda: Volume(minimum=1))
    """Rows of each group in one delivery; of several files for one day, in all of them. With a
    minimum of 0 a group may stay away, as long as it is fresh."""
    ended: tuple[str | int | bool | date, ...] = ()
    """Groups of which nothing is promised any more, as `("north",)`."""

    def __post_init__(self) -> None:
        require_type("by", self.by, str)
        require_type("volume", self.volume, Volume)
        require_tuple("ended", self.ended, object)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """How much proof is enough. Only the pilot's `pilot.yaml` changes them."""

    confidence: float = 0.95
    """Of every bound, one-sided."""
    on_time: float = 0.95
    """Share of deliveries within the promised lag that `fresh` must prove."""
    arrivals: float = 0.90
    """Share of nights with a good delivery that `arrives` must prove."""
    matched: float = 0.99
    """Share of matching keys, and of amounts that agree, that `reconciles` must prove."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A number that both sides state for one key, summed over the key's rows.

    >>> Amount(ours="total", theirs="total_cents", factor=Decimal("0.01")).factor
    Decimal('0.01')
    """

    ours: str
    theirs: str
    factor: Decimal = Decimal(1)
    """Our units per unit of theirs: `Decimal("0.01")` if they count cents and we count euros."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """The keys in one of our columns also occur in another dataset of the pilot.

    Systems may write the same key differently. A form is a regular expression that matches the
    whole text of a key; its one group is the part that both sides share. `L([0-9]+)` and
    `0*([0-9]+)` make `L42` and `0000000042` equal. A key that does not match its form counts as
    missing on the other side.

    >>> Reconciliation(
    ...     dataset="crm.customers",
    ...     ours="customer",
    ...     theirs="customer_key",
    ...     our_form="L([0-9]+)",
    ...     their_form="0*([0-9]+)",
    ... ).dataset
    'crm.customers'
    """

    dataset: str
    """The other dataset, as `source.dataset`."""
    ours: str
    theirs: str
    our_form: str = "(.*)"
    their_form: str = "(.*)"
    amount: Amount | None = None
    """The amount that must agree for each matching key, if any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promises:
    """What a source promised about one dataset, as plain data. Raises TypeError for a text where
    a tuple of them belongs.

    >>> Promises(
    ...     key=("order_key",),
    ...     event_time="ordered_at",
    ...     lag=timedelta(hours=24),
    ...     cadence=timedelta(days=1),
    ...     missing={"amount": 0.01},
    ... ).volume
    Volume(minimum=1, maximum=None)
    """

    key: tuple[str, ...]
    """Columns that together identify a row."""
    event_time: str | None = None
    """Column with the time of the event that a row records: in UTC, or a local time in
    `event_zone`."""
    event_zone: str | None = None
    """The zone of an event time that has none, as `Europe/Berlin`. In an hour that occurs twice
    the first is taken, so an event may look older than it was, never newer."""
    lag: timedelta | None = None
    """The longest time until readers can see an event."""
    cadence: timedelta | str | None = None
    """The time between deliveries, as one day for nightly batches; or when they are due on the
    clock of `zone`: a cron expression, as `0 6 * * 1-5`, or a rule of RFC 5545, as
    `FREQ=MONTHLY;BYMONTHDAY=-1`."""
    zone: str = "UTC"
    """The zone of delivery days."""
    excluded: tuple[date, ...] = ()
    """Days of `zone` on which nothing is due: holidays, a freeze."""
    named: str | None = None
    """How a delivery's name tells what it is for: `x_%Y%m%d%H%M%S.csv`, on the clock of `zone` or
    with `%z`; a `*` stands for anything. Without it, a date in the name or the newest event."""
    volume: Volume = field(default_factory=lambda: Volume(minimum=1))
    groups: Groups | None = None
    """What is promised of each group, as each region; None for nothing."""
    missing: Mapping[str, float] = field(default_factory=dict)
    """Critical fields, each with the highest share of missing values allowed, 0 to 1. Null, NaN
    and blank text are missing."""
    missing_jointly: float | None = None
    """The highest share of rows allowed in which any of those fields is missing, 0 to 1."""
    missing_as: tuple[str, ...] = ()
    """Texts that stand for a missing value in those fields, as `N/A`, where they are text columns.
    White space around a value is trimmed; case counts. A blank text always is a missing value
    there. To every other rule both are text."""
    control_characters: tuple[str, ...] = ()
    """Text columns whose values may hold control characters. In all others only tab and line ends
    are allowed: a NUL or an escape is a failure."""
    times: Mapping[str, TimeFormat] = field(default_factory=dict)
    """How columns of times are written that are not in plain ISO 8601, by their names."""
    reconciles: tuple[Reconciliation, ...] = ()
    """Keys that must also occur in other datasets."""
    thresholds: Thresholds = field(default_factory=Thresholds)

    def __post_init__(self) -> None:
        require_tuple("missing_as", self.missing_as, str)
        require_tuple("control_characters", self.control_characters, str)
        require_tuple("excluded", self.excluded, date)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """At most `requests` requests, statements or transfers in any window of `seconds`. Raises
    TypeError for a number that is none.

    >>> Quota(requests=10_000, seconds=86_400)
    Quota(requests=10000, seconds=86400)
    """

    requests: int
    seconds: int

    def __post_init__(self) -> None:
        require_type("requests", self.requests, int)
        require_type("seconds", self.seconds, int)
        if self.requests < 1 or self.seconds < 1:
            raise ContractError("a quota lets at least one request pass in at least one second")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePromises:
    """What a source promised about itself. Raises TypeError for a promise of another type.

    >>> SourcePromises(renews=True, quota=Quota(requests=60, seconds=60)).renews
    True
    """

    renews: bool = False
    """Its credentials expire during a reading and must be renewed between pages."""
    quota: Quota | None = None
    """What its owner allows us. Quotas that the source itself announces count as well."""
    read_within: timedelta = timedelta(days=1)
    """The time for one night's readings of all its datasets."""
    thresholds: Thresholds = field(default_factory=Thresholds)
    attested: tuple[str, ...] = field(default=(), metadata=LATER)
    """Claims on which a person's word is taken, because the source cannot be asked. Only the
    pilot's `pilot.yaml` changes them, and so the next."""
    not_planned: Mapping[str, str] = field(default_factory=dict, metadata=LATER)
    """Claims on which no verdict is owed, because the source cannot be asked, each with why."""

    def __post_init__(self) -> None:
        require_type("renews", self.renews, bool)
        require_type("read_within", self.read_within, timedelta)
        if self.quota is not None:
            require_type("quota", self.quota, Quota)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """One dataset's promises and schema. `name` is the dataset's name at its source. Raises
    TypeError for a name or promises of another type.

    >>> columns = {"order_key": pa.Column(pl.Int64, description="The order's number")}
    >>> Contract(
    ...     name="orders",
    ...     promises=Promises(key=("order_key",)),
    ...     schema=pa.DataFrameSchema(columns, strict=True),
    ... ).name
    'orders'
    """

    name: str
    promises: Promises
    schema: pa.DataFrameSchema
    """Strict, with a description; `contracts.arrow_schema` derives the landing types from it."""
    classified: Mapping[str, Class] = field(default_factory=dict)
    """How sensitive columns are, as `{"order_key": "public"}`: what evidence may show of a value.
    All others are `restricted`: nothing of their values is shown but the kind."""

    def __post_init__(self) -> None:
        require_type("name", self.name, str)
        require_type("promises", self.promises, Promises)
        require_type("classified", self.classified, Mapping)
