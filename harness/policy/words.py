"""What came of a policy, in lines for people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from harness.claims.wording import count, listed
from harness.ledger.promised import place
from harness.policy.document import Change, in_words
from harness.policy.state import Agreed, State

_SHOWN = 20
"""Changes and items that are named; the ledger has them all."""


def describe(state: State) -> Iterator[str]:
    """Who signed what when, what differs from it, and what never arrived."""
    if not state.agreed:
        yield "no policy is signed: seatrial policy sign, before the first reading"
        return
    for one in state.agreed:
        yield from _of_one(one)
    if state.first_run is not None:
        signed = "signed" if state.in_time else "not signed"
        yield f"{signed} as security and legal before the first reading (run {state.first_run})"
    for deviation in state.deviations:
        runs = count(deviation.runs, "run")
        yield f"unsigned: {runs} from {deviation.run} on held other promises than were signed"
        yield from _some([f"  {in_words(change)}" for change in deviation.changes])
    if state.first_run is None:
        yield "nothing was read yet"
    elif state.missing:
        yield f"never arrived: {count(len(state.missing), 'verdict')} that must arrive"
        names = [f"  {one.claim} of {place(one.source, one.dataset)}" for one in state.missing]
        yield from _some(names)


def _minute(at: str) -> str:
    return f"{datetime.fromisoformat(at):%Y-%m-%d %H:%M} UTC"


def _of_one(one: Agreed) -> Iterator[str]:
    said = one.document
    number = said["number"]
    if number == 1:
        yield f"policy 1, by {said['by']} at {_minute(said['at'])}"
    else:
        at = _minute(said["at"])
        yield f"policy {number}, an amendment by {said['by']} at {at}: {said['why']}"
        yield from _some([f"  {in_words(Change(**one))}" for one in said["changes"]])
    for signed in one.signed:
        who = f"{signed.signature.by} as {signed.signature.role}"
        if signed.objection is None:
            yield f"  signed by {who} at {signed.at:%Y-%m-%d %H:%M} UTC"
        else:
            yield f"  does not count: the signature of {who}: {signed.objection}"
    if one.lacks:
        yield f"  not signed as {listed(list(one.lacks))}"


def _some(lines: list[str]) -> Iterator[str]:
    yield from lines[:_SHOWN]
    if len(lines) > _SHOWN:
        yield f"  and {len(lines) - _SHOWN} more"
