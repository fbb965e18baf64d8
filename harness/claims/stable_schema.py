"""`stable_schema`: the source declares the columns that were approved, and no others."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from contracts.promises import Promises
from harness.claims import wording
from harness.claims.claim import DatasetClaim, Need
from harness.claims.readings import as_first_seen, judge_reading, phrase, readings
from harness.claims.schema_by_file import Found, find_changes
from harness.claims.wholeness import files_unreadable, unreadable
from harness.claims.wording import count
from harness.facts import Baseline, Fact
from harness.verdict import Outcome, Verdict

_SHOWN = 4


def prove(promises: Promises, facts: Sequence[Fact]) -> Verdict:
    """PROVEN when the latest reading is whole and the source declared the columns of the baseline.

    Any difference breaks the claim until somebody approves it, a new column as well. A difference
    is reported even if the reading failed, and of files with the first that has it.
    """
    taken = readings(facts)
    declared = taken[-1].declared if taken else None
    baseline = next((fact for fact in reversed(facts) if isinstance(fact, Baseline)), None)
    say = phrase(
        "stable_schema",
        expected="the columns that were approved",
        method="every declared column against baseline.json, one trial a column",
    )
    n = len(baseline.declared.columns) if baseline else 0
    found = Found()
    if baseline is not None and declared is not None:
        since = f"since {wording.name(baseline.approved_by)} approved on {baseline.approved_on}"
        found = find_changes(baseline, as_first_seen(taken)[-1], ZoneInfo(promises.zone))
        if found.changes:
            told = wording.first(found.changes, at_most=_SHOWN)
            observed = count(len(found.changes), "change")
            return say(Outcome.BROKEN, f"{observed} {since}: {told}.", observed, n)
    if verdict := judge_reading(taken, say):
        return verdict
    if why := unreadable(taken[-1]):
        because = f"{files_unreadable(why, taken[-1])}: what it declares is not known."
        return say(Outcome.UNPROVEN, because, f"{count(len(why), 'file')} not read", n)
    if declared is None or not declared.columns:
        because = "The source told no columns: there is nothing to hold against a baseline."
        return say(Outcome.UNPROVEN, because, "no columns told", 0)
    seen = count(len(declared.columns), "column")
    if baseline is None:
        because = f"{seen} seen and none approved: 1 approval is needed, by seatrial baseline "
        because += "approve."
        return say(Outcome.UNPROVEN, because, f"{seen}, none approved", 0)
    compared = "in name, type and whether a value may be missing"
    if not all(column.type for column in (*baseline.declared.columns, *declared.columns)):
        compared = f"in name, which is all that its {wording.name(declared.by)} tells"
    because = f"{seen} as {wording.name(baseline.approved_by)} approved them on "
    because += f"{baseline.approved_on}, {compared}"
    because += f"; {count(found.older, 'file')} of before declare others." if found.older else "."
    return say(Outcome.PROVEN, because, f"0 changes in {seen}", n)


CLAIM = DatasetClaim(
    name="stable_schema",
    needs=(Need.READING, Need.BASELINE),
    prove=prove,
    true_when="the source declares the columns approved in `baseline.json`, and no others",
    unproven_when="there is no `baseline.json`; the source told no columns",
)
