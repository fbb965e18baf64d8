"""Whether a reading was whole: a state that every claim on rows has to take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from connectors.events import Witness, WitnessKind
from harness.claims.measures import measured, share
from harness.claims.readings import utc
from harness.claims.wording import count, message, number
from harness.facts import Fact, Reading
from harness.verdict import Outcome, Verdict

_COUNT_ALONE = (WitnessKind.DECLARED_TOTAL, WitnessKind.LISTING)
"""Witnesses that can refute a reading and cannot prove it whole."""
_UNITS = ("rows", "bytes")


class Wholeness(StrEnum):
    """What is known of a reading; worst first."""

    FAILED = "failed"
    CUT = "cut"
    """The source declares another number than was read, or a file of it cannot be read."""
    UNWITNESSED = "unwitnessed"
    """Nothing proves that all was read, and nothing refutes it."""
    WHOLE = "whole"


def wholeness(reading: Reading) -> Wholeness:
    """By the source's own witness, never by what was read."""
    if reading.failure is not None:
        return Wholeness.FAILED
    if unreadable(reading):
        return Wholeness.CUT
    witness = reading.witness
    if witness is None or witness.unit not in _UNITS:
        return Wholeness.UNWITNESSED
    if amount_read(reading, witness) != witness.declared:
        return Wholeness.CUT
    return Wholeness.UNWITNESSED if witness.kind in _COUNT_ALONE else Wholeness.WHOLE


def unreadable(reading: Reading) -> list[str]:
    """Why files of it could not be read to their end, one text a file."""
    return [file.unreadable for file in reading.deliveries if file.unreadable is not None]


def rank(reading: Reading) -> int:
    """How whole it is, as a number: more is better."""
    return list(Wholeness).index(wholeness(reading))


def amount_read(reading: Reading, witness: Witness) -> int:
    """What was read, in the unit of the witness."""
    return reading.rows if witness.unit == "rows" else reading.bytes


def rows_known(readings: Sequence[Reading], verdict: Verdict) -> Verdict:
    """The verdict of a claim on rows, given how whole the readings behind it were. From a reading
    that was cut or failed nothing is proven; from one without a witness it is, of what was read.
    """
    if verdict.outcome is not Outcome.PROVEN or not readings:
        return verdict
    worst = min(readings, key=rank)
    match wholeness(worst):
        case Wholeness.WHOLE:
            return verdict
        case Wholeness.UNWITNESSED:
            told = f"{verdict.because.removesuffix('.')}; of the rows that were read."
            return replace(verdict, because=told)
        case _:
            doubted = replace(verdict, outcome=Outcome.UNPROVEN, because=_not_whole(worst))
            return measured(doubted, {"share that was not read": _not_read(worst)})


def latest_of_each(facts: Sequence[Fact]) -> list[Reading]:
    """The last reading of each dataset, of those for the latest slot: what a run itself read."""
    found = [fact for fact in facts if isinstance(fact, Reading)]
    found.sort(key=lambda reading: (reading.slot, utc(reading.started_at)))
    return list({(r.source, r.dataset): r for r in found if r.slot == found[-1].slot}.values())


def whole_enough(facts: Sequence[Fact]) -> list[Fact]:
    """The facts without earlier readings that were cut: they are no good nights and no trials."""
    latest = latest_of_each(facts)
    return [
        fact
        for fact in facts
        if not isinstance(fact, Reading) or fact in latest or wholeness(fact) is not Wholeness.CUT
    ]


def files_unreadable(why: Sequence[str], reading: Reading) -> str:
    """How many files of a reading could not be read, and of the first of them why."""
    of = f"{number(len(why))} of {count(len(reading.deliveries), 'file')}"
    return f"{of} could not be read to the end: {message(why[0])}"


def _not_read(reading: Reading) -> float:
    witness = reading.witness
    if unreadable(reading) or reading.failure is not None or witness is None:
        return 1.0
    return share(abs(witness.declared - amount_read(reading, witness)), witness.declared)


def _not_whole(reading: Reading) -> str:
    witness = reading.witness
    if why := unreadable(reading):
        return f"What was read keeps the promise, but {files_unreadable(why, reading)}."
    if reading.failure is not None or witness is None:
        return f"{reading.dataset} was not read whole."
    read = number(amount_read(reading, witness))
    return (
        f"What was read keeps the promise, but {read} of the {number(witness.declared)} "
        f"{witness.unit} that the source declares for {reading.dataset} came: see complete."
    )
