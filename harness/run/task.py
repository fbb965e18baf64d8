"""What is done with a source's bytes, as data: what to do, and what is told of it.

    prove_source ─ Task ─▶ work, in this process or in a box ─ Message ─▶ ledger, judge

Both cross into another process, so they hold no object with behaviour: no connector, no contract,
no secret.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Literal, TypeAlias

from msgspec import Struct

from connectors.events import Event
from contracts.evaluation import Evaluation, KeysFound, Profile
from contracts.promises import Reconciliation
from harness.facts import Declaration, Failure, Probed, Reading
from harness.limits import Limits
from harness.pilot.privileges import Permission


class ToRead(Struct, frozen=True, kw_only=True):
    """One dataset, and how much of it is evaluated."""

    dataset: str
    digest: str
    """Of the contract that it is held against."""
    into: str
    """The file in which its rows land. It stays there if all landed."""
    evaluate: bool
    """Whether every rule of its contract is counted."""
    profile: Profile | None
    """The grid on which its values are counted; None for no count."""

    @property
    def path(self) -> Path:
        """The file in which its rows land."""
        return Path(self.into)


class Read(Struct, frozen=True, kw_only=True, tag=True):
    """Ask a source, if that is wanted, and read some of its datasets, one after the other."""

    source: str
    probe: bool
    datasets: tuple[ToRead, ...]
    refused: Failure | None
    """Why the source is not asked again: in this run it refused our log-in, or was down."""
    permission: Permission | None
    """What may be tried of what our log-in may write; None if nobody wants to know."""
    slot: date
    since: datetime
    """The moment from which the run's night is counted."""
    zone: str
    """The pilot's, in which nights are counted."""
    limits: Limits


class AskColumns(Struct, frozen=True, kw_only=True, tag=True):
    """Ask a source for the columns of some of its datasets, and for no row."""

    source: str
    datasets: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    """Of the contract of each."""
    refused: Failure | None
    """As of `Read`."""
    slot: date
    since: datetime
    """The moment from which the run's night is counted."""
    zone: str
    limits: Limits


class Landed(Struct, frozen=True, kw_only=True):
    """Rows of a dataset that was read, as one file."""

    file: str
    sha256: str | None


class Count(Struct, frozen=True, kw_only=True, tag=True):
    """Look for the keys of one dataset in another."""

    promised: Reconciliation
    ours: Landed
    theirs: Landed
    limits: Limits


Task: TypeAlias = Read | AskColumns | Count


class Stage(Struct, frozen=True, kw_only=True, tag=True):
    """How far it is: `rows` have come of `dataset`."""

    dataset: str | None
    stage: Literal["probing", "asking", "reading", "judging"]
    rows: int = 0


class Happened(Struct, frozen=True, kw_only=True):
    """An event of the source, for the run log."""

    dataset: str | None
    event: Event


class Asked(Struct, frozen=True, kw_only=True, tag=True):
    """The source was probed."""

    probed: Probed


class Done(Struct, frozen=True, kw_only=True, tag=True):
    """A dataset was read and evaluated as far as that was wanted. What landed of it is its own
    file, unless the reading failed.
    """

    reading: Reading
    evaluation: Evaluation | None = None
    profile: Profile | None = None


class Columns(Struct, frozen=True, kw_only=True, tag=True):
    """A dataset's columns were asked for."""

    declaration: Declaration


class Counted(Struct, frozen=True, kw_only=True, tag=True):
    """What was found of the keys, or why nothing could be."""

    found: KeysFound | None
    failure: Failure | None


class Failed(Struct, frozen=True, kw_only=True, tag=True):
    """Nothing more of the task can be done."""

    failure: Failure


Message: TypeAlias = Stage | Happened | Asked | Done | Columns | Counted | Failed
Tell: TypeAlias = Callable[[Message], None]
