"""The signed statements beside the manifest: attestations, the summary, the policy's. Sign-offs,
which people give later, are looked at in `signoffs.py`.

A statement is about this bundle alone: it names the manifest's digest, and the terms that it
repeats are the manifest's.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from harness.evidence.verify import bounds, manifest, signed
from harness.evidence.verify.finding import Finding, NotReadable, good, refused, unknown
from harness.evidence.verify.folder import Folder
from harness.evidence.verify.manifest import Manifest
from harness.evidence.verify.signed import Statement
from harness.signing.register import Register

CHECK = "statements"
ENDING = ".dsse.json"
SUMMARY = "https://slsa.dev/verification_summary/v1"
POLICY = "policy"
_ELSEWHERE = "it was made for another bundle, or the bundle was changed after it was signed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A statement with what it is, in the register's words."""

    what: str
    statement: Statement


def kind(name: str) -> str:
    """What a statement is, by where it lies."""
    return POLICY if name.startswith("policy/") else "bundle"


def all_of(
    folder: Folder, trusted: Register, *, known: Collection[str]
) -> Generator[Finding, None, list[Sealed]]:
    """Every statement but the manifest's own and those that are `known`."""
    found = []
    for name in sorted(folder.sizes):
        if not name.endswith(ENDING) or name in {manifest.STATEMENT, *known}:
            continue
        try:
            envelope = folder.read(name, bounds.ENVELOPE)
        except NotReadable as error:
            yield refused(CHECK, str(error), file=name, means="it states nothing")
            continue
        statement = yield from signed.open_statement(name, envelope, trusted, check=CHECK)
        if statement is not None:
            found.append(Sealed(what=kind(name), statement=statement))
    strangers = [one.statement for one in found if not one.statement.signers]
    for names in sorted({one.strangers for one in strangers}):
        files = [one.file for one in strangers if one.strangers == names]
        yield unknown(
            CHECK,
            f"signed by {signed.keys(names)}, which no register that you trust holds: "
            + ", ".join(files),
            means=signed.STRANGER,
        )
    return found


def about(
    folder: Folder, sealed: list[Sealed], of: Manifest, manifest_digest: str
) -> Generator[Finding, None, dict[str, str]]:
    """Whether each statement is about this bundle; returns the digests of files beside the
    manifest that statements of the bundle vouch for.
    """
    vouched: dict[str, str] = {}
    held = 0
    for one in sealed:
        wrong = [
            *_deviations(one, of, manifest_digest),
            *_summary(folder, one.statement, of),
        ]
        for says in wrong:
            yield refused(CHECK, says, file=one.statement.file, means=_ELSEWHERE)
        held += not wrong
        yield from _subjects(folder, one.statement)
        if one.what != POLICY:
            vouched |= one.statement.subjects
    if sealed and held == len(sealed):
        yield good(CHECK, f"{held:,} statements, each about this bundle alone")
    return vouched


REQUIRED = (
    "report.dsse.json",
    "attestations/pipeline-reliability.dsse.json",
    "attestations/verification-summary.dsse.json",
)


def absent(folder: Folder, stated: Sequence[Statement]) -> Iterator[Finding]:
    """Statements that every bundle has, and those that its summary rests on."""
    for name in REQUIRED:
        if name not in folder.sizes:
            yield _gone(folder, name, "and every bundle has it")
    for name, by in [(name, one.file) for one in stated for name in _used(one)]:
        if name not in folder.sizes and name not in REQUIRED:
            yield _gone(folder, name, f"and {by} rests on it")


def _gone(folder: Folder, name: str, why: str) -> Finding:
    return refused(
        "files",
        f"{folder.wrong.get(name, 'it is not in the folder')}, {why}",
        file=name,
        means="somebody removed it, or the copy is cut",
    )


def _used(statement: Statement) -> list[str]:
    """The statements that a summary rests on."""
    used = statement.predicate.get("inputAttestations")
    listed = used if statement.predicate_type == SUMMARY and isinstance(used, list) else ()
    return [str(one.get("uri")) for one in listed if isinstance(one, dict)]


def _subjects(folder: Folder, statement: Statement) -> Iterator[Finding]:
    for name, digest in statement.subjects.items():
        if name == manifest.NAME:
            continue  # told once, as what a statement is about
        if name not in folder.sizes:
            yield _gone(folder, name, f"and {statement.file} is about it")
        elif _digest(folder, name) != digest:
            yield refused(
                "files",
                f"its SHA-256 is another than {statement.file} says",
                file=name,
                means="it is not the file that was signed: somebody changed it, or the copy is "
                "damaged",
            )


def _deviations(one: Sealed, of: Manifest, manifest_digest: str) -> Iterator[str]:
    statement = one.statement
    named = statement.subjects.get(manifest.NAME) or _digest_in(
        statement.predicate.get("manifest")
    )
    if named != manifest_digest and one.what != POLICY:
        yield "it does not name the digest of this manifest"
    for term in manifest.BINDING:
        if term in statement.predicate and statement.predicate[term] != of.whole.get(term):
            yield f"its {term} is not that of the manifest"


def _summary(folder: Folder, statement: Statement, of: Manifest) -> Iterator[str]:
    """A summary rests on statements that are here, each as it was."""
    if statement.predicate_type != SUMMARY:
        return
    used = statement.predicate.get("inputAttestations")
    if not isinstance(used, list) or not used:
        yield "it rests on no statement"
        return
    for one in used:
        name = str(one.get("uri")) if isinstance(one, dict) else ""
        if name in folder.sizes and _digest(folder, name) != _digest_in(one.get("digest")):
            yield f"it rests on another {name}: the digest differs"
    match statement.predicate.get("policy"):
        case {"uri": str() as named, "digest": {"sha256": digest}} if named in of.files:
            if digest != of.files[named][0]:
                yield f"it rests on another {named}: the digest differs"
        case _:
            yield "it rests on no policy of this bundle"
    place = f"urn:seatrial:pilot:{of.pilot}:{of.environment}"
    if statement.predicate.get("resourceUri") != place:
        yield "it is of another pilot or environment"


def _digest(folder: Folder, name: str) -> str | None:
    try:
        return folder.digest(name)
    except NotReadable:
        return None


def _digest_in(found: Any) -> str | None:
    return found.get("sha256") if isinstance(found, Mapping) else None
