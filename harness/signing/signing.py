"""Signing a ledger's head and length, and comparing it with what was signed before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from connectors.errors import SourceError
from harness.errors import ConfigurationError, one_line
from harness.signing import log as logs
from harness.signing import note
from harness.signing.copies.copy import Copy
from harness.signing.copies.witness import Shorter, Witness
from harness.signing.ed25519 import Stranger, Unverified, key_id
from harness.signing.log import Log
from harness.signing.note import Checkpoint
from harness.signing.signer import Signer

NO_KEY = "nothing here is signed: add signing: with a key to the environment in pilot.yaml"

_UNKNOWN = (
    "its newest checkpoint has a signature of no key that we trust: leave former keys in the "
    "register that trust names"
)


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
    """A checkpoint as it is kept."""

    checkpoint: Checkpoint
    note: bytes
    """Signed; the mere text where there was no key, or it gave no signature."""
    signed_by: str | None
    """The id of the key."""
    unsigned: str | None
    """Why nobody signed it, in one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """What came of second copies and countersignatures."""

    note: bytes
    """With the countersignatures."""
    remarks: tuple[str, ...]
    """What is missing, each in one line."""


def seal(log: Log, signing: Signing) -> Sealed:
    """Sign the log's head and length. Where that fails, the checkpoint says so: a night that was
    proven stays proven, and the next signature covers it.
    """
    checkpoint, unsigned, sealed = log.checkpoint, NO_KEY, None
    if signing.signer is not None:
        try:
            sealed = note.seal(checkpoint, signing.signer)
        except (SourceError, ConfigurationError) as error:
            unsigned = f"nothing here is signed: {one_line(error)}"
    if signing.signer is None or sealed is None:
        text = note.text(checkpoint)
        return Sealed(checkpoint=checkpoint, note=text, signed_by=None, unsigned=unsigned)
    identity = key_id(signing.signer.public)
    return Sealed(checkpoint=checkpoint, note=sealed, signed_by=identity, unsigned=None)


def spread(log: Log, sealed: Sealed, signing: Signing) -> Spread:
    """Have a signed checkpoint countersigned, and leave its second copies."""
    if sealed.signed_by is None:
        return Spread(note=sealed.note, remarks=())
    whole, remarks = sealed.note, []
    for witness in signing.witnesses:
        try:
            whole = witness.countersigned(log, whole)
        except (SourceError, Shorter) as error:
            remarks.append(f"not countersigned: {one_line(error)}")
    for copy in signing.copies:
        try:
            copy.put(sealed.checkpoint, whole)
        except SourceError as error:
            remarks.append(f"no second copy: {one_line(error)}")
    return Spread(note=whole, remarks=tuple(remarks))


def compare(log: Log | None, signing: Signing, *, kept: Iterable[bytes]) -> Iterator[str]:
    """Compare the ledger with the newest signed checkpoint that it has kept itself, with that of
    each second copy and with what each witness has seen; yields a remark for each of them that
    could not be compared. `log` is None for a ledger without an entry.

    Raises ConfigurationError where one shows what the ledger no longer has: its last runs were cut
    off, or a run was changed; and where a copy has another ledger's checkpoints, signed by a key
    of ours, and none of this one: a place belongs to one ledger, and this one may be emptied.
    """
    own = _newest(kept, signing.trusted or {})
    if log is not None:
        _require(log, own, "the ledger itself")
    for copy in signing.copies:
        try:
            _require_copied(log, copy, signing.trusted or {})
        except SourceError as error:
            yield f"not compared with its second copy: {one_line(error)}"
    for witness in signing.witnesses:
        if own is None or log is None:  # it could not be asked
            return
        try:
            witness.require_whole(log, own)
        except SourceError as error:
            yield f"not compared with what its witness saw: {one_line(error)}"
        except Shorter as error:
            raise _objected(str(error)) from None


def look_at(newest: bytes, signing: Signing) -> str | None:
    """What cannot be said of a ledger's newest checkpoint, as a remark: whose each of its
    signatures is. Raises ConfigurationError for a signature in the name of a key that is not its.
    """
    trusted = signing.trusted or {}
    keys = {**{key_id(one.public): one.public for one in signing.witnesses}, **trusted}
    if note.text_of(newest) == newest:
        return "its newest checkpoint is not signed: the next run's signature covers it"
    try:
        found = note.opened(newest, keys)
    except Stranger:
        return _UNKNOWN
    except Unverified as error:
        raise _objected(f"of its newest checkpoint {error}") from None
    known = trusted.keys() & set(found.signers)
    return None if known and not found.strangers else _UNKNOWN


def _require_copied(log: Log | None, copy: Copy, trusted: Mapping[str, bytes]) -> None:
    if log is not None and (sealed := _newest(copy.notes(log.origin), trusted)) is not None:
        _require(log, sealed, copy.name)
        return
    other = _newest(copy.others(None if log is None else log.origin), trusted)
    if other is None:
        return
    seen = note.parsed(note.text_of(other))
    raise ConfigurationError(
        f"{copy.name} has none of its checkpoints, and {seen.size} runs of ledger "
        f"{logs.short_name(seen.origin)}: put that one's newest backup there, or, for a new "
        "ledger, name a place of its own"
    )


def _newest(notes: Iterable[bytes], trusted: Mapping[str, bytes]) -> bytes | None:
    """The newest note that a trusted key signed; what nobody signed proves nothing."""
    for sealed in notes:
        try:
            logs.verified(sealed, trusted)
        except Unverified:
            continue
        return sealed
    return None


def _require(log: Log, sealed: bytes | None, where: str) -> None:
    if sealed is not None and (said := logs.objection(log, note.parsed(note.text_of(sealed)))):
        raise _objected(f"{said}, as the checkpoint in {where} shows")


def _objected(said: str) -> ConfigurationError:
    return ConfigurationError(
        f"it is not what was signed: {said}: keep what there is, and put its newest backup there"
    )
