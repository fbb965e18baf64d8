"""Signed statements: whose key signed what, and whether it may. Only then are they parsed."""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from harness.evidence.verify import strict_json
from harness.evidence.verify.finding import Finding, NotReadable, refused, unknown
from harness.signing import dsse, register
from harness.signing.ed25519 import Stranger, Unverified
from harness.signing.register import Register

STATEMENT = "https://in-toto.io/Statement/v1"
STRANGER = "self-consistent at best: whoever changed the bundle could have signed it like this"
_SHOWN = 16
"""Characters of a key's id that are told; `seatrial key show` prints all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A statement whose envelope has its one spelling."""

    file: str
    sha256: str
    """Of its envelope."""
    signers: tuple[str, ...]
    """Ids of keys in the register; empty if no key of it signed."""
    strangers: tuple[str, ...]
    """Ids that other signatures name; nobody has verified them."""
    subjects: Mapping[str, str]
    """The SHA-256 of each thing that it is about, by its name."""
    predicate_type: str
    predicate: dict[str, Any]


Opening: TypeAlias = Generator[Finding, None, Statement | None]


def open_statement(file: str, envelope: bytes, trusted: Register, *, check: str) -> Opening:
    """The statement in an envelope; None where it is refused."""
    try:
        opened = dsse.opened(envelope, register.publics(trusted))
    except Stranger:
        opened = dsse.unsigned(envelope)
    except Unverified as error:
        yield refused(
            check, str(error), file=file, means="it was changed, or somebody else signed it"
        )
        return None
    try:
        return _statement(file, sha256(envelope), opened)
    except NotReadable as error:
        yield refused(
            check, str(error), file=file, means="it states nothing that can be relied on"
        )
        return None


def objections(  # noqa: PLR0913 - who, what, when, where
    trusted: Register,
    signers: tuple[str, ...],
    what: str,
    *,
    since: datetime | None,
    now: datetime,
    file: str,
    check: str,
) -> Generator[Finding, None, tuple[str, ...]]:
    """What speaks against the signers; returns in words those that may sign `what`.

    A signature tells no time. It was given after the newest entry that it is over, `since`, and
    before `now`: the key must have been valid in between, and a key that has ended since may have
    been used after its end.
    """
    told: list[str] = []
    for signer in signers:
        key = trusted[signer]
        earliest = max(since or key.since, key.since)
        says = register.objection(trusted, signer, what, min(earliest, now))
        if says:
            yield refused(
                check,
                says,
                file=file,
                means="the register that you trust does not let this key sign this",
            )
            continue
        told.append(f"{key.name} (key {signer[:_SHOWN]}…, {', '.join(key.roles)})")
        if register.objection(trusted, signer, what, now):
            yield unknown(
                check,
                f"the key of {key.name} ended on {key.until:%Y-%m-%d}, and nobody confirmed that "
                "it signed before",
                file=file,
                means="whoever has that key now could have signed this: ask for a new export",
            )
    return tuple(told)


def keys(ids: tuple[str, ...]) -> str:
    """Keys in words."""
    return ", ".join(f"key {one[:_SHOWN]}…" for one in ids)


def sha256(content: bytes) -> str:
    """The digest as manifests and statements write it."""
    return hashlib.sha256(content).hexdigest()


def _statement(file: str, digest: str, opened: dsse.Opened) -> Statement:
    if opened.payload_type != dsse.IN_TOTO:
        raise NotReadable(f"its payload is {opened.payload_type[:80]}, not {dsse.IN_TOTO}")
    match strict_json.parsed(opened.payload):
        case {
            "_type": kind,
            "subject": [*subjects],
            "predicateType": str() as predicate_type,
            "predicate": dict() as predicate,
            **rest,
        } if kind == STATEMENT and subjects and not rest:
            named = dict(map(_subject, subjects))
        case _:
            raise NotReadable("it is no in-toto Statement v1 with a subject and a predicate")
    if len(named) != len(subjects):
        raise NotReadable("two of its subjects have one name")
    return Statement(
        file=file,
        sha256=digest,
        signers=opened.signers,
        strangers=opened.strangers,
        subjects=named,
        predicate_type=predicate_type,
        predicate=predicate,
    )


def _subject(found: object) -> tuple[str, str]:
    match found:
        case {"name": str() as name, "digest": {"sha256": str() as digest}}:
            return name, digest
    raise NotReadable("a subject has a name and a SHA-256")
