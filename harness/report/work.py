"""What is to be done about a verdict that is in the way, by the claim: words for all readers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from harness.result import Judged
from harness.verdict import Outcome

OWNER = "the source's owner"
ENGINEERING = "Engineering"
"""Whoever runs the pilot."""


class Todo(NamedTuple):
    """Who is to do what."""

    who: str
    """OWNER or ENGINEERING."""
    what: str
    """One sentence, without a technical word."""


def work(judged: Judged) -> Todo:
    """Who is to do what about a verdict that is not PROVEN."""
    outcome = judged.outcome
    if outcome in WHATEVER_IT_CLAIMS:
        return WHATEVER_IT_CLAIMS[outcome]
    return BY_CLAIM.get(judged.planned.claim, _OTHER)[outcome]


_OTHER: Mapping[Outcome, Todo] = {
    Outcome.BROKEN: Todo(OWNER, "Mend it, or have the promise corrected."),
    Outcome.UNPROVEN: Todo(OWNER, "Bring the evidence that is lacking."),
}
WHATEVER_IT_CLAIMS: Mapping[Outcome, Todo] = {
    Outcome.ERROR: Todo(ENGINEERING, "Remove what kept this from being judged, and prove again."),
    Outcome.NOT_RUN: Todo(ENGINEERING, "Have this checked: it was planned, and nobody looked."),
    Outcome.STALE: Todo(ENGINEERING, "Prove this again: what was shown is too old to count."),
    Outcome.WAIVED: Todo(OWNER, "Mend what is excused, or have it signed again before it ends."),
}
BY_CLAIM: Mapping[str, Mapping[Outcome, Todo]] = {
    "authenticated": {
        Outcome.BROKEN: Todo(OWNER, "Let nobody in without credentials that are known."),
        Outcome.UNPROVEN: Todo(OWNER, "Let it be seen that strangers are refused."),
    },
    "least_privilege": {
        Outcome.BROKEN: Todo(OWNER, "Take every right but reading from our login."),
        Outcome.UNPROVEN: Todo(
            OWNER, "Permit in writing that one write is tried where it can do no harm."
        ),
    },
    "within_budget": {
        Outcome.BROKEN: Todo(OWNER, "Let us send as many requests as the pilot needs."),
        Outcome.UNPROVEN: Todo(OWNER, "Say how many requests we may send."),
    },
    "owned": {
        Outcome.BROKEN: Todo(OWNER, "Complete who answers for the source and who stands in."),
        Outcome.UNPROVEN: Todo(OWNER, "Name who answers for the source and who stands in."),
    },
    "complete": {
        Outcome.BROKEN: Todo(OWNER, "Deliver all that the source says it holds."),
        Outcome.UNPROVEN: Todo(OWNER, "Say with each delivery how much there is to read."),
    },
    "conforms": {
        Outcome.BROKEN: Todo(OWNER, "Correct the values that break the contract."),
        Outcome.UNPROVEN: Todo(OWNER, "Deliver enough rows to judge the contract by."),
    },
    "stable_schema": {
        Outcome.BROKEN: Todo(OWNER, "Take back the change of columns, or have it approved."),
        Outcome.UNPROVEN: Todo(ENGINEERING, "Have the columns approved as they are."),
    },
    "stable_values": {
        Outcome.BROKEN: Todo(OWNER, "Say why the values changed: correct them, or confirm them."),
        Outcome.UNPROVEN: Todo(
            ENGINEERING, "Compare more values: too few came to notice a change."
        ),
    },
    "fresh": {
        Outcome.BROKEN: Todo(OWNER, "Deliver within the promised time."),
        Outcome.UNPROVEN: Todo(OWNER, "Go on delivering within the promised time."),
    },
    "arrives": {
        Outcome.BROKEN: Todo(OWNER, "Deliver on every night what was promised."),
        Outcome.UNPROVEN: Todo(OWNER, "Go on delivering on every night what was promised."),
    },
    "reconciles": {
        Outcome.BROKEN: Todo(OWNER, "Explain the keys that the other system does not know."),
        Outcome.UNPROVEN: Todo(OWNER, "Deliver enough keys to compare both systems by."),
    },
}
"""Of what may come to be mended by work: every claim of `harness/claims`."""
