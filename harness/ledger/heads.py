"""The heads of a ledger's runs as leaves of the tree of RFC 6962; pure.

A run that has ended never changes, and runs end in the order of their numbers: whoever begins one
marks those that were killed. So the tree only grows. A run's head is the digest of its last entry,
which follows all entries before it: whoever knows the root of the tree, knows all entries.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import msgspec

from harness.signing import tree
from harness.signing.log import Log, origin_of

RUNNING, FINISHED, INTERRUPTED = "RUNNING", "FINISHED", "INTERRUPTED"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """A row of `runs`."""

    number: int
    run: str
    pilot: str
    environment: str
    slot: str
    state: str
    head: str

    @property
    def ended(self) -> bool:
        """Whether it is closed for good."""
        return self.state in (FINISHED, INTERRUPTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How far a ledger is known: the tree of its first ended runs, by somebody's signature that
    was verified, or by a look of this process.
    """

    size: int
    """Of runs that ended."""
    root: bytes
    whole_at: datetime | None = None
    """When this process checked every entry; None if it did not."""


class _Leaf(msgspec.Struct):
    """Its fields are in the order that RFC 8785 gives them."""

    head: str
    number: int
    run: str
    state: str


def leaf(row: RunRow) -> bytes:
    """What stands for an ended run in the tree: RFC 8785 bytes."""
    return msgspec.json.encode(_Leaf(row.head, row.number, row.run, row.state))


def leaves(rows: Iterable[RunRow]) -> tuple[bytes, ...]:
    """One for each ended run, in the order of their numbers."""
    return tuple(leaf(row) for row in sorted(rows, key=lambda row: row.number) if row.ended)


def log_of(first: str, rows: Iterable[RunRow]) -> Log:
    """The runs as a log, of the ledger whose first entry has this digest."""
    return Log(origin=origin_of(first), hashes=[tree.leaf_hash(leaf) for leaf in leaves(rows)])


def mark_of(rows: Iterable[RunRow], *, whole_at: datetime | None = None) -> Mark:
    """How far these runs have come."""
    hashes = [tree.leaf_hash(one) for one in leaves(rows)]
    return Mark(size=len(hashes), root=tree.root(hashes), whole_at=whole_at)


def is_beginning(mark: Mark, rows: Iterable[RunRow]) -> bool:
    """Whether the runs begin with those that the mark knows."""
    hashes = [tree.leaf_hash(one) for one in leaves(rows)]
    return len(hashes) >= mark.size and tree.root(hashes[: mark.size]) == mark.root
