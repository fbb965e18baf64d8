"""All checks of one bundle in their order. Each states what held, or what did not and what that
means; what could not be looked at is said, and never taken as good.

    folder ─▶ signature ─▶ manifest ─▶ files ─▶ entries ─▶ log, census, judgements, statements
    signoff/ ─▶ signature, role, this manifest
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from harness.evidence.verify import (
    amendments,
    attested,
    bounds,
    census,
    counting,
    entries,
    files,
    folder,
    log_check,
    manifest,
    signed,
    signoffs,
    statements,
    terms,
)
from harness.evidence.verify.chain import Chain
from harness.evidence.verify.finding import (
    CODES,
    Finding,
    NotReadable,
    good,
    refused,
    unknown,
    worst,
)
from harness.evidence.verify.folder import Folder
from harness.evidence.verify.manifest import Manifest
from harness.evidence.verify.signed import Statement
from harness.signing.register import Register

ORDER = (
    "signature",
    "terms",
    "files",
    "entries",
    "log",
    "census",
    "judgements",
    "statements",
)
"""Every check, as an auditor reads them. One without a finding was not reached."""
_NOT_REACHED = "it was not looked at, because of what was refused above"
Findings: TypeAlias = Iterator[Finding]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a bundle is held against; all of it comes from whoever checks, none from the bundle."""

    trusted: Register
    """Empty: nobody is trusted, so the signer is unknown."""
    now: datetime
    expected: tuple[tuple[str, str], ...] = ()
    """Terms that it must be of, by the names of `manifest.terms`."""
    kept: tuple[tuple[str, bytes], ...] = ()
    """Checkpoints that somebody kept elsewhere, each with its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was found of one bundle."""

    findings: tuple[Finding, ...]
    manifest: Manifest | None

    @property
    def code(self) -> int:
        """The exit code."""
        return CODES[worst(self.findings)]


def verify(root: Path, asked: Asked) -> Report:
    """Check a bundle's folder. Raises NotReadable where there is no folder to look into."""
    looked_into = folder.listed(root)
    found, of = _drained(_checks(looked_into, asked))
    order = (*ORDER, *([signoffs.CHECK] if signoffs.names(looked_into) else ()))
    reached = {one.check for one in found}
    found += [
        unknown(check, _NOT_REACHED, means="nothing is known of it")
        for check in order
        if check not in reached
    ]
    found.sort(key=lambda one: order.index(one.check))
    return Report(findings=tuple(found), manifest=of)


def _checks(of: Folder, asked: Asked) -> Generator[Finding, None, Manifest | None]:
    yield from files.odd(of)
    content, own = yield from _signature(of, asked)
    if own is None:
        return None
    try:
        listed = manifest.read(content)
    except NotReadable as error:
        yield refused("files", str(error), file=manifest.NAME, means="it lists nothing")
        return None
    yield from files.as_listed(of, listed.files)
    people = signoffs.names(of)
    sealed = yield from statements.all_of(of, asked.trusted, known=people)
    digest = signed.sha256(content)
    vouched = yield from statements.about(of, sealed, listed, digest)
    where = signoffs.Where(listed=listed, digest=digest, trusted=asked.trusted, now=asked.now)
    given = yield from signoffs.check(of, where)
    known = {*listed.files, *vouched, manifest.NAME, manifest.STATEMENT, *people, *given}
    yield from statements.absent(of, [one.statement for one in sealed])
    yield from files.unsigned(of, known | {one.statement.file for one in sealed})
    yield from terms.check(own, listed, asked.expected)
    chain = yield from entries.check(of, listed)
    stated = [own, *(one.statement for one in sealed)]
    newest = None
    if chain is not None:
        newest = counting.newest(chain, listed.runs)
        yield from _on_entries(of, listed, chain, asked, stated)
    for statement in stated:
        if statements.kind(statement.file) != statements.POLICY:
            yield from _signers(statement, asked, since=newest, now=asked.now)
        elif chain is not None and statement.predicate_type != amendments.KIND:
            yield from _policy(statement, asked, chain)
    return listed


def _on_entries(
    of: Folder, listed: Manifest, chain: Chain, asked: Asked, stated: Sequence[Statement]
) -> Findings:
    newest = counting.newest(chain, listed.runs)
    yield from log_check.check(
        of, listed, chain, asked.trusted, asked.kept, newest=newest, now=asked.now
    )
    yield from terms.recorded(listed, chain)
    yield from counting.census_check(listed, chain)
    excuses = amendments.excusing(chain, listed, newest)
    yield from counting.judgements_check(of, listed, chain, excuses)
    yield from attested.check(stated, listed, chain, excuses)
    yield from amendments.check(excuses, chain, listed, asked.trusted)


def _signature(
    of: Folder, asked: Asked
) -> Generator[Finding, None, tuple[bytes, Statement | None]]:
    """The bytes of the manifest and the statement that signs them; None where it does not."""
    for name in (manifest.NAME, manifest.STATEMENT):
        if name not in of.sizes:
            yield refused(
                "signature",
                of.wrong.get(name, "it is not in the folder"),
                file=name,
                means="this folder is no bundle, or its signature was removed",
            )
            return b"", None
    try:
        content = of.read(manifest.NAME, bounds.JSON)
        envelope = of.read(manifest.STATEMENT, bounds.ENVELOPE)
    except NotReadable as error:
        yield refused("signature", str(error), file=manifest.NAME, means="it was not read")
        return b"", None
    own = yield from signed.open_statement(
        manifest.STATEMENT, envelope, asked.trusted, check="signature"
    )
    if own is not None and not own.signers:
        yield unknown(
            "signature",
            f"signed by {signed.keys(own.strangers)}; "
            + ("your register does not hold it" if asked.trusted else "you named no register"),
            file=manifest.STATEMENT,
            means=signed.STRANGER,
        )
    if own is not None and own.subjects != {manifest.NAME: signed.sha256(content)}:
        yield refused(
            "signature",
            "its SHA-256 is not the one that was signed",
            file=manifest.NAME,
            means="the manifest was changed, written anew, or is of another bundle",
        )
        return content, None
    return content, own


def _policy(statement: Statement, asked: Asked, chain: Chain) -> Findings:
    """People sign before the first reading, and the ledger records when."""
    try:
        at = census.moment(chain.signatures[statement.sha256])
    except (KeyError, ValueError):
        yield refused(
            statements.CHECK,
            "the ledger holds no such signature",
            file=statement.file,
            means="nobody knows when it was given: it may be from after the readings",
        )
        return
    role = statement.predicate.get("role")
    for signer in statement.signers:
        if role not in asked.trusted[signer].roles:
            yield refused(
                statements.CHECK,
                f"signed as {role!a}, which {asked.trusted[signer].name} is not in your register",
                file=statement.file,
                means="the policy was not signed by who should have",
            )
    yield from _signers(statement, asked, since=at, now=at)


def _signers(
    statement: Statement, asked: Asked, *, since: datetime | None, now: datetime
) -> Findings:
    what = statements.kind(statement.file)
    check = "signature" if statement.file == manifest.STATEMENT else statements.CHECK
    may = yield from signed.objections(
        asked.trusted,
        statement.signers,
        what,
        since=since,
        now=now,
        file=statement.file,
        check=check,
    )
    if may and check == "signature":
        yield good(check, f"signed by {', '.join(may)}", file=statement.file)


def _drained(
    checks: Generator[Finding, None, Manifest | None],
) -> tuple[list[Finding], Manifest | None]:
    found: list[Finding] = []
    while True:
        try:
            found.append(next(checks))
        except StopIteration as end:
            return found, end.value


def about(listed: Manifest) -> Mapping[str, str]:
    """What a bundle says that it is of, in words, each with its name."""
    runs = ", ".join(str(one) for one in listed.whole.get("code", ()))
    return {
        "pilot": f"{listed.pilot}, environment {listed.environment}",
        "window": listed.window,
        "runs": f"{len(listed.runs):,}, of code {runs or 'unknown'}",
        "evidence": ", ".join(map(str, listed.whole.get("evidence_classes", ()))) or "none",
        "contracts": f"of {len(listed.whole.get('contracts', ())):,} dataset(s)",
    }
