"""What a check found: in which file, what it is, and what that means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum


class Grade(IntEnum):
    """How far a finding lets a reader rely on the bundle; the worst one decides."""

    GOOD = 0
    UNKNOWN = 1
    """Nothing was found wrong, but something that is needed to rely on it is not there."""
    REFUSED = 2


CODES = {Grade.GOOD: 0, Grade.UNKNOWN: 3, Grade.REFUSED: 1}
"""The exit codes; 2 is a wrong command."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One sentence for a reader who did not see the check."""

    check: str
    grade: Grade
    file: str
    """Its path within the bundle; empty for the whole of it."""
    found: str
    means: str = ""
    """What follows for a reader; empty for a good one."""


def good(check: str, found: str, *, file: str = "") -> Finding:
    """A check that held."""
    return Finding(check=check, grade=Grade.GOOD, file=file, found=found)


def unknown(check: str, found: str, *, means: str, file: str = "") -> Finding:
    """A check that lacks what it needs."""
    return Finding(check=check, grade=Grade.UNKNOWN, file=file, found=found, means=means)


def refused(check: str, found: str, *, means: str, file: str = "") -> Finding:
    """A check that failed."""
    return Finding(check=check, grade=Grade.REFUSED, file=file, found=found, means=means)


def worst(findings: Sequence[Finding]) -> Grade:
    """The worst grade; UNKNOWN where nothing was found at all."""
    return max((one.grade for one in findings), default=Grade.UNKNOWN)


class NotReadable(Exception):
    """A file cannot be taken as what its name says; the message is a clause about it."""
