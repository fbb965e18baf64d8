"""The gate's decision for a terminal: refusals first, each line within 80 columns."""

from __future__ import annotations

from collections.abc import Iterator

from harness.evidence.verify.words import paragraph
from harness.signoff.decision import INCOMPLETE, Decision, Held, Refusal, State

_WIDTH = 8
_NAME = 13
_ENDS = {
    State.OPEN: "OPEN: all roles signed, and the newest night is still what they signed",
    State.REFUSED: "REFUSED: train or promote nothing on this, for what is said above",
    State.INCOMPLETE: "NOT OPEN YET: nothing is wrong, but something is missing, as said above",
}
PRACTICE = "PRACTICE: the policy accepts simulated evidence; no client's model is behind this gate"


def lines(decision: Decision) -> Iterator[str]:
    """One line for each check, then conditions, then what came of it."""
    if decision.practice:
        yield from paragraph("", PRACTICE)
    for one in sorted(decision.checks, key=_order):
        yield from _line(one)
    for said in decision.conditions:
        yield from paragraph(f"{'ON':{_WIDTH}} ", f"condition: {said}")
    yield from paragraph("", _ENDS[decision.state])


def _order(one: Held | Refusal) -> int:
    if isinstance(one, Held):
        return 2
    return 1 if one.name in INCOMPLETE else 0


def _line(one: Held | Refusal) -> Iterator[str]:
    if isinstance(one, Held):
        yield from paragraph(f"{'ok':{_WIDTH}} {one.check:{_NAME}} ", one.says)
        return
    grade = "MISSING" if one.name in INCOMPLETE else "REFUSED"
    yield from paragraph(f"{grade:{_WIDTH}} {one.check:{_NAME}} ", f"{one.name}: {one.says}")
