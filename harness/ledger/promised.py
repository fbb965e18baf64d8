"""What a run holds its verdicts against, as the ledger keeps it: promises are data.

    contract, source ─▶ Promised, one entry where it is new ◀─ named by its digest ─ `started`

So a verdict can be recomputed from entries alone: without `pilot.py` and without Pandera.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from contracts.canonical import canonical
from contracts.meaning import promises_of, source_promises_of
from contracts.promises import Promises, SourcePromises
from harness import tags
from harness.ledger.body import decoded
from harness.ledger.chain import Entry
from harness.result import NotPlanned


@dataclass(frozen=True, kw_only=True)
class Promised:
    """What one dataset's contract, or one source, promised. Persisted by the rules of
    `harness/facts.py`: new fields are LATER.
    """

    meaning: Mapping[str, Any]
    """What its digest is of: format 2 of a contract, format 1 of a source
    (`contracts/digest.py`)."""
    order: tuple[str, ...] = ()
    """The critical fields as the contract has them: its digest knows no order, sentences do."""
    former: str | None = None
    """The digest of a contract before format 2: nights that were recorded under it count, too."""

    @property
    def promises(self) -> Promises:
        """Those of a dataset. Raises ValueError for what no contract says."""
        return promises_of(self.meaning, order=self.order)

    @property
    def source_promises(self) -> SourcePromises:
        """Those of a source. Raises ValueError for what no source says."""
        return source_promises_of(self.meaning)

    @cached_property
    def contract(self) -> str:
        """The digest that readings name."""
        return sha256(canonical(self.meaning)).hexdigest()

    @cached_property
    def digest(self) -> str:
        """The digest by which a run names it: of all fields."""
        return sha256(canonical(_fields(self))).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedPromises:
    """The ledger's entry of promises."""

    pilot: str
    environment: str
    source: str
    promises: Promised
    """The field has the name that `tags.PROMISES` gives it."""
    dataset: str | None = None


def promises_in(entries: Iterable[Entry]) -> Iterator[RecordedPromises]:
    """The promises among a ledger's entries, oldest first."""
    for entry in (entry for entry in entries if entry.kind == tags.PROMISES):
        yield decoded(entry, RecordedPromises)


def not_planned_in(held: Mapping[str, Promised]) -> tuple[NotPlanned, ...]:
    """The claims on which sources owe no verdict, by what a run holds its verdicts against."""
    return tuple(
        NotPlanned(source=where, claim=claim, because=because)
        for where, one in held.items()
        if "." not in where
        for claim, because in one.source_promises.not_planned.items()
    )


def place(source: str, dataset: str | None) -> str:
    """How a run names what it holds a verdict against: `source.dataset`, or the source itself."""
    return source if dataset is None else f"{source}.{dataset}"


def _fields(promised: Promised) -> dict[str, Any]:
    return {"meaning": promised.meaning, "order": promised.order, "former": promised.former}
