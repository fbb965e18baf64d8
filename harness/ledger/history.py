"""The readings and declarations in a ledger's entries: what earlier runs observed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from harness import tags
from harness.facts import Declaration, EvidenceClass, Reading
from harness.ledger.body import decoded
from harness.ledger.chain import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """What an entry says beside its fact."""

    pilot: str
    environment: str
    run: str
    slot: date
    source: str
    dataset: str
    endpoint: str
    contract: str
    evidence_class: EvidenceClass
    locator: str | None = None
    """What was asked of the source; None in entries recorded before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded(_Entry):
    """The ledger's entry of a reading."""

    reading: Reading
    """The field has the name that `tags.FACTS` gives a reading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedDeclaration(_Entry):
    """The ledger's entry of a declaration, with the field's name likewise."""

    declaration: Declaration


Sight: TypeAlias = Recorded | RecordedDeclaration
"""An entry that may tell a dataset's columns."""


def readings_in(entries: Iterable[Entry]) -> Iterator[Recorded]:
    """The readings among a ledger's entries, oldest first."""
    for entry in (entry for entry in entries if entry.kind == tags.FACTS[Reading]):
        yield decoded(entry, Recorded)


def sight_of(entry: Entry) -> Sight:
    """The reading or declaration of an entry that holds one."""
    is_reading = entry.kind == tags.FACTS[Reading]
    kind: type[Sight] = Recorded if is_reading else RecordedDeclaration
    return decoded(entry, kind)


def seen(one: Sight) -> Reading | Declaration:
    """The fact of an entry."""
    return one.reading if isinstance(one, Recorded) else one.declaration


def is_unasked(one: Sight) -> bool:
    """Whether it is of a source that tells no columns without rows, and so was not asked."""
    return isinstance(one, RecordedDeclaration) and one.declaration.needs_rows is not None
