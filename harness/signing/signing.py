"""Signing a ledger's head and length, and comparing it with what was signed before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from connectors.errors import SourceError
from harness.errors import ConfigurationError, one_line
from harness.signing import log as logs
from harness.signing import note
from harness.signing.copies.copy import Copy
from harness.signing.copies.witness import Shorter, Witness
from harness.signing.ed25519 import Unverified, key_id
from harness.signing.log import Log
from harness.signing.signer import Signer

NO_KEY = "nothing here is signed: add signing: with a key to the environment in pilot.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """How one environment's ledger is signed."""

    signer: Signer | None = None
    """None where `pilot.yaml` names no key."""
    trusted: Mapping[str, bytes] | None = None
    """The keys (id → raw public key) that may have signed this ledger: ours, and of the register
    those of provers. None where nothing was ever signed."""
    copies: Sequence[Copy] = ()
    witnesses: Sequence[Witness] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A checkpoint, and what did not come of it."""

    note: bytes
    """Signed; the mere text where there was no key, or it gave no signature."""
    signed_by: str | None
    """The id of the key."""
    remarks: tuple[str, ...]
    """What is missing, each in one line: the signature, a copy, a countersignature."""


def seal(log: Log, signing: Signing) -> Sealed:
    """Sign the log's head and length, have it countersigned, and leave copies. What fails is a
    remark: a night that was proven stays proven, and the next checkpoint covers it.
    """
    checkpoint = log.checkpoint
    unsigned = note.text(checkpoint)
    if signing.signer is None:
        return Sealed(note=unsigned, signed_by=None, remarks=(NO_KEY,))
    try:
        sealed = note.seal(checkpoint, signing.signer)
    except (SourceError, ConfigurationError) as error:
        return Sealed(note=unsigned, signed_by=None, remarks=(f"not signed: {one_line(error)}",))
    remarks = []
    for witness in signing.witnesses:
        try:
            sealed = witness.countersigned(log, sealed)
        except (SourceError, Shorter) as error:
            remarks.append(f"not countersigned: {one_line(error)}")
    for copy in signing.copies:
        try:
            copy.put(checkpoint, sealed)
        except SourceError as error:
            remarks.append(f"no second copy: {one_line(error)}")
    return Sealed(note=sealed, signed_by=key_id(signing.signer.public), remarks=tuple(remarks))


def compare(log: Log, signing: Signing) -> Iterator[str]:
    """Compare the ledger with every second copy that can be read; yields a remark for each that
    could not be compared.

    Raises ConfigurationError where a copy shows what the ledger no longer has: its last runs were
    cut off, or a run was changed.
    """
    for copy in signing.copies if signing.trusted else ():
        try:
            for sealed in copy.notes(log.origin):
                try:
                    signed = logs.verified(sealed, signing.trusted or {})
                except Unverified as error:
                    yield f"{copy.name}: a checkpoint there is not ours: {error}"
                    continue
                if objection := logs.objection(log, signed):
                    raise ConfigurationError(
                        f"the ledger is not what was signed: {objection}, as the checkpoint in "
                        f"{copy.name} shows: keep both, and put the ledger's newest backup there"
                    )
                break
        except SourceError as error:
            yield f"not compared with its second copy: {one_line(error)}"
