"""What proofs look at: the run's own reading among those of earlier nights.

A proof returns the first verdict that applies, in order of weight.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from harness.claims import wording
from harness.claims.measures import because_of
from harness.clock import in_zone
from harness.facts import Fact, Reading
from harness.verdict import Outcome, Verdict

Say: TypeAlias = Callable[[Outcome, str, str, int], Verdict]
"""`(outcome, because, observed, n)`: a verdict of one proof, whose other words are given."""

SKEW = timedelta(minutes=5)
"""Clocks may differ by this much; an event further in the future is a wrong clock or zone."""


def phrase(claim: str, *, expected: str, method: str) -> Say:
    """The words of one proof."""

    def say(outcome: Outcome, because: str, observed: str, n: int) -> Verdict:
        return Verdict(
            claim=claim,
            outcome=outcome,
            because=because,
            expected=expected,
            observed=observed,
            n=n,
            method=method,
        )

    return say


def readings(facts: Sequence[Fact]) -> list[Reading]:
    """All readings, oldest night first; the last is the run's own."""
    found = [fact for fact in facts if isinstance(fact, Reading)]
    return sorted(found, key=lambda reading: (reading.slot, utc(reading.started_at)))


def as_first_seen(taken: Sequence[Reading]) -> list[Reading]:
    """The readings, where a file of the same name and bytes keeps the time with which it was first
    seen: its time may be reset, as by a copy, and what it holds came no later for that.
    """
    first: dict[tuple[str, str], datetime] = {}
    found = []
    for reading in taken:
        if reading.failure is not None:
            found.append(reading)
            continue
        since = [first.setdefault((d.name, d.sha256), d.available_at) for d in reading.deliveries]
        if since == [d.available_at for d in reading.deliveries]:
            found.append(reading)
            continue
        deliveries = tuple(
            replace(d, available_at=at) for d, at in zip(reading.deliveries, since, strict=True)
        )
        found.append(replace(reading, deliveries=deliveries))
    return found


def judge_reading(taken: Sequence[Reading], say: Say) -> Verdict | None:
    """The verdict where the latest reading is missing or failed; None when it is whole."""
    if not taken:
        return because_of(
            say(Outcome.UNPROVEN, "Nothing was read.", "no reading", 0), "no reading"
        )
    if (failure := taken[-1].failure) is not None:
        because = f"The reading failed: {wording.message(failure.message)}."
        return say(Outcome.ERROR, because, f"failed: {wording.name(failure.kind)}", 0)
    return None


def span(seconds: float) -> timedelta:
    """A duration from a fact; zero if it is out of range."""
    return timedelta(seconds=seconds) if 0 <= seconds < _LONGEST_SECONDS else timedelta()


_LONGEST_SECONDS = 7 * 24 * 3600


def utc(at: datetime) -> datetime:
    """The same moment in UTC; a time without a zone is read as such, never as local time.

    Two times of one zone are subtracted by its clock, which is set back once a year: 01:30 and
    01:30 an hour later would be the same.
    """
    return in_zone(at if at.tzinfo else at.replace(tzinfo=UTC), UTC)
