"""What people signed of a bundle: `signoff/<role>.dsse.json`, and the scan of what one of them
signed on paper. It lies beside the manifest, because people sign after it was made.

Whether it opens the gate is not asked here: only whose signature it is, on what, in which role.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from harness.evidence.verify import bounds, manifest, signed
from harness.evidence.verify.finding import Finding, NotReadable, good, refused, unknown
from harness.evidence.verify.folder import Folder
from harness.evidence.verify.manifest import Manifest
from harness.evidence.verify.signed import Statement
from harness.signing import register
from harness.signing.register import Register

CHECK = "signoff"
FOLDER = "signoff/"
ENDING = ".dsse.json"
KIND = "urn:seatrial:sign-off/v1"
ROLES = register.MAY_SIGN["signoff"]
COUNTERSIGNS = "engineering"
"""The role that says of a scan that it is what the other person signed on paper."""
TIME = "%Y-%m-%dT%H:%M:%SZ"
_NOT_ONE = "it is no sign-off of this bundle: whoever relies on it relies on nothing"
_WORDS = {
    "approve": "approves",
    "conditions": "approves with conditions",
    "refuse": "refuses",
    "revoke": "revokes what was signed before",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """The bundle that a sign-off must be of, who is trusted, and when it is looked at."""

    listed: Manifest
    digest: str
    """The manifest's SHA-256."""
    trusted: Register
    now: datetime


def names(of: Folder) -> list[str]:
    """The files of sign-offs in a folder; whatever else lies beside them was signed by nobody."""
    return [name for name in map(file_of, ROLES) if name in of.sizes]


def file_of(role: str) -> str:
    """Where the sign-off of a role lies."""
    return f"{FOLDER}{role}{ENDING}"


def check(of: Folder, where: Where) -> Generator[Finding, None, set[str]]:
    """Look at each; returns the files that belong to them."""
    known: set[str] = set()
    for name in names(of):
        try:
            envelope = of.read(name, bounds.ENVELOPE)
        except NotReadable as error:
            yield refused(CHECK, str(error), file=name, means=_NOT_ONE)
            continue
        statement = yield from signed.open_statement(name, envelope, where.trusted, check=CHECK)
        if statement is None:
            continue
        known |= {name, *(one for one in statement.subjects if one.startswith(FOLDER))}
        wrong = [*_deviations(statement, where), *_scans(of, statement)]
        for says in wrong:
            yield refused(CHECK, says, file=name, means=_NOT_ONE)
        if not wrong:
            yield from _signers(statement, where)
    return known


def _signers(statement: Statement, where: Where) -> Iterator[Finding]:
    name, at = statement.file, _at(statement.predicate["at"])
    if not statement.signers:
        yield unknown(
            CHECK,
            f"signed by {signed.keys(statement.strangers)}, which your register does not hold",
            file=name,
            means="nobody knows who signed it: anybody could have",
        )
        return
    may = yield from signed.objections(
        where.trusted,
        statement.signers,
        "signoff",
        since=at,
        now=where.now,
        file=name,
        check=CHECK,
    )
    role = COUNTERSIGNS if statement.predicate.get("paper") else statement.predicate["role"]
    for signer in statement.signers if may else ():
        if role not in where.trusted[signer].roles:
            yield refused(
                CHECK,
                f"{where.trusted[signer].name} is not {role} in your register",
                file=name,
                means="it was not signed by who should have",
            )
            return
    if may:
        yield good(CHECK, f"{_told(statement.predicate, where.now)}: {may[0]}", file=name)


def _told(predicate: dict[str, Any], now: datetime) -> str:
    until = _at(predicate["until"])
    ends = f"{'ended' if until <= now else 'until'} {until:%Y-%m-%d %H:%M} UTC"
    said = f"{predicate['by']} as {predicate['role']} {_WORDS[predicate['decision']]}"
    paper = " (on paper, whose scan is attested)" if predicate.get("paper") else ""
    return f"{said}{paper}, signed {_at(predicate['at']):%Y-%m-%d %H:%M} UTC, {ends}"


def _deviations(one: Statement, where: Where) -> Iterator[str]:
    if one.predicate_type != KIND:
        yield f"it states {one.predicate_type[:80]!a}, not {KIND}"
        return
    if one.subjects.get(manifest.NAME) != where.digest:
        yield "it does not name the digest of this manifest"
    if one.file != file_of(str(one.predicate.get("role"))):
        yield f"it is signed as {one.predicate.get('role')!a:.40}"
    if any(name != manifest.NAME and not name.startswith(FOLDER) for name in one.subjects):
        yield "it is also about files that are no sign-off's"
    for term in manifest.BINDING:
        if one.predicate.get(term) != where.listed.whole.get(term):
            yield f"its {term} is not that of the manifest"
    decided, by = one.predicate.get("decision"), one.predicate.get("by")
    if str(decided) not in _WORDS or not isinstance(by, str):
        yield "it says neither who signs nor what they decide"
    try:
        if _at(one.predicate.get("at")) >= _at(one.predicate.get("until")):
            yield "it ends before it begins"
    except ValueError:
        yield "it does not say when it was signed and when it ends"


def _scans(of: Folder, statement: Statement) -> Iterator[str]:
    for name, digest in statement.subjects.items():
        if not name.startswith(FOLDER):
            continue
        try:
            found = of.digest(name)
        except NotReadable as error:
            yield f"the scan {name}: {error}"
            continue
        if found != digest:
            yield f"the scan {name} is another than was attested"


def _at(text: object) -> datetime:
    return datetime.strptime(str(text), TIME).replace(tzinfo=UTC)
