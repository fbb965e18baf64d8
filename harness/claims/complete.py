"""`complete`: everything that the source held was read, by the source's own word."""

from __future__ import annotations

from collections.abc import Sequence

from connectors.events import WitnessKind
from contracts.evaluation import Evaluation
from contracts.promises import Promises
from harness.claims import wording
from harness.claims.claim import DatasetClaim, Need
from harness.claims.readings import judge_reading, phrase, readings
from harness.claims.wording import count, number
from harness.facts import Fact
from harness.verdict import Outcome, Verdict


def prove(promises: Promises, facts: Sequence[Fact]) -> Verdict:
    """PROVEN only when the source's witness, never computed from the rows, agrees with them."""
    taken = readings(facts)
    say = phrase(
        "complete",
        expected="all that the source declares",
        method="the source's own count against what was read, one trial a row",
    )
    if verdict := judge_reading(taken, say):
        return verdict
    rows, witness = taken[-1].rows, taken[-1].witness
    came = count(rows, "row")
    if witness is None:
        because = f"{came} came, and the source gave no witness to hold against them"
        because += f": {wording.message(why)}." if (why := taken[-1].unwitnessed) else "."
        return say(Outcome.UNPROVEN, because, f"{came}, no witness", rows)
    if witness.unit not in ("rows", "bytes"):
        because = "The source's witness counts neither rows nor bytes: it cannot be compared."
        return say(Outcome.ERROR, because, came, rows)
    read = rows if witness.unit == "rows" else taken[-1].bytes
    compared = f"{number(read)} of {number(witness.declared)} {witness.unit}"
    kind = str(witness.kind).replace("_", " ")
    declared = f"The source declared {number(witness.declared)} {witness.unit} ({kind})"
    if read != witness.declared:
        return say(Outcome.BROKEN, f"{declared}, and {number(read)} were read.", compared, rows)
    if rows == 0 and promises.volume.minimum > 0:
        because = f"The source holds nothing: 0 rows, and its {kind} agrees."
        return say(Outcome.BROKEN, because, compared, rows)
    if witness.kind is WitnessKind.LISTING and witness.declared == 0:
        because = "No file was listed that holds anything: see that its name is right."
        return say(Outcome.UNPROVEN, because, compared, rows)
    if witness.kind is WitnessKind.DECLARED_TOTAL and (doubt := _doubt(promises, facts)):
        return say(Outcome.UNPROVEN, f"{declared}, but {doubt}.", compared, rows)
    return say(Outcome.PROVEN, f"{declared}, and all were read: {came}.", compared, rows)


def _doubt(promises: Promises, facts: Sequence[Fact]) -> str | None:
    """Why a total over pages may agree by chance: a row that comes twice hides one that is missing
    (rows move between pages while they are read).
    """
    key = ", ".join(promises.key)
    evaluations = [fact for fact in facts if isinstance(fact, Evaluation)]
    rules = [r for e in evaluations for r in e.rules if r.rule == "unique" and r.column == key]
    if not rules:
        return f"whether a row came twice was not looked at ({key})"
    twice = sum(rule.failed for rule in rules)
    if twice:
        return f"{count(twice, 'row')} share their {key}: as many may be missing"
    return None if all(rule.checked for rule in rules) else f"{key} could not be looked at"


CLAIM = DatasetClaim(
    name="complete",
    needs=(Need.READING, Need.EVALUATION),
    prove=prove,
    true_when="the source's own count agrees with what was read",
    unproven_when="the source gives no count; row-level security may hide rows; "
    "a row that came twice could hide one that is missing",
)
