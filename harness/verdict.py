"""Verdicts: the outcome of a claim, with its reason. Absence never passes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
