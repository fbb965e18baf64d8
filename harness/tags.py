"""The words for facts, events and failures in persisted files. Classes can be renamed freely.

A tag never changes its meaning and is never reused. `tests/golden/` has the exact bytes that are
written for each.
"""

from __future__ import annotations

from collections.abc import Mapping

from connectors.errors import (
    AccessDenied,
    BrokenFile,
    NeedsRows,
    SourceChanged,
    SourceError,
    SourceUnavailable,
)
from connectors.events import (
    Answered,
    Authenticated,
    BlankLines,
    Completed,
    Declared,
    Delivered,
    Event,
    Limited,
    Overloaded,
    Refused,
    Retried,
    Unreadable,
    Waited,
)
from connectors.peer import Connected
from connectors.slots import SpentByOthers
from contracts.evaluation import Evaluation, Profile, Reference
from harness.errors import ConfigurationError, LedgerLost, Unfinished
from harness.facts import (
    Baseline,
    ContractProblem,
    Declaration,
    Fact,
    Overlap,
    Probed,
    Reading,
    Register,
)
from harness.limits import AskedTooOften, LimitReached

FACTS: Mapping[type[Fact], str] = {
    Reading: "reading",
    Declaration: "declaration",
    Evaluation: "evaluation",
    Profile: "profile",
    Reference: "reference",
    Probed: "probed",
    Register: "register",
    Baseline: "baseline",
    Overlap: "overlap",
    ContractProblem: "complaint",
}
"""`kind` of a ledger entry with a fact; its body has the fact under the same name."""
VERDICT = "verdict"
KEPT = "kept"
TOLD = "told"
ACKNOWLEDGED = "acknowledged"
MISSED = "missed"
PROMISES = "promises"
POLICY = "policy"
SIGNATURE = "signature"
SIGNOFF = "signoff"
AMENDMENT = "amendment"

EVENTS: Mapping[type[Event], str] = {
    Answered: "Answered",
    Connected: "Connected",
    Waited: "Waited",
    Retried: "Retried",
    Authenticated: "Authenticated",
    Refused: "Refused",
    Overloaded: "Overloaded",
    Limited: "Limited",
    SpentByOthers: "SpentByOthers",
    Declared: "Declared",
    Delivered: "Delivered",
    BlankLines: "BlankLines",
    Unreadable: "Unreadable",
    Completed: "Completed",
}
"""`event` in a line of the run log."""

ACCESS_DENIED = "AccessDenied"
SOURCE_CHANGED = "SourceChanged"
CONTRACT_ERROR = "ContractError"
"""One side of a reconciliation has a broken contract."""
UNEXPECTED = "Unexpected"
"""A defect in our code, or in the pilot's own; the message says whose."""
DIED = "Died"
"""The process that read it ended before it had told all."""
LIMIT_REACHED = "LimitReached"
"""A reading took all that `limits` in `pilot.yaml` allow it."""
ERRORS: Mapping[type[BaseException], str] = {
    AccessDenied: ACCESS_DENIED,
    SourceUnavailable: "SourceUnavailable",
    SourceChanged: SOURCE_CHANGED,
    NeedsRows: "NeedsRows",
    BrokenFile: "BrokenFile",
    SourceError: "SourceError",
    AskedTooOften: "AskedTooOften",
    LimitReached: LIMIT_REACHED,
    ConfigurationError: "ConfigurationError",
    LedgerLost: "LedgerLost",
    Unfinished: "Unfinished",
    KeyboardInterrupt: "KeyboardInterrupt",
    SystemExit: "SystemExit",
}
"""`kind` of a failure, and `by` of an interrupted run."""


def of_error(error: BaseException) -> str:
    """The tag of an error's nearest base class that has one; UNEXPECTED if none has."""
    return next((ERRORS[above] for above in type(error).__mro__ if above in ERRORS), UNEXPECTED)
