"""The register of keys, `trust.json`: whose key is which, and what it may sign, when.

It lies outside ledger and bundle, with whoever checks them. A key that it lacks is a stranger's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from harness.signing import strict
from harness.signing.ed25519 import KEY_BYTES, Unverified, from_base64, key_id, to_base64

FORMAT = 1
MOST_BYTES = 1 << 20
MAY_SIGN: Mapping[str, tuple[str, ...]] = {
    "checkpoint": ("prover",),
    "bundle": ("prover",),
    "countersignature": ("witness",),
    "policy": ("security", "legal"),
    "signoff": ("engineering", "owner", "security", "legal"),
    "waiver": ("engineering", "owner", "security", "legal"),
    "acceptance": ("owner", "security", "legal"),
    "attestation": ("owner",),
}
"""What is signed → the roles that may sign it."""
ROLES = tuple(sorted({role for roles in MAY_SIGN.values() for role in roles}))
_TIME = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key with its holder. It is valid from `since` until before `until`, both in UTC."""

    public: bytes
    name: str
    """Of the person or system that holds it."""
    roles: tuple[str, ...]
    since: datetime
    until: datetime

    @property
    def id(self) -> str:
        """The SHA-256 of the raw key, in hex."""
        return key_id(self.public)


Register = Mapping[str, Key]
"""The keys by their ids."""


def read(data: bytes) -> Register:
    """The register in the bytes of a `trust.json`. Raises Unverified, which names the key."""
    if len(data) > MOST_BYTES:
        raise Unverified(f"a register has at most {MOST_BYTES} bytes")
    match strict.decoded(data):
        case {"format": int() as form, "keys": list() as keys, **rest} if form == FORMAT and not (
            rest
        ):
            found = [_key(number, key) for number, key in enumerate(keys, start=1)]
        case _:
            raise Unverified(f'this is no register of keys: {{"format": {FORMAT}, "keys": […]}}')
    register = {key.id: key for key in found}
    if len(register) != len(found):
        raise Unverified("the register has a key twice: give it all its roles in one place")
    return register


def publics(register: Register) -> Mapping[str, bytes]:
    """The raw public keys by their ids, as `dsse.opened` and `note.opened` take them."""
    return {identity: key.public for identity, key in register.items()}


def objection(register: Register, identity: str, what: str, at: datetime) -> str | None:
    """Why a key may not sign `what` (of MAY_SIGN) at a time, in one line; None if it may."""
    key = register.get(identity)
    if key is None:
        return f"key {identity} is not in the register"
    if not set(MAY_SIGN[what]).intersection(key.roles):
        roles = " or ".join(MAY_SIGN[what])
        return f"{key.name} ({', '.join(key.roles)}) may not sign {_a(what)}: that is for {roles}"
    if at < key.since:
        return f"the key of {key.name} was not valid before {_told(key.since)}"
    if at >= key.until:
        return f"the key of {key.name} was valid until {_told(key.until)} alone"
    return None


def written(register: Register) -> bytes:
    """The register as a file, one key a line, sorted by id."""
    keys = ",\n  ".join(line(register[identity]) for identity in sorted(register))
    return f'{{"format": {FORMAT}, "keys": [\n  {keys}\n]}}\n'.encode()


def line(key: Key) -> str:
    """A key as it stands in the register, on one line."""
    return strict.canonical(
        {
            "from": _told(key.since),
            "id": key.id,
            "name": key.name,
            "public": to_base64(key.public),
            "roles": list(key.roles),
            "until": _told(key.until),
        }
    ).decode()


def _key(number: int, found: object) -> Key:
    try:
        return _checked(found)
    except Unverified as error:
        raise Unverified(f"key {number} of the register: {error}") from None


def _checked(found: object) -> Key:
    match found:
        case {
            "from": str() as since,
            "id": str() as identity,
            "name": str() as name,
            "public": str() as public,
            "roles": [*roles],
            "until": str() as until,
            **rest,
        } if not rest and name.strip():
            key = Key(
                public=from_base64(public),
                name=name,
                roles=tuple(map(str, roles)),
                since=_time(since),
                until=_time(until),
            )
        case _:
            raise Unverified("it has from, id, name, public, roles and until, and nothing else")
    if len(key.public) != KEY_BYTES or key.id != identity:
        raise Unverified("its id is not the SHA-256 of its 32 bytes")
    if not key.roles or not set(key.roles) <= set(ROLES):
        raise Unverified(f"its roles are of: {', '.join(ROLES)}")
    if key.since >= key.until:
        raise Unverified("it ends before it begins")
    return key


def _a(what: str) -> str:
    return f"an {what}" if what[0] in "aeiou" else f"a {what}"


def _time(text: str) -> datetime:
    try:
        at = datetime.strptime(text, _TIME).replace(tzinfo=UTC)
    except ValueError:
        at = None
    if at is None or _told(at) != text:  # strptime also reads 2026-1-2
        raise Unverified(f"{text!a} is no time: write it as 2026-11-02T00:00:00Z")
    return at


def _told(at: datetime) -> str:
    return at.astimezone(UTC).strftime(_TIME)
