"""The checkpoints that a ledger has kept, held against its runs; pure. Each difference is named.

    runs that ended ─▶ the text of each checkpoint, byte for byte
    first entries   ─▶ the digest of those that were there: none is gone or signed otherwise

Whose signatures they have is held against keys in `signed.py`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from harness.claims.wording import count
from harness.signing import note, tree
from harness.signing.ed25519 import Unverified
from harness.signing.log import Log
from harness.signing.note import Checkpoint

Kept = tuple[int, bytes]
"""Size and note of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a run found."""

    run: str
    size: int
    """Of runs that had ended: no checkpoint of more of them was there."""
    digest: str


def digest(kept: Iterable[Kept]) -> str:
    """What stands for these checkpoints, in this order."""
    whole = hashlib.sha256()
    for one in kept:
        whole.update(_hash(one))
    return whole.hexdigest()


def differences(kept: Sequence[Kept], log: Log, claims: Iterable[Claim]) -> Iterator[str]:
    """How they differ from what the runs and their entries say, as clauses."""
    expected = dict(enumerate(tree.roots(log.hashes), start=1))
    for size, sealed in kept:
        if (said := _objection(sealed, log.origin, size, expected)) is not None:
            yield f"the checkpoint of {count(size, 'run')} was changed: {said}"
    yield from _unlike(kept, claims)


def is_of(runs: int, kept: Sequence[Kept]) -> bool:
    """Whether the newest is of so many runs."""
    return bool(kept) and kept[-1][0] == runs


def _objection(sealed: bytes, origin: str, size: int, expected: Mapping[int, bytes]) -> str | None:
    if (root := expected.get(size)) is None:
        return f"{count(len(expected), 'run')} ended"
    text = note.text(Checkpoint(origin=origin, size=size, root=root))
    if sealed == text:
        return None
    try:
        said = note.text_of(sealed)
    except Unverified as error:
        return str(error)
    return None if said == text else "it does not say what the runs are"


def _unlike(kept: Sequence[Kept], claims: Iterable[Claim]) -> Iterator[str]:
    """Where a run found other checkpoints: the first such run alone, for all later ones follow."""
    whole, at, before = hashlib.sha256(), 0, 0
    for claim in claims:
        while at < len(kept) and kept[at][0] <= claim.size:
            whole.update(_hash(kept[at]))
            at += 1
        if whole.hexdigest() != claim.digest:
            first = "" if claim.size == before + 1 else f"{before + 1} to "
            of = f"{first}{count(claim.size, 'run')}"
            yield f"the checkpoint of {of} was changed, or is gone: run {claim.run} found another"
            return
        before = claim.size


def _hash(one: Kept) -> bytes:
    size, sealed = one
    return hashlib.sha256(b"%d\n%s" % (size, sealed)).digest()
