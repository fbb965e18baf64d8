"""The log over the ends of all runs: its signed checkpoint, and the proofs that each is in it.

Every leaf is computed anew from the entries, also those of runs whose bodies are withheld. So a
run that was left out, added or ended otherwise changes the root, which is signed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from harness.evidence.verify import strict_json
from harness.evidence.verify.chain import Chain
from harness.evidence.verify.finding import Finding, NotReadable, good, refused, unknown
from harness.signing import note, register, strict, tree
from harness.signing.ed25519 import Stranger
from harness.signing.register import Register

FORMAT = 1
CHECKPOINT, PROOF = "log/checkpoint", "log/proof.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A checkpoint with who signed it; nobody whom the register knows, if it says so."""

    checkpoint: note.Checkpoint
    signers: tuple[str, ...]
    countersigners: Mapping[str, datetime]
    """Who confirmed it, and when."""


def leaves(chain: Chain) -> list[bytes]:
    """The hash of each ended run's leaf, in the order of its number."""
    return [
        tree.leaf_hash(
            strict.canonical(
                {"head": run.head, "number": run.number, "run": run.id, "state": run.end.upper()}
            )
        )
        for run in chain.runs.values()
        if run.end is not None
    ]


def open_checkpoint(content: bytes, trusted: Register) -> Signed:
    """A checkpoint by whoever signed it. Raises Unverified where it is none, and where a line in
    the name of a trusted key is not its own.
    """
    try:
        opened = note.opened(content, register.publics(trusted))
    except Stranger:
        text = note.text_of(content)
        return Signed(checkpoint=note.parsed(text), signers=(), countersigners={})
    return Signed(
        checkpoint=note.parsed(opened.text),
        signers=opened.signers,
        countersigners={
            signer: datetime.fromtimestamp(at, UTC) for signer, at in opened.countersigners.items()
        },
    )


def agreement(signed: Signed, own: Sequence[bytes], *, file: str, check: str) -> Iterator[Finding]:
    """Whether the entries of a bundle are those that a checkpoint is of."""
    checkpoint = signed.checkpoint
    if checkpoint.size > len(own):
        yield refused(
            check,
            f"the checkpoint is of {checkpoint.size:,} ended runs; the entries have {len(own):,}",
            file=file,
            means="the end of the ledger was cut off",
        )
    elif tree.root(own[: checkpoint.size]) != checkpoint.root:
        yield refused(
            check,
            f"the entries' {checkpoint.size:,} ended runs have another root than was signed",
            file=file,
            means="a run was left out, added, put elsewhere, or its entries are others",
        )
    elif checkpoint.size < len(own):
        yield unknown(
            check,
            f"{len(own) - checkpoint.size:,} runs ended after the checkpoint was signed",
            file=file,
            means="nothing shows that these are all: a later run may have been cut off",
        )
    else:
        yield good(
            check, f"all {checkpoint.size:,} ended runs are in the tree that was signed", file=file
        )


def proofs(content: bytes, own: Sequence[bytes], chain: Chain) -> Iterator[str]:
    """What is wrong with the file of proofs; it proves what was computed, and nothing else."""
    match strict_json.parsed(content):
        case {"format": form, "leaves": [*told], "inclusion": dict() as inside, **rest} if (
            form == FORMAT
        ):
            pass
        case _:
            yield "it is no file of proofs"
            return
    if told != [leaf.hex() for leaf in own]:
        yield "its leaves are not those of the entries"
        return
    whole = tree.root(own)
    ended = [run for run in chain.runs.values() if run.end is not None]
    for index, run in enumerate(ended):
        if run.started is not None and not _includes(inside.get(run.id), whole, own, index):
            yield f"it does not prove that run {run.id} is in the tree"
    for strange in sorted(set(inside) - {run.id for run in ended}):
        yield f"it is of a run that has no entries: {strange}"
    yield from _consistent(rest.get("consistency"), whole, own)


def _includes(found: Any, whole: bytes, own: Sequence[bytes], index: int) -> bool:
    match found:
        case {"index": at, "proof": [*hashes]} if at == index:
            return tree.includes(
                whole, len(own), index=index, leaf=own[index], proof=_hashes(hashes)
            )
    return False


def _consistent(found: Any, whole: bytes, own: Sequence[bytes]) -> Iterator[str]:
    match found:
        case None:
            return
        case {"size": int() as size, "root": str() as root, "proof": [*hashes]}:
            (old,) = _hashes([root])
            if not tree.continues(old, size, whole, len(own), _hashes(hashes)):
                yield f"it does not prove that the tree of {size} runs is its beginning"
        case _:
            yield "its proof of consistency has another form"


def _hashes(found: Sequence[Any]) -> list[bytes]:
    try:
        return [bytes.fromhex(one) for one in found]
    except (ValueError, TypeError) as error:
        raise NotReadable("a hash in it is no hex") from error
