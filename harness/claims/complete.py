"""`complete`: everything that the source held was read, by the source's own word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connectors.interface import WitnessKind
from contracts.interface import Promises
from harness.claims.readings import not_whole, readings, saying
from harness.claims.wording import count, number
from harness.facts import Fact, Reading
from harness.verdict import Outcome, Verdict


def prove(promises: Promises, facts: Sequence[Fact]) -> Verdict:
    """PROVEN only when the source's witness, never computed from the rows, agrees with them."""
    return next(_verdicts(promises, readings(facts)))


def _verdicts(promises: Promises, taken: Sequence[Reading]) -> Iterator[Verdict]:
    say = saying(
        "complete",
        expected="all that the source declares",
        method="the source's own count against what was read, one trial a row",
    )
    yield from not_whole(taken, say)
    rows, witness = taken[-1].rows, taken[-1].witness
    came = count(rows, "row")
    if witness is None:
        because = f"{came} came, and the source gave no witness to hold against them."
        yield say(Outcome.UNPROVEN, because, f"{came}, no witness", rows)
        return
    if witness.unit not in ("rows", "bytes"):
        because = "The source's witness counts neither rows nor bytes: it cannot be compared."
        yield say(Outcome.ERROR, because, came, rows)
    read = rows if witness.unit == "rows" else taken[-1].bytes
    compared = f"{number(read)} of {number(witness.declared)} {witness.unit}"
    kind = str(witness.kind).replace("_", " ")
    declared = f"The source declared {number(witness.declared)} {witness.unit} ({kind})"
    if read != witness.declared:
        yield say(Outcome.BROKEN, f"{declared}, and {number(read)} were read.", compared, rows)
    if rows == 0 and promises.volume.minimum > 0:
        because = f"The source holds nothing: 0 rows, and its {kind} agrees."
        yield say(Outcome.BROKEN, because, compared, rows)
    if witness.kind is WitnessKind.LISTING and witness.declared == 0:
        because = "No file was listed that holds anything: see that its name is right."
        yield say(Outcome.UNPROVEN, because, compared, rows)
    yield say(Outcome.PROVEN, f"{declared}, and all were read: {came}.", compared, rows)
