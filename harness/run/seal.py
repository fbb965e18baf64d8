"""The end of a run in its ledger: head and length are signed, countersigned, copied and kept.

the run has ended ─▶ sign ─▶ the report says so ─▶ countersign, copy ─▶ keep
"""

from __future__ import annotations

from harness.ledger.ledger import Ledger
from harness.ledger.signed import log_of
from harness.pilot.commit import commit_of
from harness.pilot.model import LoadedPilot
from harness.result import Contracted, Planned, Provenance
from harness.say import complain
from harness.signing.ed25519 import to_base64
from harness.signing.log import Log
from harness.signing.signing import Sealed, Signing, seal, spread


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
