"""The signed statements beside the manifest: attestations, the summary, sign-offs, the policy's.

A statement is about this bundle alone: it names the manifest's digest, and the terms that it
repeats are the manifest's.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from harness.evidence.verify import bounds, manifest, signed
from harness.evidence.verify.finding import Finding, NotReadable, good, refused
from harness.evidence.verify.folder import Folder
from harness.evidence.verify.manifest import Manifest
from harness.evidence.verify.signed import Statement
from harness.signing.register import Register

CHECK = "statements"
ENDING = ".dsse.json"
SUMMARY = "https://slsa.dev/verification_summary/v1"
_BY_FOLDER = {"signoff": "signoff", "policy": "policy"}
"""What the statements of a folder are, in the register's words; all others are of the bundle."""
_ELSEWHERE = "it was made for another bundle, or the bundle was changed after it was signed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A statement with what it is, in the register's words."""

    what: str
    statement: Statement


def kind(name: str) -> str:
    """What a statement is, by where it lies."""
    return _BY_FOLDER.get(name.partition("/")[0], "bundle")


def all_of(folder: Folder, trusted: Register) -> Generator[Finding, None, list[Sealed]]:
    """Every statement but the manifest's own."""
    found = []
    for name in sorted(folder.sizes):
        if not name.endswith(ENDING) or name == manifest.STATEMENT:
            continue
        try:
            envelope = folder.read(name, bounds.ENVELOPE)
        except NotReadable as error:
            yield refused(CHECK, str(error), file=name, means="it states nothing")
            continue
        statement = yield from signed.open_statement(name, envelope, trusted, check=CHECK)
        if statement is not None:
            found.append(Sealed(what=kind(name), statement=statement))
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
        wrong = list(_deviations(folder, one, of, manifest_digest))
        for says in wrong:
            yield refused(CHECK, says, file=one.statement.file, means=_ELSEWHERE)
        held += not wrong
        if one.what == "bundle":
            vouched |= one.statement.subjects
    if sealed and held == len(sealed):
        yield good(CHECK, f"{held:,} statements, each about this bundle alone")
    return vouched


def _deviations(
    folder: Folder, one: Sealed, of: Manifest, manifest_digest: str
) -> Iterator[str]:
    statement = one.statement
    for name, digest in statement.subjects.items():
        if name not in folder.sizes:
            yield f"it is about {name}, which is not in the folder"
        elif _digest(folder, name) != digest:
            yield f"it is about another {name}: the digest differs"
    named = statement.subjects.get(manifest.NAME) or _digest_in(statement.predicate.get("manifest"))
    if named != manifest_digest and one.what != "policy":
        yield "it does not name the digest of this manifest"
    for term in manifest.BINDING:
        if term in statement.predicate and statement.predicate[term] != of.whole.get(term):
            yield f"its {term} is not that of the manifest"
    if statement.predicate_type == SUMMARY:
        yield from _summary(folder, statement, of)


def _summary(folder: Folder, statement: Statement, of: Manifest) -> Iterator[str]:
    """It rests on statements that are here, each as it was."""
    used = statement.predicate.get("inputAttestations")
    if not isinstance(used, list) or not used:
        yield "it rests on no statement"
        return
    for one in used:
        name = str(one.get("uri")) if isinstance(one, dict) else ""
        if name not in folder.sizes:
            yield f"it rests on {name}, which is not in the folder"
        elif _digest(folder, name) != _digest_in(one.get("digest")):
            yield f"it rests on another {name}: the digest differs"
    policy = statement.predicate.get("policy")
    named = policy.get("uri") if isinstance(policy, dict) else None
    if named in of.files and _digest_in(policy.get("digest")) != of.files[named][0]:
        yield f"it rests on another {named}: the digest differs"
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
