"""Facts: what was observed, frozen and without judgement; the only thing proofs may look at.

Bodies in the ledger are these records as RFC 8785 JSON (`harness/ledger/ledger.py`); a field once
written keeps its meaning, and a new field has a default so that old entries still read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias

from connectors.connector import Probe
from connectors.events import Declared, Limited, Witness
from contracts.evaluation import Evaluation, KeysFound, Profile, Reference
from contracts.promises import Reconciliation


class EvidenceClass(StrEnum):
    """Where facts come from. A loopback endpoint is always `simulated`."""

    SIMULATED = "simulated"
    SANDBOX = "sandbox"
    STAGING = "staging"
    PRODUCTION = "production"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a reading did not end properly."""

    kind: str
    """One of the tags in `harness/tags.py`, as AccessDenied; Unexpected for a defect of ours."""
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One file (or, where a source has no files, one reading) as it came."""

    name: str
    day: date | None
    """The day in the promised zone that it belongs to; None where no day can be told."""
    available_at: datetime
    rows: int
    newest_event_at: datetime | None
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """Answer times of one reading's requests, in milliseconds."""

    n: int
    p50: float
    p95: float
    maximum: float
    samples: tuple[float, ...]
    """In order of asking, at most 200, evenly thinned: for the chart, not for bounds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One read of one dataset, whole or failed."""

    source: str
    dataset: str
    slot: date
    started_at: datetime
    seconds: float
    """From a monotonic clock."""
    rows: int
    bytes: int
    columns: tuple[str, ...]
    rescued: int
    """Rows with a value that did not fit its type."""
    newest_event_at: datetime | None
    oldest_event_at: datetime | None
    sha256: str | None
    """Of the landed Parquet file; None for a failed reading."""
    witness: Witness | None
    deliveries: tuple[Delivery, ...]
    attempts: int
    """Requests, statements or transfers that the source answered."""
    retries: int
    waited_seconds: float
    authentications: int
    renewals: int
    renewals_between_pages: int
    """Renewals with data both before and after them."""
    refusals: tuple[str, ...]
    """Statuses of the refusals in order, at most 50: 401, 429, 28P01 …"""
    throttled: int
    """How many of them were 429."""
    latency: Latency | None
    failure: Failure | None
    limits: tuple[Limited, ...] = ()
    """Quotas that the source itself told while it was read, each once."""
    unwitnessed: str | None = None
    """Why the source's own count would be no witness."""
    declared: Declared | None = None
    """The columns by the source's own word; also of a reading that failed after they were told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """Who answers for a source, as the pilot's owners wrote it down: a person's word."""

    source: str
    owner: str | None
    deputy: str | None
    escalation: str | None
    acknowledged_by: str | None
    acknowledged_on: date | None
    recorded_on: date | None = None
    """The day of the run, in the pilot's zone: nobody can have acknowledged after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """The probes of one source in one run; empty when the pilot has not allowed any."""

    source: str
    probes: tuple[Probe, ...]
    failure: Failure | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """The columns of a dataset as somebody approved them: what `baseline.json` holds of it."""

    source: str
    dataset: str
    approved_by: str
    approved_on: date
    run: str
    """The run that saw them."""
    declared: Declared


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """The keys of one dataset looked for in another: what was promised and what was found."""

    source: str
    dataset: str
    """The one that refers; the other one stands in the promise."""
    promised: Reconciliation
    found: KeysFound | None
    """None where it could not be counted."""
    failure: Failure | None
    """Why not: one of the two readings failed, or lacks a column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractProblem:
    """What is wrong with a dataset's contract: nothing can be held against it, so nothing was
    read.
    """

    source: str
    dataset: str
    text: str
    """One line that says what to mend."""


Fact: TypeAlias = (
    Reading
    | Evaluation
    | Profile
    | Reference
    | Probed
    | Register
    | Baseline
    | Overlap
    | ContractProblem
)
