"""The demo's evidence: its policy is signed before anything is read, its ledger as each run ends,
and all is exported at the end.

The keys are made as the demo begins and thrown away as it ends: nobody signs in their names later.
"""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from harness import atomic_write
from harness.clock import Clock
from harness.evidence.export import Asked, export
from harness.folders import take_folder
from harness.ledger.ledger import utc_now
from harness.onboarding import policy
from harness.onboarding.person import Person
from harness.pilot.model import LoadedPilot
from harness.pilot.place import Place
from harness.pilot.plan import verdicts_owed
from harness.pilot.signing_settings import Signing
from harness.signing import key_file, register
from harness.signing.register import MAY_SIGN
from harness.signing.signer import Signer, from_seed

ENVIRONMENT = "dev"
BUNDLE, TRUST = "bundle", "trust.json"
NAME = "Seatrial demo"
PEOPLE = {
    "owner": "Practice owner",
    "engineering": "Practice engineer",
    "security": "Practice officer",
    "legal": "Practice counsel",
}
"""Who signs, by role."""
_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """The demo's engagement, with a key."""

    loaded: LoadedPilot
    signer: Signer
    people: Mapping[str, Path]
    """The key of each person, by role."""

    def person(self, role: str) -> Person:
        """Who signs in a role."""
        return Person(by=PEOPLE[role], role=role, key=f"file:{self.people[role]}")


@contextmanager
def signed(loaded: LoadedPilot) -> Iterator[Signed]:
    """The same engagement, whose ledger is signed by a new key until the block ends."""
    with tempfile.TemporaryDirectory(prefix="seatrial-demo-") as folder:
        file, key = Path(folder) / "key.pem", from_seed(secrets.token_bytes(32))
        key_file.write(file, key)
        people = {role: Path(folder) / f"{role}.pem" for role in PEOPLE}
        for one in people.values():
            key_file.write(one, from_seed(secrets.token_bytes(32)))
        here = loaded.settings.environments[ENVIRONMENT]
        there = here.model_copy(update={"signing": Signing(key=f"file:{file}")})
        environments = {**loaded.settings.environments, ENVIRONMENT: there}
        settings = loaded.settings.model_copy(update={"environments": environments})
        yield Signed(loaded=replace(loaded, settings=settings), signer=key, people=people)


def agree(of: Signed, *, out: Path, environ: Mapping[str, str], clock: Clock) -> str:
    """Sign what is promised and what must arrive, as security and Legal do, in a ledger that
    begins with it; the line to print.
    """
    here = Place(loaded=of.loaded, folder=of.loaded.folder, environment=ENVIRONMENT, out=out)
    for role in MAY_SIGN["policy"]:
        asked = policy.Asked(person=of.person(role))
        policy.sign(here, asked, ledger=None, environ=environ, clock=clock)
    owed = len(verdicts_owed(of.loaded.pilot))
    return f"Signed before anything is read: the promises, and that {owed} verdicts must arrive"


def _key(signer: Signer, name: str, role: str, now: datetime) -> register.Key:
    since = now.replace(microsecond=0)
    return register.Key(
        public=signer.public, name=name, roles=(role,), since=since, until=since + _YEAR
    )


def write_trust(of: Signed, file: Path, *, since: datetime) -> register.Register:
    """Write the register of the demo's keys, valid from `since`."""
    people = [(key_file.read(key), PEOPLE[role], role) for role, key in of.people.items()]
    keys = [_key(*one, since) for one in ((of.signer, NAME, "prover"), *people)]
    found = {key.id: key for key in keys}
    take_folder(file.parent)
    atomic_write.replace(file, register.written(found).decode())
    return found


def write(of: Signed, *, out: Path, environ: Mapping[str, str], now: datetime) -> list[str]:
    """Export the ledger of both trials to `bundle`, and write the register of the key beside it;
    the lines to print. `now` is when the demo began.
    """
    here = Place(
        loaded=of.loaded,
        folder=of.loaded.folder,
        environment=ENVIRONMENT,
        out=out / "repaired",
    )
    asked = Asked(out=out / BUNDLE)
    folder = export(here, asked, ledger=None, environ=environ, now=utc_now())
    trust = out / TRUST
    write_trust(of, trust, since=now)
    return [
        "Evidence of both, signed by keys that are thrown away now; check it:",
        f"  seatrial verify {folder} --trust {trust}",
    ]
