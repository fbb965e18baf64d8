"""What changed between a reference and a profile on its grid, column by column.

A change is DRIFTED if it is significant among all tests of the dataset and also large enough to
matter (docs/adr/0018).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from contracts.evaluation import ColumnProfile, Numbers, Profile
from harness.claims.wording import percent
from harness.statistics import drift

LEVEL = 0.05
"""Benjamini and Hochberg's false discovery rate, of all tests of a dataset together."""
FLOOR = 0.1
"""For D, W1 in standard deviations of the reference, and Cramér's V: less matters to no model."""
MISSING_FLOOR = 0.01
"""One percentage point more missing values."""
POWER = 0.95
"""The test must detect a change at the floor with this probability, or it proves nothing."""
MOST_ROWS = 10**9
"""No night brings more: such counts are of an edited file, and would take long to compare."""


class Standing(StrEnum):
    """What was found of one trait of one column; worst first."""

    DRIFTED = "drifted"
    NOT_COMPARED = "could not be compared"
    TOO_FEW = "too few values"
    SMALL = "changed but small"
    SAME = "no change seen"


class Trait(StrEnum):
    """What of a column is compared with the reference."""

    VALUES = "values"
    MISSING = "missing values"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One trait of one column on both sides."""

    column: str
    trait: Trait
    effect: str
    """In words, with its numbers; never a value."""
    size: float = 0.0
    """The effect in multiples of its floor."""
    reference: int = 0
    """Values there; rows, for missing ones."""
    found: int = 0
    categories: int | None = None
    """How many are told apart; None for numbers."""
    share: float = 0.0
    """Of missing values there."""
    p: float | None = None
    """Adjusted for the family; None where nothing was tested."""
    needed: float = 0.0
    """The effective size at which a change at the floor is found."""
    hidden: float = 0.0
    """A rise of missing values by less than this might not have been found."""
    standing: Standing = Standing.SAME


def compare(reference: Profile, found: Profile) -> tuple[Finding, ...]:
    """Every trait of every column that the reference counts, or why it was not compared."""
    held = {column.column: column for column in found.columns}
    known = {column.column for column in reference.columns}
    findings = [
        finding
        for column in reference.columns
        if column.missing is not None
        for finding in _of_column(column, reference.rows, held.get(column.column), found.rows)
    ]
    findings += [
        _not_compared(column.column, column.skipped or "the reference does not hold it")
        for column in found.columns
        if column.column not in known
    ]
    return tuple(_judge_together(findings))


def _of_column(
    reference: ColumnProfile, of_reference: int, found: ColumnProfile | None, of_found: int
) -> Iterator[Finding]:
    if found is None:
        yield _not_compared(reference.column, "it did not come")
    elif found.missing is None:
        yield _not_compared(reference.column, found.skipped or "it was not counted")
    elif not (_adds_up(reference, of_reference) and _adds_up(found, of_found)):
        yield _not_compared(reference.column, "its counts do not add up")
    elif _grid(reference) != _grid(found):
        yield _not_compared(reference.column, "it was counted on another grid")
    elif of_reference and of_found:
        yield _missing(reference, of_reference, found, of_found)
        if reference.numbers and found.numbers:
            yield _numbers(reference.column, reference.numbers, found.numbers)
        elif reference.categories and found.categories:
            counts = reference.categories.counts, found.categories.counts
            yield _categories(reference.column, *counts)


def _not_compared(column: str, why: str) -> Finding:
    return Finding(column=column, trait=Trait.VALUES, effect=why, standing=Standing.NOT_COMPARED)


def _missing(
    reference: ColumnProfile, of_reference: int, found: ColumnProfile, of_found: int
) -> Finding:
    before, now = reference.missing or 0, found.missing or 0
    was, share = before / of_reference, now / of_found
    return Finding(
        column=reference.column,
        trait=Trait.MISSING,
        effect=f"{percent(share, beside=was)} missing, {percent(was, beside=share)} before",
        size=(share - was) / MISSING_FLOOR,
        reference=of_reference,
        found=of_found,
        share=was,
        p=drift.more_p(before, of_reference, now, of_found),
    )


def _numbers(column: str, reference: Numbers, found: Numbers) -> Finding:
    m, n = sum(reference.counts), sum(found.counts)
    if not (m and n):
        return _without_values(column, m, n)
    distance = drift.kolmogorov_smirnov(reference.counts, found.counts)
    moved = _distance_moved(reference, found)
    return Finding(
        column=column,
        trait=Trait.VALUES,
        effect=f"D {distance:.3g}" + (f", W1 {moved:.3g} sd" if moved is not None else ""),
        size=max(distance, moved or 0.0) / FLOOR,
        reference=m,
        found=n,
        p=drift.kolmogorov_smirnov_p(distance, m, n),
    )


def _distance_moved(reference: Numbers, found: Numbers) -> float | None:
    """How many standard deviations values moved on average; None if that cannot be measured."""
    if not reference.sd or reference.mean is None or found.mean is None:
        return None
    edges = [float(edge) for edge in reference.edges]
    between = drift.wasserstein(edges, reference.counts, found.counts)
    # Bins do not see beyond their edges, the means do: W1 is never less than their distance.
    moved = max(between, abs(found.mean - reference.mean)) / reference.sd
    return moved if math.isfinite(moved) else None


def _categories(column: str, reference: Sequence[int], found: Sequence[int]) -> Finding:
    m, n = sum(reference), sum(found)
    if not (m and n):
        return _without_values(column, m, n)
    effect = drift.cramers_v(reference, found)
    return Finding(
        column=column,
        trait=Trait.VALUES,
        effect=f"V {effect:.3g}",
        size=effect / FLOOR,
        reference=m,
        found=n,
        categories=len(reference),
        p=drift.chi_square_p(reference, found),
    )


def _without_values(column: str, reference: int, found: int) -> Finding:
    return Finding(
        column=column, trait=Trait.VALUES, effect="no values", reference=reference, found=found
    )


def _judge_together(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Adjust each p-value for the number of tests, then judge each finding."""
    tested = [finding.p for finding in findings if finding.p is not None]
    adjusted = iter(drift.adjust(tested))
    strictest = LEVEL / max(1, len(tested))  # Benjamini and Hochberg's, where one column drifted
    for finding in findings:
        if finding.standing is Standing.NOT_COMPARED:
            yield finding
        else:
            p = None if finding.p is None else next(adjusted)
            needed, hidden = _needed(finding, strictest), _hidden(finding, strictest)
            ready = replace(finding, p=p, needed=needed, hidden=hidden)
            yield replace(ready, standing=_standing_of(ready))


def _needed(finding: Finding, level: float) -> float:
    """The effective size a test needs; none for missing values: `conforms` bounds their share."""
    if finding.trait is Trait.MISSING:
        return 0.0
    if finding.categories is not None:
        return drift.needed_for_categories(FLOOR, finding.categories, level, POWER)
    return drift.needed_for_distance(FLOOR, level, POWER)


def _hidden(finding: Finding, level: float) -> float:
    if finding.trait is not Trait.MISSING:
        return 0.0
    size = drift.effective(finding.reference, finding.found)
    return drift.hidden_rise(finding.share, size, level, POWER)


def _standing_of(finding: Finding) -> Standing:
    significant = finding.p is not None and finding.p < LEVEL
    if significant and finding.size >= 1:
        return Standing.DRIFTED
    if drift.effective(finding.reference, finding.found) < finding.needed:
        return Standing.TOO_FEW
    return Standing.SMALL if significant else Standing.SAME


def _grid(column: ColumnProfile) -> tuple[object, ...]:
    edges = column.numbers and column.numbers.edges
    return column.type, edges, column.categories and column.categories.names


def _adds_up(column: ColumnProfile, rows: int) -> bool:
    """Whether the counts are consistent: the files may have been edited."""
    missing = column.missing or 0
    if not 0 <= missing <= rows <= MOST_ROWS:
        return False
    if column.numbers is not None:
        try:
            edges = [float(edge) for edge in column.numbers.edges]
        except ValueError:
            return False
        rising = all(low <= high for low, high in pairwise(edges))
        sums = _whole(column.numbers.counts, len(edges), rows - missing)
        return rising and all(map(math.isfinite, edges)) and sums
    if column.categories is not None:
        return _whole(column.categories.counts, len(column.categories.names), rows - missing)
    return True


def _whole(counts: Sequence[int], named: int, values: int) -> bool:
    return len(counts) == named + 1 and min(counts) >= 0 and sum(counts) == values
