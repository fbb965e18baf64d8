"""What people signed of one bundle, and whether that counts for a role; pure.

    signoff/<role>.dsse.json ─┐
    entries of the ledger ────┴─▶ Offer, the newest of its role ─▶ Refusal, or nothing

A revocation counts whoever's key signed it: to shut the gate is nobody's advantage.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from harness.evidence.verify.signoffs import COUNTERSIGNS
from harness.signing import register as registers
from harness.signing.register import Register
from harness.signoff import statement
from harness.signoff.decision import Name, Refusal
from harness.signoff.records import Decision, Recorded, Signed, SignOff
from harness.signoff.statement import NoSignOff


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A sign-off whose signature is that of a key; whether that key is trusted, is asked later."""

    signoff: SignOff
    key: str
    """The id of the key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What is to be signed."""

    manifest: str
    """Its SHA-256."""
    night: str
    signed: Signed


def of_ledger(recorded: Iterable[Recorded]) -> Iterator[Offer]:
    """Those of a ledger. What is none was put in by another program, and is nobody's word."""
    for one in recorded:
        envelope = one.signoff.envelope.encode()
        try:
            found, key = statement.opened(envelope, statement.own_key(one.signoff))
        except NoSignOff:
            continue
        yield Offer(signoff=found, key=key)


def of_file(envelope: bytes, register: Register) -> Offer:
    """That of a file. Raises Unknown where no key of the register signed it, and NoSignOff."""
    found, key = statement.opened(envelope, registers.publics(register))
    return Offer(signoff=found, key=key)


def newest(role: str, offers: Iterable[Offer], shown: Shown) -> Offer | None:
    """What this role said of the bundle last. At the same second a revocation is the last word."""
    own = [
        one
        for one in offers
        if one.signoff.role == role and one.signoff.manifest == shown.manifest
    ]
    return max(own, key=_order, default=None)


def objections(
    role: str, offer: Offer, shown: Shown, register: Register, now: datetime
) -> Iterator[Refusal]:
    """Why a role's newest sign-off does not count."""
    one, no = offer.signoff, partial(_no, role)
    who = f"{one.by} as {role}"
    if one.decision is Decision.REVOKE:
        yield no(Name.REVOKED, f"{who} took it back ({one.reason}): ask them to sign anew")
        return
    if offer.key not in register:
        yield no(Name.STRANGER, f"the key of {who} is not in the register: sign by one that is")
        return
    yield from _by_whom(role, offer, register, now)
    if one.decision is Decision.REFUSE:
        yield no(Name.DECLINED, f"{who} refuses ({one.reason}): settle that, then ask them again")
    if one.at > now:
        yield no(Name.FROM_THE_FUTURE, f"{who} signs at {_when(one.at)}: set the clock, sign anew")
    if one.until <= now:
        yield no(Name.EXPIRED, f"that of {who} ended at {_when(one.until)}: ask them to sign anew")
    signed = replace(one.signed, governance=None)  # what the bundle does not hold
    if (one.night, signed) != (shown.night, shown.signed):
        yield no(Name.OTHER_TERMS, f"{who} signed other terms than the bundle shows: sign anew")


def shared(counted: Mapping[str, Offer], register: Register) -> Iterator[Refusal]:
    """Keys and people that stand for two roles. Whoever attests a page stands for its role, too:
    else one person would have two of three.
    """
    keys = Counter(one.key for one in counted.values())
    people = Counter(name for one in counted.values() for name in _people(one, register))
    for role, one in counted.items():
        names = sorted(_people(one, register))
        twice = next((name for name in names if people[name] > 1), None)
        if keys[one.key] > 1:
            who = register[one.key].name
            yield _again(role, Name.SAME_KEY, f"the key of {who} signs for two roles")
        elif twice is not None:
            yield _again(role, Name.SAME_PERSON, f"{one.signoff.by} or who attests it signs twice")


def _again(role: str, name: Name, says: str) -> Refusal:
    return _no(role, name, f"{says}: choose somebody else, with a key of their own")


def _no(role: str, name: Name, says: str) -> Refusal:
    return Refusal(check=role, name=name, says=says)


def _by_whom(role: str, offer: Offer, register: Register, now: datetime) -> Iterator[Refusal]:
    one, key, no = offer.signoff, register[offer.key], partial(_no, role)
    needed = role if one.paper is None else COUNTERSIGNS
    if needed not in key.roles:
        yield no(
            Name.WRONG_ROLE,
            f"{key.name} is {', '.join(key.roles)} in the register, not {needed}: ask who is",
        )
    signer = one.by if one.paper is None else one.paper.attested_by
    if not _same(signer, key.name):
        yield no(
            Name.OTHER_NAME,
            f"it says {signer}, and the key is {key.name}'s: sign in your own name",
        )
    for at in (one.at, now):
        if key.since <= at < key.until:
            continue
        yield no(
            Name.KEY_NOT_VALID,
            f"the key of {key.name} is valid from {_when(key.since)} to {_when(key.until)}: "
            "sign by one that is valid now",
        )
        break


def _people(offer: Offer, register: Register) -> set[str]:
    one = offer.signoff
    names = {one.by, register[offer.key].name if offer.key in register else one.by}
    return {" ".join(name.casefold().split()) for name in names}


def _same(one: str, other: str) -> bool:
    return one.casefold().split() == other.casefold().split()


def _order(offer: Offer) -> tuple[datetime, bool]:
    return offer.signoff.at, offer.signoff.decision is Decision.REVOKE


def _when(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
