"""`seatrial export`: from a ledger to a bundle's folder.

    key, free name ─▶ ledger, checked whole ─▶ Evidence ─▶ bytes of every file ─▶ folder

All is made in memory before anything is written, and what has no key is never written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from connectors.secrets import Secret
from harness.errors import ConfigurationError
from harness.evidence import bundle, folder, manifest
from harness.evidence.evidence import Evidence, Scope, read
from harness.evidence.formats import FORMATS
from harness.evidence.verifier import verify_text
from harness.ledger.chain import Entry
from harness.ledger.ledger import read_ledger
from harness.ledger.opening import verified_entries
from harness.ledger.signed import require_as_signed, signed_mark
from harness.pilot.connect import ledger_at
from harness.pilot.place import Place
from harness.pilot.signing import signing
from harness.run import code_version
from harness.signing import log
from harness.signing.ed25519 import Unverified
from harness.signing.signer import Signer
from harness.signing.signing import Signing


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is exported, and where to."""

    out: Path | None = None
    """The bundle's folder; None for one in the results, named after pilot and newest run."""
    first: date | None = None
    last: date | None = None


def export(
    here: Place, asked: Asked, *, ledger: str | None, environ: Mapping[str, str], now: datetime
) -> Path:
    """Write the bundle of a pilot in one environment; returns its folder.

    Raises ConfigurationError, and writes nothing, where `pilot.yaml` names no key or one that
    cannot be used, where the ledger is broken, holds no run in the window or is not what was
    signed, and where the folder cannot be made or is there already.
    """
    loaded = here.loaded
    references = loaded.references(here.environment, environ)
    signed = signing(loaded, here.environment, references)
    if signed.signer is None:
        where = loaded.document.at(("environments", here.environment))
        raise ConfigurationError(
            f"{where}: no signing: an unsigned bundle would prove nothing, so none was written: "
            "make a key by seatrial key new, and name it under signing"
        )
    if asked.out is not None:
        folder.require_free(asked.out)
    place = ledger_at(ledger, out=here.out, references=references)
    scope = Scope(
        pilot=loaded.pilot.name,
        title=loaded.settings.title,
        environment=here.environment,
        zone=loaded.settings.zone,
        first=asked.first,
        last=asked.last,
    )
    entries, notes = whole(place, signed, str(ledger or place), now=now)
    evidence = read(entries, scope, checkpoints=notes)
    to = asked.out or here.out / name(evidence)
    folder.write(to, files(evidence, signed.signer))
    return to


def files(evidence: Evidence, signer: Signer) -> dict[str, bytes]:
    """Every file of the bundle, by this version of the code."""
    return bundle.build(
        evidence,
        signer=signer,
        formats=FORMATS,
        tool=code_version.text(),
        packages=manifest.packages(),
        verify_text=verify_text(),
    )


def whole(
    place: Path | Secret, signed: Signing, name: str, *, now: datetime
) -> tuple[Sequence[Entry], list[bytes]]:
    """The entries of a ledger of which everything was checked, and its checkpoints that one of our
    keys signed, oldest first. Raises ConfigurationError.
    """
    with read_ledger(place) as ledger:
        mark = signed_mark(ledger, signed)
        with ledger.snapshot() as seen:
            found = verified_entries(seen, name, now=now, mark=mark)
            notes = seen.checkpoints()
        require_as_signed(ledger, signed, name)
    return found, [note for _, note in notes if _is_signed(note, signed)]


def _is_signed(note: bytes, signed: Signing) -> bool:
    """Whether a key that we trust signed it. Without a key, a run keeps the mere text."""
    try:
        log.verified(note, signed.trusted or {})
    except Unverified:
        return False
    return True


def name(evidence: Evidence) -> str:
    """A folder's name that no other export of the pilot has, unless it is of the same runs."""
    newest = evidence.newest or evidence.runs[-1]
    return f"evidence-{evidence.pilot}-{newest.header.run}"
