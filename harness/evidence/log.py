"""`log/checkpoint` and `log/proof.json`: the signed head over all runs of the ledger, and proofs
that each run of the bundle is under it; pure.

    leaf = RFC 8785 of {number, run, state, head} of each run that ended, in order of its number

A run of another pilot is a leaf, too. Of it, the bundle holds the leaf's hash alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from contracts.canonical import canonical
from harness.errors import ConfigurationError
from harness.evidence.evidence import Evidence
from harness.ledger.chain import Entry
from harness.signing import note, tree
from harness.signing.note import Checkpoint
from harness.signing.signer import Signer

FORMAT = 1
_ENDS = frozenset({"finished", "interrupted"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """The runs that ended as a tree, with the checkpoints that were signed of it."""

    origin: str
    leaves: tuple[tuple[str, bytes], ...]
    """The run and the bytes of each leaf, in order."""
    notes: tuple[tuple[int, bytes], ...] = ()
    """The size and the note of each signed checkpoint that the ledger keeps, oldest first."""


def leaves(entries: Iterable[Entry]) -> tuple[tuple[str, bytes], ...]:
    """Each run that ended with the bytes of its leaf, as its entries have it."""
    heads: dict[str, str] = {}
    states: dict[str, str] = {}
    for entry in entries:
        heads[entry.run] = entry.sha256
        if entry.kind in _ENDS:
            states[entry.run] = entry.kind.upper()
    return tuple(
        (run, canonical({"number": number, "run": run, "state": states[run], "head": head}))
        for number, (run, head) in enumerate(heads.items(), start=1)
        if run in states
    )


def render(evidence: Evidence, log: Log, signer: Signer) -> dict[str, bytes]:
    """Both files. The checkpoint is the ledger's own where it is of all leaves, so that it keeps
    countersignatures; otherwise it is signed now.

    Raises ConfigurationError where the ledger's checkpoints are of another tree.
    """
    hashes = [tree.leaf_hash(leaf) for _, leaf in log.leaves]
    for size, kept in log.notes:
        _require_beginning(hashes, size, kept)
    own = [kept for size, kept in log.notes if size == len(hashes)]
    now = Checkpoint(origin=log.origin, size=len(hashes), root=tree.root(hashes))
    return {
        "log/checkpoint": own[-1] if own else note.seal(now, signer),
        "log/proof.json": canonical(_proof(evidence, log, hashes)),
    }


def _proof(evidence: Evidence, log: Log, hashes: Sequence[bytes]) -> dict[str, Any]:
    oldest = next((size for size, _ in log.notes if size), None)
    return {
        "format": FORMAT,
        "leaves": _hex(hashes),
        "inclusion": {
            run: {"index": index, "proof": _hex(tree.inclusion(hashes, index))}
            for index, (run, _) in enumerate(log.leaves)
            if run in evidence.disclosed
        },
        "consistency": oldest
        and {
            "size": oldest,
            "root": tree.root(hashes[:oldest]).hex(),
            "proof": _hex(tree.consistency(hashes, oldest)),
        },
    }


def _hex(hashes: Sequence[bytes]) -> list[str]:
    return [one.hex() for one in hashes]


def _require_beginning(hashes: Sequence[bytes], size: int, kept: bytes) -> None:
    found = note.parsed(note.text_of(kept))
    if size > len(hashes) or found.size != size or found.root != tree.root(hashes[:size]):
        raise ConfigurationError(
            f"the ledger's runs are not those of its checkpoint of {size} runs: it was changed "
            "after that was signed; nothing was exported"
        )
