"""Reads a bundle's folder for people who sign it and for the gate: verified first, then parsed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from harness.errors import ConfigurationError, one_line
from harness.evidence import disclosed
from harness.evidence.evidence import Evidence, Scope, read
from harness.evidence.verify import bounds, log, signoffs
from harness.evidence.verify import folder as folders
from harness.evidence.verify.finding import Finding, Grade, NotReadable
from harness.evidence.verify.folder import Folder
from harness.evidence.verify.manifest import NAME, Manifest
from harness.evidence.verify.verify import Asked, Report, verify
from harness.ledger.chain import Entry
from harness.result import Judged
from harness.signing.register import Register
from harness.signoff import nights, offers, standings
from harness.signoff.decision import Name
from harness.signoff.gate import Bundle
from harness.signoff.offers import Offer
from harness.signoff.statement import NoSignOff, Unknown

_BEFORE = {"signature", "files", "entries"}
"""What must not be refused before anything of a bundle is parsed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A bundle, with all that it says where it could be parsed."""

    bundle: Bundle
    listed: Manifest | None
    evidence: Evidence | None
    entries: tuple[Entry, ...]
    """Those whose bodies are there."""


def look(root: Path, *, register: Register, now: datetime) -> Looked:
    """What lies in a folder. Raises ConfigurationError where there is none to look into."""
    try:
        of = folders.listed(root)
        report = verify(root, Asked(trusted=register, now=now))
    except NotReadable as error:
        raise ConfigurationError(f"{root}: {error}: name the folder of a bundle") from error
    refused = {one.check for one in evidence_findings(report) if one.grade is Grade.REFUSED}
    listed = report.manifest
    if listed is None or refused & _BEFORE:
        return Looked(bundle=_bundle(of, report, register), listed=None, evidence=None, entries=())
    try:
        found = tuple(disclosed.entries(of, listed))
        scope = Scope(
            pilot=listed.pilot,
            title=str(listed.whole.get("title", listed.pilot)),
            environment=listed.environment,
            zone=listed.zone,
            first=listed.first,
            last=listed.last,
        )
        return Looked(
            bundle=_bundle(of, report, register, found),
            listed=listed,
            evidence=read(found, scope, checkpoints=_checkpoints(of)),
            entries=found,
        )
    except (NotReadable, ValueError, LookupError) as error:
        raise ConfigurationError(
            f"{root}: an entry is not as this release reads it: {one_line(error)}: use the "
            "release that wrote it"
        ) from error


def _checkpoints(of: Folder) -> list[bytes]:
    """What was signed of the ledger's end: verified before."""
    if log.CHECKPOINT not in of.sizes:
        return []
    return [of.read(log.CHECKPOINT, bounds.NOTE)]


def evidence_findings(report: Report) -> list[Finding]:
    """What was found of the bundle itself, without what people signed later."""
    return [one for one in report.findings if one.check != signoffs.CHECK]


def _bundle(
    of: Folder, report: Report, register: Register, entries: tuple[Entry, ...] = ()
) -> Bundle:
    listed = report.manifest
    files, unread = _files(of, register)
    night, judged = None, tuple[Judged, ...]()
    if listed is not None and entries:
        night = nights.newest(
            entries,
            pilot=listed.pilot,
            environment=listed.environment,
            zone=listed.zone,
            register=register,
        )
        judged = standings.stand(
            entries,
            night,
            register,
            standings.end_of(entries),
            pilot=listed.pilot,
            environment=listed.environment,
        ).judged
    return Bundle(
        report=report,
        manifest=_digest(of),
        pilot=listed.pilot if listed else "nobody knows whom",
        environment=listed.environment if listed else "nobody knows what",
        last=listed.last if listed else date.min,
        head=(listed.entries, listed.head) if listed else (0, ""),
        night=night,
        judged=judged,
        files=files,
        unread=unread,
    )


def _digest(of: Folder) -> str:
    try:
        return of.digest(NAME)
    except NotReadable:
        return ""


def _files(
    of: Folder, register: Register
) -> tuple[tuple[Offer, ...], dict[str, tuple[Name, str]]]:
    found: list[Offer] = []
    unread: dict[str, tuple[Name, str]] = {}
    for role in signoffs.ROLES:
        name = signoffs.file_of(role)
        if name not in of.sizes and name not in of.wrong:
            continue
        try:
            found.append(offers.of_file(of.read(name, bounds.ENVELOPE), register))
        except Unknown:
            unread[role] = (Name.STRANGER, "no key of the register signed it")
        except (NoSignOff, NotReadable) as error:
            unread[role] = (Name.FORGED, str(error))
    return tuple(found), unread
