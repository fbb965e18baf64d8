"""The checkpoint and the proofs of a bundle, and the checkpoints that somebody kept elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from harness.evidence.verify import bounds, log, signed
from harness.evidence.verify.chain import Chain
from harness.evidence.verify.finding import Finding, NotReadable, good, refused, unknown
from harness.evidence.verify.folder import Folder
from harness.evidence.verify.manifest import Manifest
from harness.signing import tree
from harness.signing.ed25519 import Unverified
from harness.signing.register import Register

CHECK = "log"


def check(  # noqa: PLR0913 - the bundle's log, who is trusted, what was kept, and when
    of: Folder,
    listed: Manifest,
    chain: Chain,
    trusted: Register,
    kept: Sequence[tuple[str, bytes]],
    *,
    newest: datetime | None,
    now: datetime,
) -> Iterator[Finding]:
    """Hold every checkpoint against the entries, and the proofs against the tree."""
    own = log.leaves(chain)
    try:
        content = of.signed(log.CHECKPOINT, bounds.NOTE, listed.files)
        found = log.open_checkpoint(content, trusted)
    except (NotReadable, Unverified) as error:
        yield refused(
            CHECK, str(error), file=log.CHECKPOINT, means="nothing shows that no run was cut off"
        )
        return
    yield from log.agreement(found, own, file=log.CHECKPOINT, check=CHECK)
    yield from _signers(found, trusted, newest, now)
    yield from _proofs(of, listed, own, chain)
    for name, copy in kept:
        yield from _copy(name, copy, found, own, trusted)


def _signers(
    found: log.Signed, trusted: Register, newest: datetime | None, now: datetime
) -> Iterator[Finding]:
    if not found.signers:
        yield unknown(
            CHECK,
            "signed by nobody whom a register that you trust holds",
            file=log.CHECKPOINT,
            means="nothing shows that no run was cut off",
        )
    confirmed = now
    for witness, at in found.countersigners.items():
        may = yield from signed.objections(
            trusted,
            (witness,),
            "countersignature",
            since=at,
            now=at,
            file=log.CHECKPOINT,
            check=CHECK,
        )
        if may:
            confirmed = min(confirmed, at)
            yield good(
                CHECK,
                f"countersigned by {', '.join(may)} on {at:%Y-%m-%d %H:%M} UTC",
                file=log.CHECKPOINT,
            )
    may = yield from signed.objections(
        trusted,
        found.signers,
        "checkpoint",
        since=newest,
        now=confirmed,
        file=log.CHECKPOINT,
        check=CHECK,
    )
    if may:
        yield good(CHECK, f"signed by {', '.join(may)}", file=log.CHECKPOINT)


def _proofs(of: Folder, listed: Manifest, own: Sequence[bytes], chain: Chain) -> Iterator[Finding]:
    try:
        wrong = list(log.proofs(of.signed(log.PROOF, bounds.JSON, listed.files), own, chain))
    except NotReadable as error:
        wrong = [str(error)]
    for says in wrong:
        yield refused(CHECK, says, file=log.PROOF, means="it does not prove what it says")
    if not wrong:
        yield good(CHECK, "its proofs hold", file=log.PROOF)


def _copy(
    name: str, copy: bytes, own: log.Signed, leaves: Sequence[bytes], trusted: Register
) -> Iterator[Finding]:
    """A checkpoint that lay where whoever made the bundle could not change it."""
    try:
        kept = log.open_checkpoint(copy, trusted)
    except Unverified as error:
        yield refused(CHECK, str(error), file=name, means="it is no copy of a checkpoint")
        return
    if not kept.signers:
        yield unknown(
            CHECK,
            "signed by nobody whom a register that you trust holds",
            file=name,
            means="as a copy it shows nothing",
        )
    elif kept.checkpoint.origin != own.checkpoint.origin:
        yield refused(
            CHECK,
            f"it is of {kept.checkpoint.origin}, the bundle of {own.checkpoint.origin}",
            file=name,
            means="it is the copy of another ledger's checkpoint",
        )
    elif kept.checkpoint.size > len(leaves):
        yield unknown(
            CHECK,
            f"the copy is of {kept.checkpoint.size:,} ended runs, the bundle of {len(leaves):,}",
            file=name,
            means="the bundle is older than the copy, or the end of the ledger was cut off: ask "
            "for a new one",
        )
    elif tree.root(leaves[: kept.checkpoint.size]) != kept.checkpoint.root:
        yield refused(
            CHECK,
            f"the bundle's first {kept.checkpoint.size:,} runs are not those of the copy",
            file=name,
            means="the ledger was written anew after the copy was made",
        )
    else:
        yield good(
            CHECK, f"the copy's {kept.checkpoint.size:,} runs are the beginning of it", file=name
        )
