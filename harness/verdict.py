"""Verdicts: the outcome of a claim, with its reason. Absence never passes."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from contracts.defaults import LATER
from contracts.evaluation import Sample


class Outcome(StrEnum):
    """The outcome of a claim. A pilot is ready only with PROVEN and WAIVED."""

    PROVEN = "PROVEN"
    BROKEN = "BROKEN"
    UNPROVEN = "UNPROVEN"
    """Too little evidence; `because` says how much is missing."""
    ERROR = "ERROR"
    """The claim could not be judged."""
    NOT_RUN = "NOT_RUN"
    STALE = "STALE"
    WAIVED = "WAIVED"


class Basis(StrEnum):
    """The kind of evidence for a verdict."""

    MEASURED = "measured"
    ATTESTED = "attested"
    """A person's word, which is no measurement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedRule:
    """One rule that failed, and what to do about it."""

    rule: str
    """As people read it: `not null`, `isin(AIR, RAIL)`, `at most 2 % missing`."""
    column: str | None
    failed: int
    rows: int
    """How many were checked."""
    samples: tuple[Sample, ...]
    """A few of the rows that failed; none of a rule that speaks of the whole table."""
    next_step: str
    """One sentence: who is to do what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """How bad it is, in one number. Larger is worse, and zero is nothing."""

    what: str
    """What is counted, with its unit: `hours of lag`, `share that breaks isin(AIR, RAIL)`."""
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The judgement of one claim."""

    claim: str
    outcome: Outcome
    because: str
    """One plain sentence with numbers; for UNPROVEN it says how much evidence is missing."""
    expected: str
    observed: str
    n: int
    """Number of trials: rows, deliveries or requests, as `method` says."""
    method: str
    basis: Basis = Basis.MEASURED
    failed_rules: tuple[FailedRule, ...] = field(default=(), metadata=LATER)
    """The rules that failed, the worst first; `because` counts them all."""
    measures: tuple[Measure, ...] = field(default=(), metadata=LATER)
    """Of BROKEN and UNPROVEN: what somebody who excuses it puts their name to, each once."""


GOOD = frozenset({Outcome.PROVEN, Outcome.WAIVED})


def exit_code(outcomes: list[Outcome]) -> int:
    """4 for any ERROR, else 1 for any BROKEN, else 3 for anything not good, else 0.

    An empty list gives 3, because nothing is proven.
    """
    if Outcome.ERROR in outcomes:
        return 4
    if Outcome.BROKEN in outcomes:
        return 1
    return 0 if outcomes and GOOD.issuperset(outcomes) else 3
