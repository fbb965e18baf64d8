"""Acme with people who sign its policy, and runs of this process that read one of its datasets."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from harness.clock import Clock
from harness.ledger.chain import Entry
from harness.ledger.ledger import entries
from harness.onboarding import policy
from harness.onboarding.person import Person
from harness.onboarding.policy import Asked
from harness.pilot import loading
from harness.pilot.place import Place
from harness.pilot.plan import plan
from harness.policy.state import State, state
from harness.run.config import RunConfig
from harness.run.prove import prove
from harness.run.workplace import in_process
from harness.signing import key_file, register
from harness.signing.register import Key
from harness.signing.signer import from_seed
from tests.harness.acme_layout import Acme

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
YEAR = timedelta(days=365)
PEOPLE: Mapping[str, tuple[str, str]] = {
    "sec": ("Sam Okoye", "security"),
    "law": ("Lea Brandt", "legal"),
    "own": ("Olga Ruiz", "owner"),
}


@dataclass(slots=True, kw_only=True)
class Agreement:
    """Who is asked to sign, and where it is recorded."""

    acme: Acme
    root: Path
    ledger: str | None = None
    """A reference to PostgreSQL's URL, which `environ` has; None for a file."""
    environ: Mapping[str, str] = field(default_factory=dict)
    at: datetime = NOON
    register: dict[str, Key] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for n, (who, (name, role)) in enumerate(PEOPLE.items()):
            key = from_seed(bytes([n + 1]) * 32)
            key_file.write(self.key(who), key)
            one = Key(
                public=key.public,
                name=name,
                roles=(role,),
                since=NOON - YEAR,
                until=NOON + YEAR,
            )
            self.register[one.id] = one
        self.trust.write_bytes(register.written(self.register))

    @property
    def trust(self) -> Path:
        return self.root / "trust.json"

    @property
    def here(self) -> Place:
        """The pilot, as it is now: another process would import it anew."""
        for name in [one for one in sys.modules if one.partition(".")[0] == "acme"]:
            del sys.modules[name]
        loaded = loading.load(self.acme.folder)
        return Place(loaded=loaded, folder=loaded.folder, environment="dev", out=self.root / "out")

    def key(self, who: str) -> Path:
        return self.root / f"{who}.pem"

    def sign(
        self, who: str, *, role: str | None = None, why: str | None = None, trusted: bool = True
    ) -> list[str]:
        name, own = PEOPLE[who]
        person = Person(
            by=name,
            role=role or own,
            key=f"file:{self.key(who)}",
            trust=self.trust if trusted else None,
        )
        asked = Asked(person=person, why=why)
        return policy.sign(
            self.here,
            asked,
            ledger=self.ledger,
            environ={**self.acme.sources, **self.environ},
            clock=self.clock(),
        )

    def clock(self) -> Clock:
        """Each time a minute later."""
        self.at += timedelta(minutes=1)
        now = self.at
        return Clock(now=lambda: now)

    def read(self) -> None:
        """One run that reads and judges the orders of the outlet."""
        here = self.here
        clock = self.clock()
        prove(
            RunConfig(
                loaded=here.loaded,
                environment="dev",
                slot=clock.now().date(),
                planned=plan(here.loaded.pilot, datasets=["outlet.orders"]),
                out=here.out,
                environ=self.acme.sources,
                clock=clock,
            ),
            workplace=in_process,
        )

    def edit(self, old: str, new: str, *, file: str = "pilot.yaml") -> None:
        """Edit a file of the pilot."""
        path = self.acme.folder / file
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))
        os.utime(path, (later := path.stat().st_mtime + 2, later))  # Python looks at seconds

    def look(self) -> State:
        """As `seatrial policy show` does."""
        return policy.look(
            self.here, ledger=None, environ=self.acme.sources, trust=self.trust, clock=self.clock()
        )

    def entries(self) -> tuple[Entry, ...]:
        return entries(self.root / "out" / "ledger.sqlite")

    def state(self) -> State:
        return state(self.entries(), pilot="acme", environment="dev", register=self.register)
