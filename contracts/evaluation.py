"""Counts from one landing: of rules, keys and values. No judgement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, TypeAlias

from msgspec import Meta

from contracts.defaults import LATER
from contracts.promises import Contract


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCount:
    """One rule of a contract, evaluated on every landed row.

    If the rule could not be evaluated, `checked` is 0 and `error` says why; it never passes.
    """

    rule: str
    """`type`, `required`, `not_null`, `unique`, `no_control_characters`, `no_other_columns` or the
    check's own name with its statistics, as `greater_than_or_equal_to(0)`."""
    column: str | None
    checked: int
    """Rows that the rule was evaluated on."""
    failed: int
    error: str | None = None
    engine: str | None = field(default=None, metadata=LATER)
    """The engine that ran the rule, if it is not `Evaluation.engine`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """How many values of one critical field are missing."""

    column: str
    rows: int
    missing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfit:
    """A column in which a value did not convert to the contract's type."""

    column: str
    promised: str
    """The contract's type: `string`, `decimal(12, 2)`, `timestamp(us, UTC)`."""


LONGEST_SHOWN = 1_000
"""Characters of a value that is shown; a longer one is refused where it is read."""
MOST_SAMPLES = 60
"""Samples of one evaluation."""
MISSING = "missing"
"""`Sample.rule` where the share of missing values exceeds its bound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A value as far as the class of its column lets it be shown (`contracts/masking.py`)."""

    column: str
    text: Annotated[str, Meta(max_length=LONGEST_SHOWN)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A row that failed a rule."""

    rule: str
    """As in `RuleCount`, or MISSING."""
    column: str | None
    rows: tuple[int, ...]
    """Its place in the landed file, from 1; for `unique` the first two rows of the same values."""
    delivery: str | None
    """The file that it came in, from a source of files."""
    key: tuple[Shown, ...]
    """The public columns of the key; a key without one is told by its row alone."""
    values: tuple[Shown, ...]
    """What the rule read in it, except the key and values that are missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """The counts of every rule of a contract in one landing."""

    dataset: str
    rows: int
    rules: tuple[RuleCount, ...]
    missing: tuple[Missing, ...]
    missing_jointly: int | None
    """Rows in which any field of `promises.missing` is missing; None if one of them did not
    arrive."""
    engine: str
    """Name and version of the engine that evaluated the rules."""
    seconds: float
    misfits: tuple[Misfit, ...] = field(default=(), metadata=LATER)
    """Columns with a value of another type."""
    samples: Annotated[tuple[Sample, ...], Meta(max_length=MOST_SAMPLES)] = field(
        default=(), metadata=LATER
    )
    """A few rows of each rule that failed, the worst rules first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountsFound:
    """How well the amounts of matching keys agree."""

    compared: int
    """Keys whose amounts were compared: every matching key."""
    agreeing: int
    """Compared keys whose sums are equal to the last digit. A missing amount never agrees."""
    ratio: float | None
    """Median of theirs / ours where they differ, in our unit: 100 suggests a missing factor."""
    largest_difference: float | None
    """As a share of the larger of the two sums; None if no pair of sums differs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysFound:
    """Counts of one reconciliation between two landings; contains no key."""

    keys: int
    """Distinct keys on our side. Each text that does not match the form counts as one; so does
    null."""
    formless: int
    """Keys of `keys` that do not match the form."""
    found: int
    """Keys of `keys` that the other side has as well."""
    their_keys: int
    """Distinct keys on the other side that match its form."""
    amounts: AmountsFound | None
    """None if no amount is promised."""


Evaluate: TypeAlias = Callable[[Contract, Path], Evaluation]
"""Evaluate one landed Parquet file against a contract. Never raises because of the data, unless
there is too little memory for them (MemoryError).
Null and NaN are missing values. A blank text is one in the fields of `promises.missing` alone, and
a value everywhere else (`contracts/missing.py`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """A histogram of one column's numbers, on edges chosen from the reference."""

    edges: tuple[str, ...]
    """Ascending, each in the text form of the column's type, so that no decimal is rounded."""
    counts: tuple[int, ...]
    """Values <= the first edge, then <= each further edge; the last counts values above all."""
    mean: float | None
    """None if there are no values, or if they are too large for a double."""
    sd: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Categories:
    """How often each category of the reference occurs in one column."""

    names: tuple[str, ...]
    counts: tuple[int, ...]
    """One per name, then one for all other values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnProfile:
    """One column of a contract: its missing values and, if it can be compared, a sketch."""

    column: str
    type: str
    """The contract's type, as Arrow names it."""
    missing: int | None
    """Includes values that did not convert to the type, as they land as null; None if nothing was
    counted.
    """
    numbers: Numbers | None = None
    categories: Categories | None = None
    skipped: str | None = None
    """Why there is no sketch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Sketches of one dataset's values; contains no row."""

    dataset: str
    """As `source.dataset`."""
    rows: int
    columns: tuple[ColumnProfile, ...]
    """Every column of the contract, in its order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """The pinned profile of the training data."""

    profile: Profile
    sha256: str
    """Of the file that the profile was computed from."""
    made_on: date
