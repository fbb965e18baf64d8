"""Verdicts: what a proof says of a claim, and why. Absence never passes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How a claim stands. Only PROVEN and WAIVED let a pilot be ready."""

    PROVEN = "PROVEN"
    BROKEN = "BROKEN"
    UNPROVEN = "UNPROVEN"
    """Too little evidence; `because` says how much is missing."""
    ERROR = "ERROR"
    """Could not be judged."""
    NOT_RUN = "NOT_RUN"
    STALE = "STALE"
    WAIVED = "WAIVED"


class Basis(StrEnum):
    """What a verdict rests on."""

    MEASURED = "measured"
    ATTESTED = "attested"
    """A person's word, never to be mistaken for a measurement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One claim judged."""

    claim: str
    outcome: Outcome
    because: str
    """One plain sentence with the numbers; for UNPROVEN also how much evidence is missing."""
    expected: str
    observed: str
    n: int
    """Trials the verdict rests on: rows, deliveries or requests, as `method` says."""
    method: str
    basis: Basis = Basis.MEASURED


GOOD = frozenset({Outcome.PROVEN, Outcome.WAIVED})


def exit_code(outcomes: list[Outcome]) -> int:
    """4 for any ERROR, else 1 for any BROKEN, else 3 for anything not good, else 0.

    Nothing judged is nothing proven: an empty list gives 3.
    """
    if Outcome.ERROR in outcomes:
        return 4
    if Outcome.BROKEN in outcomes:
        return 1
    return 0 if outcomes and GOOD.issuperset(outcomes) else 3
