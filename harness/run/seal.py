"""The end of a run in its ledger: head and length are signed, countersigned, copied and kept.

the run has ended ─▶ sign ─▶ the report says so ─▶ countersign, copy ─▶ keep
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from harness.errors import ConfigurationError
from harness.ledger.heads import Mark, leaves
from harness.ledger.ledger import Ledger
from harness.pilot.commit import commit_of
from harness.pilot.model import LoadedPilot
from harness.result import Contracted, Planned, Provenance
from harness.say import complain
from harness.signing.ed25519 import Unverified, to_base64
from harness.signing.log import Log, origin_of, verified
from harness.signing.signing import Sealed, Signing, compare, seal, spread
from harness.signing.tree import leaf_hash


class Seal:
    """What a run leaves on its ledger when it has ended. One for each run."""

    def __init__(self, ledger: Ledger, signing: Signing) -> None:
        self._ledger = ledger
        self._signing = signing
        self._sealed: tuple[Log, Sealed] | None = None

    def sign(self) -> Sealed:
        """Sign the ledger as it is, now that the run has ended."""
        log = log_of(self._ledger)
        assert log is not None  # a run that ended is in it
        sealed = seal(log, self._signing)
        self._sealed = log, sealed
        return sealed

    def keep(self) -> None:
        """Keep the checkpoint that was signed, without a word to anybody else."""
        if self._sealed is not None:
            _, sealed = self._sealed
            self._keep(sealed, sealed.note)

    def keep_and_tell(self) -> None:
        """Have the checkpoint countersigned, leave its second copies, and keep it. What is missing
        goes to stderr; the next run's checkpoint covers it.
        """
        if self._sealed is None:
            return
        log, sealed = self._sealed
        note = sealed.note
        try:
            told = spread(log, sealed, self._signing)
            note = told.note
            for remark in told.remarks:
                complain(f"  {remark}")
        finally:
            self._keep(sealed, note)

    def _keep(self, sealed: Sealed, note: bytes) -> None:
        self._sealed = None  # once
        self._ledger.keep_checkpoint(sealed.checkpoint.size, note)


def log_of(ledger: Ledger) -> Log | None:
    """What the ledger's ended runs are as a log; None while there is no entry."""
    with ledger.snapshot() as snapshot:
        first, rows = snapshot.entry(1), snapshot.runs()
    if first is None:
        return None
    return Log(origin=origin_of(first.sha256), hashes=[leaf_hash(leaf) for leaf in leaves(rows)])


def require_as_signed(ledger: Ledger, signing: Signing, name: str) -> None:
    """Raise ConfigurationError where a signed checkpoint, in the ledger or in a second copy, shows
    runs that the ledger no longer has. A copy that does not answer is told on stderr.
    """
    if signing.trusted is None or (log := log_of(ledger)) is None:
        return
    try:
        for remark in compare(log, signing, kept=_kept(ledger)):
            complain(f"  {remark}")
    except ConfigurationError as error:
        raise ConfigurationError(f"ledger {name}: {error}") from None


def signed_mark(ledger: Ledger, signing: Signing) -> Mark | None:
    """How far somebody signed the ledger whom we trust; what comes after is checked anew."""
    if not signing.trusted or (log := log_of(ledger)) is None:
        return None
    for sealed in _kept(ledger):
        with suppress(Unverified):
            signed = verified(sealed, signing.trusted)
            if signed.origin == log.origin:
                return Mark(size=signed.size, root=signed.root)
    return None


def _kept(ledger: Ledger) -> Iterator[bytes]:
    with ledger.snapshot() as snapshot:
        notes = snapshot.checkpoints()
    return (note for _, note in reversed(notes))


def provenance(
    ledger: Ledger, sealed: Sealed, loaded: LoadedPilot, run: str, planned: tuple[Planned, ...]
) -> Provenance:
    """What ties the result of a run that has ended to its ledger."""
    with ledger.snapshot() as snapshot:
        head = next(row.head for row in snapshot.runs() if row.run == run)
        entries = snapshot.spans()[run].last
    judged = dict.fromkeys((p.source, p.dataset) for p in planned if p.dataset is not None)
    return Provenance(
        head=head,
        entries=entries,
        runs=sealed.checkpoint.size,
        root=to_base64(sealed.checkpoint.root),
        signed_by=sealed.signed_by,
        unsigned=sealed.unsigned,
        commit=commit_of(loaded.folder),
        configuration=loaded.configuration,
        contracts=tuple(
            Contracted(source=source, dataset=dataset, digest=loaded.digests[key].current)
            for key in judged
            if (key in loaded.digests)
            for source, dataset in [key]
        ),
    )
