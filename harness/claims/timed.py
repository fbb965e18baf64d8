"""Readings whose clock was set while their run went on (fault T01).

Whether the times before or after that are right, nobody here knows. So a claim that rests on times
is neither proven by such a reading nor held against its source.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from harness.claims.measures import because_of
from harness.claims.readings import phrase, readings
from harness.facts import Fact, Reading
from harness.jumps import in_words
from harness.verdict import Outcome, Verdict


def undated(claim: str, facts: Sequence[Fact]) -> Verdict | None:
    """The verdict where the run's own reading has no sure time; None where it has."""
    taken = readings(facts)
    if not taken or taken[-1].failure is not None or not taken[-1].clock_jump_seconds:
        return None
    how = in_words(timedelta(seconds=taken[-1].clock_jump_seconds))
    say = phrase(claim, expected="a clock that goes on", method="none")
    because = f"This machine's clock was {how} during the run: no time of it is sure. "
    because += "Have its clock kept right (NTP), and prove again."
    return because_of(say(Outcome.UNPROVEN, because, f"clock {how}", 0), "a clock that was set")


def dated(facts: Sequence[Fact]) -> list[Fact]:
    """The facts without readings whose times are not sure."""
    return [one for one in facts if not (isinstance(one, Reading) and one.clock_jump_seconds)]
