"""`log/checkpoint` and `log/proof.json`: the signed head over all runs of the ledger, and proofs
that each run of the bundle is under it; pure.

    leaf = RFC 8785 of {number, run, state, head} of each run that ended, in order of its number

A run of another pilot is a leaf, too. Of it, the bundle holds the leaf's hash alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from contracts.canonical import canonical
from harness.errors import ConfigurationError
from harness.evidence.evidence import Evidence
from harness.ledger.chain import Entry
from harness.signing import note, tree
from harness.signing.log import Log, objection, origin_of
from harness.signing.note import Checkpoint
from harness.signing.signer import Signer

FORMAT = 1
_ENDS = frozenset({"finished", "interrupted"})


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


def render(evidence: Evidence, signer: Signer) -> dict[str, bytes]:
    """Both files. The checkpoint is the ledger's own where it is of all leaves, so that it keeps
    countersignatures; otherwise it is signed now.

    Raises ConfigurationError where a checkpoint of the ledger is of other runs.
    """
    origin = origin_of(evidence.entries[0].sha256)
    known = leaves(evidence.entries)
    whole = Log(origin=origin, hashes=[tree.leaf_hash(leaf) for _, leaf in known])
    own = [kept for kept in evidence.checkpoints if _of(whole, kept).size == len(whole.hashes)]
    oldest = next((_of(whole, kept).size for kept in evidence.checkpoints), 0)
    proof = {
        "format": FORMAT,
        "leaves": _hex(whole.hashes),
        "inclusion": {
            run: {"index": index, "proof": _hex(tree.inclusion(whole.hashes, index))}
            for index, (run, _) in enumerate(known)
            if run in evidence.disclosed
        },
        "consistency": {
            "size": oldest,
            "root": tree.root(whole.hashes[:oldest]).hex(),
            "proof": _hex(tree.consistency(whole.hashes, oldest)),
        }
        if oldest
        else None,
    }
    return {
        "log/checkpoint": own[-1] if own else note.seal(whole.checkpoint, signer),
        "log/proof.json": canonical(proof),
    }


def _of(whole: Log, kept: bytes) -> Checkpoint:
    """What a checkpoint is of, once it is known to be of these runs."""
    signed = note.parsed(note.text_of(kept))
    if says := objection(whole, signed):
        raise ConfigurationError(f"the ledger is not what was signed: {says}")
    return signed


def _hex(hashes: Sequence[bytes]) -> list[str]:
    return [one.hex() for one in hashes]
