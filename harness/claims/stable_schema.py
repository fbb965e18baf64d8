"""`stable_schema`: the source declares the columns that were approved, and no others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from contracts.promises import Promises
from harness.claims import wording
from harness.claims.claim import DatasetClaim, Need
from harness.claims.readings import not_whole, readings, saying
from harness.claims.schema_diff import changes
from harness.claims.schema_words import said
from harness.claims.wording import count
from harness.facts import Baseline, Fact
from harness.verdict import Outcome, Verdict

_SHOWN = 4


def prove(promises: Promises, facts: Sequence[Fact]) -> Verdict:  # noqa: ARG001 - a Proof
    """PROVEN when the columns that the latest whole reading was told are those of the baseline.

    Any difference breaks it, a new column too, until somebody approves it. It is seen even where
    the reading failed on it.
    """
    return next(_verdicts(facts))


def _verdicts(facts: Sequence[Fact]) -> Iterator[Verdict]:
    taken = readings(facts)
    declared = taken[-1].declared if taken else None
    baseline = next((fact for fact in reversed(facts) if isinstance(fact, Baseline)), None)
    say = saying(
        "stable_schema",
        expected="the columns that were approved",
        method="every declared column against baseline.json, one trial a column",
    )
    n = len(baseline.declared.columns) if baseline else 0
    if baseline is not None and declared is not None:
        since = f"since {wording.name(baseline.approved_by)} approved on {baseline.approved_on}"
        if found := changes(baseline.declared, declared):
            told = wording.first([said(change) for change in found], at_most=_SHOWN)
            observed = count(len(found), "change")
            yield say(Outcome.BROKEN, f"{observed} {since}: {told}.", observed, n)
    yield from not_whole(taken, say)
    if declared is None or not declared.columns:
        because = "The source told no columns: there is nothing to hold against a baseline."
        yield say(Outcome.UNPROVEN, because, "no columns told", 0)
        return
    seen = count(len(declared.columns), "column")
    if baseline is None:
        because = f"{seen} seen and none approved: 1 approval is needed, by seatrial baseline "
        because += "approve."
        yield say(Outcome.UNPROVEN, because, f"{seen}, none approved", 0)
        return
    if not n:
        yield say(Outcome.UNPROVEN, "No column was approved.", f"{seen}, none approved", 0)
    compared = "in name, type and whether a value may be missing"
    if not all(column.type for column in (*baseline.declared.columns, *declared.columns)):
        compared = f"in name, which is all that its {declared.by} tells"
    because = f"{seen} as {wording.name(baseline.approved_by)} approved them on "
    because += f"{baseline.approved_on}, {compared}."
    yield say(Outcome.PROVEN, because, f"0 changes in {seen}", n)


CLAIM = DatasetClaim(
    name="stable_schema",
    needs=(Need.READING, Need.BASELINE),
    prove=prove,
    true_when="the source declares the columns that somebody approved, and no others",
    unproven_when="there is no `baseline.json`; the source told no columns",
)
