"""`seatrial gate`: reads the bundle, the pilot's ledger and the register, and asks the gate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from harness.errors import ConfigurationError, one_line
from harness.evidence.export import whole
from harness.governance import document
from harness.governance.checklist import checklist
from harness.ledger.chain import Entry
from harness.pilot.agreed_settings import agreed
from harness.pilot.connect import ledger_at
from harness.pilot.gate_settings import Gate
from harness.pilot.place import Place
from harness.pilot.signing import reading
from harness.signing.register import Register
from harness.signoff import nights, offers, standings
from harness.signoff.decision import Decision
from harness.signoff.gate import Asked, Bundle, Governance, decide
from harness.signoff.look import Looked, look
from harness.signoff.records import recorded_in
from harness.signoff.requirement import gate_of, settings_of
from harness.signoff.today import Today


@dataclass(frozen=True, slots=True, kw_only=True)
class Of:
    """Of which part of a ledger the newest night is asked."""

    pilot: str
    environment: str
    zone: str
    settings: Mapping[str, Any]
    """What its `pilot.yaml` says that people agree on (`harness/pilot/agreed_settings.py`)."""


def ask(  # noqa: PLR0913 - what a gate is asked with
    root: Path,
    here: Place | None,
    *,
    environment: str,
    register: Register,
    ledger: str | None,
    environ: Mapping[str, str],
    now: datetime,
) -> Decision:
    """The gate's decision on the bundle in a folder, for a pilot, whose ledger is read. Raises
    ConfigurationError where folder or ledger cannot be looked into, or the ledger was changed.
    """
    looked = look(root, register=register, now=now)
    bundle = looked.bundle
    asked = Asked(
        pilot=None if here is None else here.loaded.pilot.name,
        environment=environment,
        requirement=_requirement(here, bundle),
        register=register,
        now=now,
        governance=None if here is None else _governance(here, looked, now),
    )
    today = None
    if here is not None:
        today = _today(here, bundle, register, ledger=ledger, environ=environ, now=now)
    return decide(bundle, today, asked)


def _governance(here: Place, looked: Looked, now: datetime) -> Governance:
    """What the pilot says of it; a pilot without such a section has nothing to complete."""
    digest = document.digest(here.loaded.settings)
    if digest is None:
        return Governance(digest=None, missing=())
    found = checklist(here.loaded, looked.evidence, environment=here.environment, today=now.date())
    return Governance(digest=digest, missing=tuple(one.item.id for one in found.missing))


def _of(here: Place) -> Of:
    loaded = here.loaded
    return Of(
        pilot=loaded.pilot.name,
        environment=here.environment,
        zone=loaded.settings.zone,
        settings=agreed(loaded.settings),
    )


def _requirement(here: Place | None, bundle: Bundle) -> Gate:
    """What `pilot.yaml` asks for; without a pilot, what the policy in the bundle asks for."""
    if here is not None:
        return here.loaded.settings.gate
    try:
        return gate_of(bundle.night)
    except ValueError:
        return Gate()


def _today(  # noqa: PLR0913 - where the ledger is
    here: Place,
    bundle: Bundle,
    register: Register,
    *,
    ledger: str | None,
    environ: Mapping[str, str],
    now: datetime,
) -> Today:
    references = here.loaded.references(here.environment, environ)
    place = ledger_at(ledger, out=here.out, references=references)
    signed = reading(here.loaded, here.environment, references)
    entries, _ = whole(place, signed, str(ledger or place), now=now)
    try:
        return today_of(entries, bundle, register, of=_of(here), now=now)
    except ValueError as error:
        raise ConfigurationError(
            f"ledger {ledger or place}: an entry is not as this release reads it: "
            f"{one_line(error)}: use the release that wrote it"
        ) from error


def today_of(
    entries: Sequence[Entry], bundle: Bundle, register: Register, *, of: Of, now: datetime
) -> Today:
    """What a ledger's entries say at a moment. Raises ValueError for one that does not read."""
    night = nights.newest(
        entries,
        pilot=of.pilot,
        environment=of.environment,
        zone=of.zone,
        register=register,
    )
    length, head = bundle.head
    continues = 0 < length <= len(entries) and entries[length - 1].sha256 == head
    recorded = recorded_in(entries, pilot=of.pilot, environment=of.environment)
    stands = standings.stand(
        entries, night, register, now, pilot=of.pilot, environment=of.environment
    )
    policy = night.agreed.document if night and night.agreed else None
    return Today(
        continues=continues,
        offers=tuple(offers.of_ledger(recorded)),
        night=night,
        judged=stands.judged,
        ended=stands.ended,
        settings_agreed=of.settings == settings_of(policy),
    )
