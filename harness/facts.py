"""Facts: what was observed, frozen and without judgement. Proofs read nothing else.

The ledger stores them as RFC 8785 JSON (`harness/ledger/ledger.py`). A field never changes its
meaning. A new field has a default and is marked LATER (`contracts/defaults.py`), so that old
entries can still be read and equal facts keep their bytes; so it is in the records within a fact.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, TypeAlias

from msgspec import Meta

from connectors.connector import Probe
from connectors.events import Declared, Limited, Witness
from connectors.peer import Reached
from contracts.defaults import LATER
from contracts.evaluation import LONGEST_SHOWN, Evaluation, KeysFound, Profile, Reference
from contracts.promises import Reconciliation


class EvidenceClass(StrEnum):
    """The kind of system that facts come from. A loopback endpoint is always `simulated`."""

    SIMULATED = "simulated"
    SANDBOX = "sandbox"
    STAGING = "staging"
    PRODUCTION = "production"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a reading failed."""

    kind: str
    """A tag of `harness/tags.py`, as AccessDenied; Unexpected for a defect in code."""
    message: str


MOST_GROUPS = 256
"""Groups of one reading that are counted; a column of more is none to be told by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFound:
    """One group of the rows, by the value of a public column."""

    name: Annotated[str, Meta(max_length=LONGEST_SHOWN)]
    """The value as evidence shows it (`contracts/masking.py`); `missing` for rows without one."""
    rows: int
    newest_event_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupsFound:
    """The groups of one reading."""

    by: str
    """The column."""
    found: Annotated[tuple[GroupFound, ...], Meta(max_length=MOST_GROUPS)]
    """By name; empty if they could not be counted."""
    why_not: str | None = None
    """Why they could not be counted and what would help, as a clause of a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One file as it arrived, or one reading of a source without files."""

    name: str
    day: date | None
    """Its day in the promised zone; None if unknown."""
    available_at: datetime
    rows: int
    newest_event_at: datetime | None
    sha256: str
    group_rows: Annotated[tuple[int, ...], Meta(max_length=MOST_GROUPS)] = field(
        default=(), metadata=LATER
    )
    """Rows of a file by group, in the order of `Reading.groups.found`."""
    declares: int = field(default=0, metadata=LATER)
    """The place of its columns in `Reading.declarations`."""
    unreadable: str | None = field(default=None, metadata=LATER)
    """Why it could not be read to its end; None if it was."""


DECLARATIONS = 20
"""As many of one reading are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """Answer times of one reading's requests, in milliseconds."""

    n: int
    p50: float
    p95: float
    maximum: float
    samples: tuple[float, ...]
    """In the order of the requests, thinned evenly to at most 200; for the chart only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusCount:
    """How many answers had one status."""

    status: str
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One reading of one dataset, complete or failed."""

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
    """Rows with a value that did not convert to its type."""
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
    """Renewals with data before and after them."""
    refusals: tuple[str, ...]
    """Status of each refusal in order, at most 50: 401, 429, 28P01 …"""
    throttled: int
    """How many refusals were 429."""
    latency: Latency | None
    failure: Failure | None
    limits: tuple[Limited, ...] = ()
    """Quotas that the source announced during the reading, each once."""
    unwitnessed: str | None = None
    """Why nothing proves that all was read, and what would; as a clause of a sentence."""
    declared: Declared | None = None
    """The columns that the source declared, even if the reading failed afterwards; of several
    files the last."""
    overloads: tuple[StatusCount, ...] = field(default=(), metadata=LATER)
    """Refusals for the number of requests, other than with 429: `SlowDown`, 403 or 503 with
    nothing left of a quota."""
    resent: tuple[StatusCount, ...] = field(default=(), metadata=LATER)
    """Answers after which the same request was sent again, whatever they meant."""
    blank_lines: int = field(default=0, metadata=LATER)
    """Lines of its files on which nothing stands; they are no rows."""
    night: date | None = field(default=None, metadata=LATER)
    """The night on which it was read, in the pilot's zone (`harness/claims/nights.py`). Other than
    `slot` if that was given by hand or the run came too late; None in facts recorded before."""
    groups: GroupsFound | None = field(default=None, metadata=LATER)
    """The groups that a contract promises of; None where it promises of none."""
    clock_jump_seconds: float = field(default=0.0, metadata=LATER)
    """How far the clock of the machine that read was set since the run began, back if negative.
    Its times are then no evidence (`harness/claims/timed.py`)."""
    reached: tuple[Reached, ...] = field(default=(), metadata=LATER)
    """In order, at most 50; none of a connector that does not look whom it has reached."""
    declarations: tuple[Declared, ...] = field(default=(), metadata=LATER)
    """Where its files declare different columns, each declaration once, in the order in which they
    came; the first DECLARATIONS of them. Files of further ones have the place behind the last."""
    spent_by_others: int = field(default=0, metadata=LATER)
    """Requests that others who share our budget began meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What a source was asked for of one dataset without its rows: its columns. It is no reading,
    and no night of a feed is counted by it.
    """

    source: str
    dataset: str
    slot: date
    night: date
    """The night on which it was asked, in the pilot's zone."""
    started_at: datetime
    seconds: float
    """From a monotonic clock."""
    attempts: int
    """Requests or statements that the source answered."""
    bytes: int
    """Of those answers, where their protocol tells it."""
    authentications: int
    refusals: tuple[str, ...]
    """Status of each refusal in order, at most 50."""
    resent: tuple[StatusCount, ...]
    """Answers after which the same request was sent again, whatever they meant."""
    declared: Declared | None
    needs_rows: str | None
    """Why only a reading would tell them; None if the source could be asked."""
    failure: Failure | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """Who answers for a source, as `pilot.yaml` records it: a person's word."""

    source: str
    owner: str | None
    deputy: str | None
    escalation: str | None
    acknowledged_by: str | None
    acknowledged_on: date | None
    recorded_on: date | None = None
    """The day of the run in the pilot's zone; a later acknowledgement is impossible."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """The probes of one source in one run; empty if the pilot allows none."""

    source: str
    probes: tuple[Probe, ...]
    failure: Failure | None
    attempts: int = field(default=0, metadata=LATER)
    """Requests, statements or listings that the source answered."""
    overloads: tuple[StatusCount, ...] = field(default=(), metadata=LATER)
    """Answers to them that refused for the number of requests, 429 included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadColumn:
    """One column that a contract reads, and what the contract takes."""

    name: str
    type: str
    """In our own words (`contracts/arrow_schema.py`), as `decimal(12, 2)`."""
    nullable: bool
    listed: tuple[str, ...] | None
    """Of a text column, the values that it may have, if the contract lists them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """A dataset's columns as a person approved them, from `baseline.json`."""

    source: str
    dataset: str
    approved_by: str
    approved_on: date
    run: str
    """The run that observed them."""
    declared: Declared
    reads: tuple[ReadColumn, ...] | None = field(default=None, metadata=LATER)
    """What the contract reads on this night; None in facts recorded before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """The keys of one dataset compared with another dataset: the promise and the counts."""

    source: str
    dataset: str
    """The referring dataset; `promised` names the other one."""
    promised: Reconciliation
    found: KeysFound | None
    """None if it could not be counted."""
    failure: Failure | None
    """Why not: one of the two readings failed or lacks a column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractProblem:
    """What is wrong with a dataset's contract. Such a dataset is neither read nor judged."""

    source: str
    dataset: str
    text: str
    """One line that says what to correct."""


Fact: TypeAlias = (
    Reading
    | Evaluation
    | Profile
    | Reference
    | Probed
    | Register
    | Baseline
    | Declaration
    | Overlap
    | ContractProblem
)
