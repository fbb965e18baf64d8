"""`stable_schema`: the source declares the columns that were approved, and no others."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from contracts.promises import Promises
from harness.claims import wording
from harness.claims.claim import DatasetClaim, Need, Todo, Who
from harness.claims.last_night import Sight, judge_sight, sights, since_last_night
from harness.claims.measures import because_of, measured
from harness.claims.readings import as_first_seen, phrase
from harness.claims.schema_by_file import Found, find_changes
from harness.claims.schema_words import count_changes
from harness.claims.wholeness import files_unreadable, unreadable
from harness.claims.wording import count
from harness.facts import Baseline, Fact, Reading
from harness.verdict import Outcome, Verdict

_SHOWN = 4


def prove(promises: Promises, facts: Sequence[Fact]) -> Verdict:
    """PROVEN when the latest reading is whole and the source declared the columns of the baseline.

    Any difference breaks the claim until somebody approves it, a new column as well. Each is told
    as breaking or compatible for what this contract reads. A difference is reported even if the
    reading failed, and of files with the first that has it.
    """
    seen = sights(facts)
    declared = seen[-1].declared if seen else None
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
        latest = _as_first_seen(seen)
        found = find_changes(baseline, latest, promises.key, ZoneInfo(promises.zone))
        if found.changes:
            told = wording.first(found.changes, at_most=_SHOWN)
            observed = count_changes(len(found.changes), found.breaking)
            because = f"{observed} {since}: {told}{since_last_night(seen)}."
            return because_of(say(Outcome.BROKEN, because, observed, n), *found.what)
    if verdict := judge_sight(seen, say):
        return verdict
    if isinstance(seen[-1], Reading) and (why := unreadable(seen[-1])):
        because = f"{files_unreadable(why, seen[-1])}: what it declares is not known."
        said = say(Outcome.UNPROVEN, because, f"{count(len(why), 'file')} not read", n)
        return measured(said, {"files not read to the end": len(why)})
    if declared is None or not declared.columns:
        because = "The source told no columns: there is nothing to hold against a baseline."
        return because_of(say(Outcome.UNPROVEN, because, "no columns told", 0), "no columns told")
    columns = count(len(declared.columns), "column")
    if baseline is None:
        because = f"{columns} seen and none approved: 1 approval is needed, by seatrial baseline "
        because += f"approve{since_last_night(seen)}."
        said = say(Outcome.UNPROVEN, because, f"{columns}, none approved", 0)
        return because_of(said, "no columns approved")
    compared = "in name, type and whether a value may be missing"
    if not all(column.type for column in (*baseline.declared.columns, *declared.columns)):
        compared = f"in name, which is all that its {wording.name(declared.by)} tells"
    because = f"{columns} as {wording.name(baseline.approved_by)} approved them on "
    because += f"{baseline.approved_on}, {compared}"
    because += f"; {count(found.older, 'file')} of before declare others" if found.older else ""
    because += f"{since_last_night(seen)}."
    return say(Outcome.PROVEN, because, f"0 changes in {columns}", n)


def _as_first_seen(seen: Sequence[Sight]) -> Sight:
    """The latest, whose files keep the time with which each was first seen."""
    latest = seen[-1]
    if not isinstance(latest, Reading):
        return latest
    return as_first_seen([one for one in seen if isinstance(one, Reading)])[-1]


CLAIM = DatasetClaim(
    name="stable_schema",
    needs=(Need.READING, Need.BASELINE),
    prove=prove,
    true_when="the source declares the columns approved in `baseline.json`, and no others",
    unproven_when="there is no `baseline.json`; the source told no columns",
    if_broken=Todo(who=Who.OWNER, what="Take back the change of columns, or have it approved."),
    if_unproven=Todo(who=Who.ENGINEERING, what="Have the columns approved as they are."),
)
