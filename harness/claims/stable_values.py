"""`stable_values`: the values still look like those that the model learnt from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from contracts.evaluation import Profile, Reference
from contracts.promises import Promises
from harness.claims import wording
from harness.claims.claim import DatasetClaim, Need, Todo, Who
from harness.claims.drifts import FLOOR, LEVEL, MISSING_FLOOR, Finding, Standing, Trait, compare
from harness.claims.measures import because_of, measured
from harness.claims.readings import Say, judge_reading, phrase, readings
from harness.claims.wording import count, number, percent
from harness.facts import Fact
from harness.statistics.drift import rows_for
from harness.verdict import Outcome, Verdict

NAMED = 3
"""Columns named in one sentence; the profile has them all."""


def prove(promises: Promises, facts: Sequence[Fact]) -> Verdict:  # noqa: ARG001 - a Proof
    """PROVEN when no column's values drifted from the pinned reference, and there were enough rows
    to detect a drift. A drift breaks the claim, even if other columns could not be compared.

    One trial a row, as if rows were independent: if they change together, certainty is overstated.
    """
    taken = readings(facts)
    say = phrase(
        "stable_values",
        expected=f"D, W1/sd, V under {FLOOR}; no {percent(MISSING_FLOOR)} more missing",
        method="Kolmogorov\N{EN DASH}Smirnov, chi-square, one-sided Fisher for missing values; "
        f"Benjamini\N{EN DASH}Hochberg {percent(LEVEL)} over all, one trial a row",
    )
    if verdict := judge_reading(taken, say):
        return verdict
    latest = taken[-1]
    name = f"{latest.source}.{latest.dataset}"
    pinned = [f for f in facts if isinstance(f, Reference) and f.profile.dataset == name]
    if not pinned:
        because = "No reference is pinned: seatrial profile FILE --dataset "
        said = say(Outcome.UNPROVEN, f"{because}{wording.name(name)}.", "no reference", 0)
        return because_of(said, "no reference")
    profiles = [f for f in facts if isinstance(f, Profile) and f.dataset == name]
    if not profiles:
        because = "The rows were read, and their values were not counted."
        return because_of(say(Outcome.UNPROVEN, because, "not profiled", 0), "values not counted")
    return _compare(pinned[-1].profile, profiles[-1], latest.rows, say)


def _compare(reference: Profile, profile: Profile, rows: int, say: Say) -> Verdict:
    findings = compare(reference, profile)
    drifted = _findings(Standing.DRIFTED, findings)
    n = max(0, profile.rows)
    observed = f"{number(len({f.column for f in drifted}))} of "
    observed += f"{count(len({f.column for f in findings}), 'column')} drifted"
    if drifted:
        said = say(Outcome.BROKEN, f"{_some(map(_change, drifted))}.", observed, n)
        return measured(said, {f"drift of {_trait(f)}": f.size for f in drifted})
    if profile.rows != rows:
        because = f"{count(rows, 'row')} landed and {number(profile.rows)} were counted."
        return say(Outcome.ERROR, because, observed, n)
    if n <= 0 or reference.rows <= 0:
        because = f"{count(n, 'row')} came, and the reference has {number(reference.rows)}: "
        because += "there is nothing to compare."
        return because_of(say(Outcome.UNPROVEN, because, observed, n), "nothing to compare")
    if apart := _findings(Standing.NOT_COMPARED, findings):
        because = f"Could not be compared: {_some(map(_obstacle, apart))}. "
        because += "Mend it, or make the reference anew."
        said = say(Outcome.UNPROVEN, because, observed, n)
        return because_of(said, *(f"{_trait(f)} not compared" for f in apart))
    if few := _findings(Standing.TOO_FEW, findings):
        because = (
            f"No drift was seen, and too few values to see one: {_some(map(_shortage, few))}."
        )
        said = say(Outcome.UNPROVEN, because, observed, n)
        return because_of(said, *(f"too few {_trait(f)}" for f in few))
    values = [finding for finding in findings if finding.trait is Trait.VALUES]
    if not values:
        because = "The reference has no column whose values can be compared."
        said = say(Outcome.UNPROVEN, because, "nothing compared", n)
        return because_of(said, "no column to compare")
    because = f"{count(len(values), 'column')} compared on {count(n, 'row')} against the "
    because += f"reference's {number(reference.rows)}: "
    because += f"none of {count(len(findings), 'test')} found a drift"
    if small := _findings(Standing.SMALL, findings):
        because += f"; changed but small: {_some(map(_change, small))}"
    if (hidden := max(f.hidden for f in findings)) > MISSING_FLOOR:
        because += f"; so few rows may hide a rise of missing values by {percent(hidden)}"
    if left := [c.column for c in reference.columns if not (c.numbers or c.categories)]:
        because += f"; not compared by value: {_some(map(wording.name, left))}"
    return say(Outcome.PROVEN, f"{because}.", observed, n)


def _findings(standing: Standing, findings: Sequence[Finding]) -> list[Finding]:
    """Worst first."""
    return sorted((f for f in findings if f.standing is standing), key=lambda f: -f.size)


def _trait(finding: Finding) -> str:
    return f"{finding.trait} of {wording.name(finding.column)}"


def _some(told: Iterable[str]) -> str:
    return wording.first([*told], at_most=NAMED)


def _change(finding: Finding) -> str:
    of = f"({number(finding.found)} against {number(finding.reference)})"
    return f"{wording.name(finding.column)}: {finding.effect} {of}"


def _obstacle(finding: Finding) -> str:
    return f"{wording.name(finding.column)} ({wording.name(finding.effect)})"


def _shortage(finding: Finding) -> str:
    where = f"{wording.name(finding.column)} has {number(finding.found)}"
    enough = rows_for(finding.needed, finding.reference)
    if enough is not None:
        return f"{where} of {number(enough)}"
    each = number(int(2 * finding.needed) + 1)
    return f"{where} and its reference {number(finding.reference)} ({each} each would do)"


CLAIM = DatasetClaim(
    name="stable_values",
    needs=(Need.READING, Need.ROWS, Need.PROFILE),
    prove=prove,
    true_when="values keep the distribution of the data the model learns from (`reference.json`)",
    unproven_when="there is no `reference.json`; too few rows",
    if_broken=Todo(
        who=Who.OWNER, what="Say why the values changed: correct them, or confirm them."
    ),
    if_unproven=Todo(
        who=Who.ENGINEERING, what="Pin a reference, or compare more values, as the verdict says."
    ),
)
