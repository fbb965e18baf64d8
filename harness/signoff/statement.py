"""The statement by which a person signs a bundle: in-toto in DSSE, about its manifest; pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from contracts.canonical import canonical
from contracts.defaults import persisted_fields
from harness.evidence.verify import manifest as manifests
from harness.evidence.verify import signed as statements
from harness.evidence.verify import signoffs, strict_json
from harness.evidence.verify.finding import NotReadable
from harness.signing import dsse, personal
from harness.signing.ed25519 import Stranger, Unverified, from_base64, key_id
from harness.signing.signer import Signer
from harness.signoff.records import Given, SignOff, signoff_of


class NoSignOff(ValueError):
    """An envelope is no sign-off; the message is a clause that says why."""


class Unknown(NoSignOff):
    """None of the keys signed it."""


def given(one: SignOff, manifest: Mapping[str, Any], signer: Signer) -> Given:
    """The signature on a bundle with this manifest. Raises ConfigurationError or SourceError if
    the signer gives none.
    """
    own = personal.sign(_statement(one, manifest), signer)
    return Given(
        manifest=one.manifest,
        role=one.role,
        by=one.by,
        public=own.public,
        envelope=own.envelope,
    )


def opened(envelope: bytes, keys: Mapping[str, bytes]) -> tuple[SignOff, str]:
    """What one of the keys (id → raw public key) signed, and that key's id. Raises NoSignOff."""
    try:
        found = dsse.opened(envelope, keys)
        said = strict_json.parsed(found.payload)
        subjects = {one["name"]: one["digest"]["sha256"] for one in said["subject"]}
        if said["_type"] != statements.STATEMENT or said["predicateType"] != signoffs.KIND:
            raise NoSignOff("it states something else than a sign-off")
        one = signoff_of(said["predicate"], manifest=subjects[manifests.NAME])
    except Stranger as error:
        raise Unknown(str(error)) from error
    except (Unverified, NotReadable) as error:
        raise NoSignOff(str(error)) from error
    except (msgspec.MsgspecError, LookupError, TypeError) as error:
        raise NoSignOff("it lacks what every sign-off says") from error
    return one, found.signers[0]


def own_key(one: Given) -> Mapping[str, bytes]:
    """The key that a recorded sign-off names as its own. Whose that is, a register says."""
    try:
        public = from_base64(one.public)
    except Unverified as error:
        raise NoSignOff(str(error)) from error
    return {key_id(public): public}


def time(at: datetime) -> datetime:
    """To the second, as a statement has it."""
    return at.astimezone(UTC).replace(microsecond=0)


def _statement(one: SignOff, manifest: Mapping[str, Any]) -> bytes:
    said = persisted_fields(one)
    about = {manifests.NAME: said.pop("manifest")}
    if one.paper is not None:
        about[one.paper.file] = one.paper.sha256
    subjects = [{"name": name, "digest": {"sha256": digest}} for name, digest in about.items()]
    binding: dict[str, Any] = {name: manifest[name] for name in manifests.BINDING}
    times = {name: f"{time(said[name]):{signoffs.TIME}}" for name in ("at", "until")}
    return canonical(
        {
            "_type": statements.STATEMENT,
            "subject": subjects,
            "predicateType": signoffs.KIND,
            "predicate": binding | said | times,
        }
    )
