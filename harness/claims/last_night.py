"""What a source declared of its columns: read or asked, this night and the one before; pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from harness.claims import wording
from harness.claims.measures import because_of
from harness.claims.readings import Say, judge_reading, utc
from harness.claims.schema_diff import changes
from harness.claims.schema_words import describe
from harness.claims.wording import count
from harness.facts import Declaration, Fact, Reading
from harness.verdict import Outcome, Verdict

Sight: TypeAlias = Reading | Declaration
_SHOWN = 4


def sights(facts: Sequence[Fact]) -> list[Sight]:
    """All that may tell columns, oldest night first; the last is the run's own."""
    found = [fact for fact in facts if isinstance(fact, Reading | Declaration)]
    return sorted(found, key=lambda one: (one.slot, utc(one.started_at)))


def judge_sight(seen: Sequence[Sight], say: Say) -> Verdict | None:
    """The verdict where the columns were not asked for, or not told; None where they were."""
    last = seen[-1] if seen else None
    if not isinstance(last, Declaration):
        return judge_reading([one for one in seen if isinstance(one, Reading)], say)
    if last.failure is not None:
        because = f"Its columns could not be asked for: {wording.message(last.failure.message)}."
        return say(Outcome.ERROR, because, f"failed: {wording.name(last.failure.kind)}", 0)
    if last.needs_rows is not None:
        because = f"Its columns were not asked for: {wording.message(last.needs_rows)}; "
        because += "seatrial prove reads them."
        return because_of(say(Outcome.UNPROVEN, because, "not asked", 0), "columns not asked for")
    return None


def since_last_night(seen: Sequence[Sight]) -> str:
    """What changed since the source last declared its columns on an earlier night, as a clause
    behind another; nothing if it never did.
    """
    now = seen[-1] if seen else None
    before = [one for one in seen[:-1] if now and one.declared and one.slot < now.slot]
    if now is None or now.declared is None or not before:
        return ""
    assert before[-1].declared is not None
    found = changes(before[-1].declared, now.declared)
    night = f"since the night of {before[-1].slot}"
    if not found:
        return f"; nothing {night}"
    told = wording.first([*map(describe, found)], at_most=_SHOWN)
    return f"; {count(len(found), 'change')} {night}: {told}"
