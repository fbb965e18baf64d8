"""`complete`: everything that the source held was read, by the source's own word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from connectors.events import Witness, WitnessKind
from contracts.evaluation import Evaluation, RuleCount
from contracts.promises import Promises
from harness.claims import wording
from harness.claims.claim import DatasetClaim, Need, Todo, Who
from harness.claims.measures import because_of, measured, share
from harness.claims.readings import judge_reading, phrase, readings, utc
from harness.claims.wholeness import (
    Wholeness,
    amount_read,
    files_unreadable,
    unreadable,
    wholeness,
)
from harness.claims.wording import count, moment, number
from harness.facts import Fact, Reading
from harness.verdict import Outcome, Verdict

_WITH_TOTAL = (
    WitnessKind.READ_TWICE,
    WitnessKind.IMMUTABLE_KEY,
    WitnessKind.ONE_SNAPSHOT,
    WitnessKind.DECLARED_TOTAL,
)
"""Witnesses whose number is a total over pages."""


def prove(promises: Promises, facts: Sequence[Fact]) -> Verdict:
    """PROVEN only when the source's witness, never computed from the rows, agrees with them, and
    is of a kind that proves: a total of something that may have moved only refutes. Blank lines
    of files are told whatever the outcome: one may be a row that lost its values.
    """
    verdict = _judge(promises, facts)
    blank = sum(reading.blank_lines for reading in readings(facts)[-1:])
    if blank == 0:
        return verdict
    told = f"{verdict.because.removesuffix('.')}; {count(blank, 'blank line')} passed over."
    return replace(verdict, because=told)


def _judge(promises: Promises, facts: Sequence[Fact]) -> Verdict:
    taken = readings(facts)
    say = phrase(
        "complete",
        expected="all that the source declares",
        method="the source's own count against what was read, one trial a row",
    )
    if verdict := judge_reading(taken, say):
        return verdict
    latest = taken[-1]
    rows, witness = latest.rows, latest.witness
    came = count(rows, "row")
    if why := unreadable(latest):
        observed = f"{count(len(why), 'file')} not read to the end"
        said = say(Outcome.BROKEN, f"{files_unreadable(why, latest)}.", observed, rows)
        return measured(said, {"files not read to the end": len(why)})
    if witness is None:
        because = f"{came} came, and the source gave no witness to hold against them"
        said = say(Outcome.UNPROVEN, f"{because}{_why(latest)}.", f"{came}, no witness", rows)
        return because_of(said, "no witness")
    if witness.unit not in ("rows", "bytes"):
        because = "The source's witness counts neither rows nor bytes: it cannot be compared."
        return say(Outcome.ERROR, because, came, rows)
    read = amount_read(latest, witness)
    compared = f"{number(read)} of {number(witness.declared)} {witness.unit}"
    declared = f"The source declared {number(witness.declared)} {witness.unit} ({_kind(witness)})"
    state = wholeness(latest)
    if state is Wholeness.CUT:
        because = f"{declared}, and {number(read)} were read{_why(latest)}."
        part = share(abs(witness.declared - read), witness.declared)
        return measured(say(Outcome.BROKEN, because, compared, rows), {"share not read": part})
    if rows == 0 and promises.volume.minimum > 0:
        because = f"The source holds nothing: 0 rows, and its {_kind(witness)} agrees."
        return because_of(say(Outcome.BROKEN, because, compared, rows), "a source without rows")
    if witness.unit == "bytes" and witness.declared == 0:
        because = "No file was listed that holds anything: see that its name is right."
        return because_of(say(Outcome.UNPROVEN, because, compared, rows), "no file with content")
    if state is not Wholeness.WHOLE:
        because = f"{declared} and as much was read, but that does not prove that it is all"
        said = say(Outcome.UNPROVEN, f"{because}{_why(latest)}.", compared, rows)
        return because_of(said, f"no proof by its {_kind(witness)}")
    if witness.kind in _WITH_TOTAL and (doubt := _doubt(promises, facts)):
        said = say(Outcome.UNPROVEN, f"{declared}, but {doubt}.", compared, rows)
        twice = {"share of rows that share their key": share(_twice(promises, facts), rows)}
        return measured(said, twice)
    because = f"{declared}, and all were read: {came}, as of {moment(utc(latest.started_at))}."
    return say(Outcome.PROVEN, because, compared, rows)


def _kind(witness: Witness) -> str:
    named = "sender's word" if witness.kind is WitnessKind.SENDERS_WORD else str(witness.kind)
    return named.replace("_", " ")


def _why(reading: Reading) -> str:
    return f": {wording.message(reading.unwitnessed)}" if reading.unwitnessed else ""


def _doubt(promises: Promises, facts: Sequence[Fact]) -> str | None:
    """Why a total over pages may agree by chance: a row that comes twice hides one that is missing
    (rows move between pages while they are read).
    """
    key, rules = ", ".join(promises.key), _of_key(promises, facts)
    if not rules:
        return f"whether a row came twice was not looked at ({key})"
    if twice := _twice(promises, facts):
        return f"{count(twice, 'row')} share their {key}: as many may be missing"
    return None if all(rule.checked for rule in rules) else f"{key} could not be looked at"


def _of_key(promises: Promises, facts: Sequence[Fact]) -> list[RuleCount]:
    key = ", ".join(promises.key)
    evaluations = [fact for fact in facts if isinstance(fact, Evaluation)]
    return [r for e in evaluations for r in e.rules if r.rule == "unique" and r.column == key]


def _twice(promises: Promises, facts: Sequence[Fact]) -> int:
    """Rows that share their key; 0 where it was not looked at."""
    return sum(rule.failed for rule in _of_key(promises, facts))


CLAIM = DatasetClaim(
    name="complete",
    needs=(Need.READING, Need.ROWS, Need.EVALUATION),
    prove=prove,
    true_when="the source's own word, which holds while it is read, agrees with what was read",
    unproven_when="the source gives no count; rows may have moved between pages; no word of a "
    "file's sender; row-level security may hide rows; a row that came twice could hide one "
    "that is missing",
    if_broken=Todo(who=Who.OWNER, what="Deliver all that the source says it holds."),
    if_unproven=Todo(who=Who.OWNER, what="Say with each delivery how much there is to read."),
)
