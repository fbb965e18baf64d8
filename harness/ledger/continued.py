"""A ledger that continues an archived one: what it takes over, and says of the other; pure.

    run 1: started {continues: origin, size, root, …}, finished
    runs 2 …: each run of the archive, with all that later runs take up of it, byte for byte

What only the verdicts of its own night rest on stays in the archive: counts, samples, profiles.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import msgspec

from contracts.evaluation import Evaluation, Profile, Reference
from harness import tags
from harness.facts import Baseline, ContractProblem, Overlap, Probed, Register
from harness.ledger.chain import Entry, linked

CONTINUES = "continues"
"""Where the first entry of a ledger says which one it continues."""
LEFT_BEHIND = frozenset(
    tags.FACTS[fact]
    for fact in (
        Evaluation,
        Profile,
        Reference,
        Probed,
        Register,
        Baseline,
        Overlap,
        ContractProblem,
    )
)
"""Kinds that no later run reads."""


class Continues(msgspec.Struct, frozen=True, kw_only=True):
    """The archived ledger."""

    origin: str
    """What it is called."""
    size: int
    """Its runs, all of which had ended. As many follow the first run here."""
    root: str
    """Of the tree over them, in base64."""
    head: str
    """The sha256 of its last entry."""
    entries: int
    checkpoint: str
    """The sha256 of its last checkpoint, a signed note."""
    file: str
    """The sha256 of the archive's file."""


class _Started(msgspec.Struct):
    continues: Continues | None = None


_STARTED = msgspec.json.Decoder(_Started)


def continued_by(first: bytes) -> Continues | None:
    """Which ledger one continues, by the body of its first entry. Raises msgspec.MsgspecError."""
    return _STARTED.decode(first).continues


def is_carried(number: int, continues: Continues | None) -> bool:
    """Whether the run of this number was taken over."""
    return continues is not None and 1 < number <= continues.size + 1


def carried(entries: Iterable[Entry], *, after: tuple[int, str]) -> Iterator[tuple[int, Entry]]:
    """The entries that are taken over, chained behind the entry with this seq and sha256; each
    with the seq that it had.
    """
    for entry in entries:
        if entry.kind not in LEFT_BEHIND:
            new = linked(replace(entry, seq=after[0] + 1, prev=after[1]))
            after = (new.seq, new.sha256)
            yield entry.seq, new
