"""People with keys, and the register that says whose each is."""

from __future__ import annotations

from datetime import datetime, timedelta

from harness.signing.register import Key, Register
from harness.signing.signer import PrivateKey
from tests.harness.evidence.bundles import key
from tests.harness.evidence.ledgers import FIRST

PEOPLE = {
    "engineering": "Emil Haas",
    "security": "Sam Okoye",
    "legal": "Lea Brandt",
    "owner": "Ada Okafor",
    "other": "Ola Nygaard",
}
"""The last is an engineer, too: who attests a scan."""
YEAR = timedelta(days=365)


def signer(who: str) -> PrivateKey:
    return key(f"person {who}")


def registered(who: str, *, roles: tuple[str, ...] = (), **of: datetime) -> Key:
    role = "engineering" if who == "other" else who
    since, until = of.get("since", FIRST - YEAR), of.get("until", FIRST + YEAR)
    return Key(
        public=signer(who).public,
        name=PEOPLE[who],
        roles=roles or (role,),
        since=since,
        until=until,
    )


def register(*more: Key) -> Register:
    """The prover and all people; `more` in place of those with the same key."""
    prover = Key(
        public=key().public,
        name="nightly run",
        roles=("prover",),
        since=FIRST - YEAR,
        until=FIRST + YEAR,
    )
    return {one.id: one for one in (prover, *map(registered, PEOPLE), *more)}
