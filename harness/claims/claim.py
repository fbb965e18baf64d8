"""What a claim says of itself: what it is about, what it needs, its proof and its words.

    promises ─ plan ─▶ claims owed ─ needs ─▶ facts that the run gathers ─ prove ─▶ verdicts

The plan, the run, Dagster and the tables of the documentation read these fields, never a name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from contracts.promises import Promises, SourcePromises
from harness.facts import Fact
from harness.verdict import Verdict

DatasetProof: TypeAlias = Callable[[Promises, Sequence[Fact]], Verdict]
"""The facts are this run's for the dataset, and the readings of earlier nights."""
SourceProof: TypeAlias = Callable[[SourcePromises, Sequence[Fact]], Verdict]
"""The facts are this run's for the source: readings of its datasets, probes, its register."""


class Need(StrEnum):
    """What a run gathers only because a planned claim needs it. The register is always there."""

    READING = "reading"
    """Of the dataset; for a claim about a source, of all its datasets where none is planned."""
    ROWS = "rows"
    """The rows of that reading. A reading that was cut or failed then never gives PROVEN
    (`harness/claims/wholeness.py`)."""
    TIMES = "times"
    """When it was read. A reading during which the clock was set then gives no verdict but
    UNPROVEN (`harness/claims/timed.py`)."""
    EVALUATION = "evaluation"
    """How many of the landed rows keep each rule of the contract."""
    PROFILE = "profile"
    """The landed rows counted on the grid of the pinned reference, with that reference."""
    BASELINE = "baseline"
    """The columns that somebody approved."""
    OVERLAP = "overlap"
    """The keys of the dataset counted in the others that its contract names. The claim then rests
    on several datasets: it is judged when all of them have been read, by its own dataset's
    reading and these counts.
    """
    PROBE = "probe"
    """What the source answers to strangers, and what it grants our login."""


class Who(StrEnum):
    """Whose work it is."""

    OWNER = "the source's owner"
    ENGINEERING = "Engineering"
    """Whoever runs the pilot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """Who is to do what about a verdict."""

    who: Who
    what: str
    """One sentence, without a technical word."""


MEND = Todo(who=Who.OWNER, what="Mend it, or have the promise corrected.")
BRING = Todo(who=Who.OWNER, what="Bring the evidence that is lacking.")


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetClaim:
    """A claim about each dataset."""

    name: str
    """A stable identifier: once published, never used again for another meaning."""
    needs: tuple[Need, ...]
    prove: DatasetProof
    true_when: str
    unproven_when: str
    if_broken: Todo = MEND
    if_unproven: Todo = BRING
    where_promised: str | None = None
    """The field of `Promises` without which no verdict is owed; None for a claim owed by all."""

    def is_owed(self, promises: Promises) -> bool:
        """Whether a contract with these promises owes a verdict."""
        return self.where_promised is None or bool(getattr(promises, self.where_promised))


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceClaim:
    """A claim about each source as a whole."""

    name: str
    """A stable identifier: once published, never used again for another meaning."""
    needs: tuple[Need, ...]
    prove: SourceProof
    true_when: str
    unproven_when: str
    if_broken: Todo = MEND
    if_unproven: Todo = BRING

    def is_owed(self, promises: SourcePromises) -> bool:
        """Whether a source with these promises owes a verdict."""
        return self.name not in promises.not_planned


Claim: TypeAlias = DatasetClaim | SourceClaim
