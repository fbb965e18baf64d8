"""What was counted in one landing: rules, keys, values. Counts, no judgement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeAlias

from contracts.promises import Contract


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


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountsFound:
    """How the amounts of the keys that were found agree."""

    compared: int
    """Keys; every key that was found."""
    agreeing: int
    """Of them, those whose sums are the same to the last digit. A missing amount agrees with
    nothing."""
    ratio: float | None
    """Median of theirs by ours where they differ, in our unit: 100 where a factor is missing."""
    largest_difference: float | None
    """As a share of the larger of the two sums; None where none could be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysFound:
    """What one reconciliation found in two landings: counts, no key and no judgement."""

    keys: int
    """Distinct keys on our side; each text without its form is one, and so is the null."""
    formless: int
    """Of them, those without the form."""
    found: int
    """Of them, those that the other side has as well."""
    their_keys: int
    """Distinct keys on the other side, in its form."""
    amounts: AmountsFound | None
    """None where no amount is promised."""


Evaluate: TypeAlias = Callable[[Contract, Path], Evaluation]
"""Hold one landed Parquet file against a contract. Never raises for what the data hold.
A null is a missing value and so is NaN; an empty or blank text is a value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """How the numbers of one column lie among edges that were chosen from the reference."""

    edges: tuple[str, ...]
    """Rising, each as the column's type writes it: no decimal is bent."""
    counts: tuple[int, ...]
    """Values up to and with the first edge, then up to each further one; last those above all."""
    mean: float | None
    """None without values, and where they are too large for a double."""
    sd: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Categories:
    """How often each category of the reference stands in one column."""

    names: tuple[str, ...]
    counts: tuple[int, ...]
    """One more than `names`: the last counts all other values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnProfile:
    """One column of a contract: its missing values and, where it can be compared, a sketch."""

    column: str
    type: str
    """The contract's, as Arrow names it."""
    missing: int | None
    """A value that did not fit its type is missing here, as it is in what landed; None where
    nothing was counted at all.
    """
    numbers: Numbers | None = None
    categories: Categories | None = None
    skipped: str | None = None
    """Why there is no sketch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Sketches of one dataset's values: counts, no rows and no judgement."""

    dataset: str
    """As `source.dataset`."""
    rows: int
    columns: tuple[ColumnProfile, ...]
    """Every column of the contract, in its order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """The profile of the data that the model learns from, as it was pinned."""

    profile: Profile
    sha256: str
    """Of the file it was made from."""
    made_on: date
