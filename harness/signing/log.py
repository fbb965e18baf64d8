"""A ledger as a log: the hashes of its ended runs, and what its checkpoints say of it. Pure.

leaf = RFC 8785 of {number, run, state, head} of an ended run
head = sha256 of the run's last entry, which chains every entry before it
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harness.signing import note, tree
from harness.signing.note import Checkpoint

_ORIGIN = "seatrial.ledger/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """What a ledger holds now."""

    origin: str
    hashes: Sequence[bytes]
    """The leaf hash of each ended run, by its number."""

    @property
    def checkpoint(self) -> Checkpoint:
        """Its head and length."""
        return Checkpoint(origin=self.origin, size=len(self.hashes), root=tree.root(self.hashes))


def origin_of(first: str) -> str:
    """What a ledger is called: by the sha256 of its first entry, so that no two share a name."""
    return f"{_ORIGIN}{first}"


def short_name(origin: str) -> str:
    """The same in 16 hex digits, as files and messages have it."""
    return origin.removeprefix(_ORIGIN)[:16]


def verified(sealed: bytes, keys: Mapping[str, bytes]) -> Checkpoint:
    """The checkpoint of a note that one of the keys signed. Raises Unverified."""
    return note.parsed(note.opened(sealed, keys).text)


def objection(log: Log, signed: Checkpoint) -> str | None:
    """Why the log is not what was signed, in one clause; None if it is, or goes on from it."""
    if signed.origin != log.origin:
        return f"it is of another ledger, {short_name(signed.origin)}"
    missing = signed.size - len(log.hashes)
    if missing > 0:
        return f"the last {_runs(missing)} of the {signed.size} that were signed were cut off"
    if tree.root(log.hashes[: signed.size]) != signed.root:
        return f"of the first {_runs(signed.size)}, which were signed, at least one was changed"
    return None


def _runs(count: int) -> str:
    return "1 run" if count == 1 else f"{count} runs"
