"""The words by which facts, events and failures are persisted, whatever their classes are called.

A tag once written keeps its meaning, and no tag is used for anything else. `tests/golden/` holds
what is written under each, byte for byte.
"""

from __future__ import annotations

from collections.abc import Mapping

from connectors.errors import AccessDenied, SourceChanged, SourceError, SourceUnavailable
from connectors.events import (
    Answered,
    Authenticated,
    Completed,
    Declared,
    Delivered,
    Event,
    Limited,
    Refused,
    Retried,
    Waited,
)
from contracts.evaluation import Evaluation, Profile, Reference
from harness.errors import ConfigurationError, LedgerLost, Unfinished
from harness.facts import Baseline, ContractProblem, Fact, Overlap, Probed, Reading, Register

FACTS: Mapping[type[Fact], str] = {
    Reading: "reading",
    Evaluation: "evaluation",
    Profile: "profile",
    Reference: "reference",
    Probed: "probed",
    Register: "register",
    Baseline: "baseline",
    Overlap: "overlap",
    ContractProblem: "complaint",
}
"""Kinds of the ledger's entries that hold a fact; its body has the fact under the same name."""
VERDICT = "verdict"
KEPT = "kept"

EVENTS: Mapping[type[Event], str] = {
    Answered: "Answered",
    Waited: "Waited",
    Retried: "Retried",
    Authenticated: "Authenticated",
    Refused: "Refused",
    Limited: "Limited",
    Declared: "Declared",
    Delivered: "Delivered",
    Completed: "Completed",
}
"""`event` in a line of the run log."""

ACCESS_DENIED = "AccessDenied"
SOURCE_CHANGED = "SourceChanged"
CONTRACT_ERROR = "ContractError"
"""A side of a reconciliation whose contract is broken."""
UNEXPECTED = "Unexpected"
"""A defect."""
ERRORS: Mapping[type[BaseException], str] = {
    AccessDenied: ACCESS_DENIED,
    SourceUnavailable: "SourceUnavailable",
    SourceChanged: SOURCE_CHANGED,
    SourceError: "SourceError",
    ConfigurationError: "ConfigurationError",
    LedgerLost: "LedgerLost",
    Unfinished: "Unfinished",
    KeyboardInterrupt: "KeyboardInterrupt",
    SystemExit: "SystemExit",
}
"""`kind` of a failure, and `by` of an interrupted run."""


def of_error(error: BaseException) -> str:
    """The tag of the nearest class above an error that has one; UNEXPECTED where none has."""
    return next((ERRORS[above] for above in type(error).__mro__ if above in ERRORS), UNEXPECTED)
