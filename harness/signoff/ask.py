"""`seatrial gate`: reads the bundle, the pilot's ledger and the register, and asks the gate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from harness.errors import ConfigurationError, one_line
from harness.evidence.export import whole
from harness.ledger.chain import Entry
from harness.pilot.connect import ledger_at
from harness.pilot.place import Place
from harness.pilot.signing import reading
from harness.signing.register import Register
from harness.signoff import nights, offers, standings
from harness.signoff.decision import Decision
from harness.signoff.gate import Asked, Bundle, decide
from harness.signoff.look import look
from harness.signoff.records import recorded_in
from harness.signoff.requirement import DEFAULT, Requirement, of_policy, of_settings
from harness.signoff.today import Today


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
    ConfigurationError where folder or ledger cannot be looked into, or somebody changed the ledger.
    """
    bundle = look(root, register=register, now=now).bundle
    asked = Asked(
        pilot=None if here is None else here.loaded.pilot.name,
        environment=environment,
        requirement=_requirement(here, bundle),
        register=register,
        now=now,
        governance=None if here is None else governed(here, bundle, now),
    )
    today = None
    if here is not None:
        today = _today(here, bundle, register, ledger=ledger, environ=environ, now=now)
    return decide(bundle, today, asked)


def _requirement(here: Place | None, bundle: Bundle) -> Requirement:
    """What `pilot.yaml` asks for; without a pilot, what the policy in the bundle asks for."""
    if here is not None:
        return of_settings(here.loaded.settings.gate)
    agreed = bundle.night and bundle.night.agreed
    try:
        return of_policy(agreed.document if agreed else None)
    except ValueError:
        return DEFAULT


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
        return today_of(entries, here, bundle, register, now=now)
    except ValueError as error:
        raise ConfigurationError(
            f"ledger {ledger or place}: an entry is not as this release reads it: "
            f"{one_line(error)}: use the release that wrote it"
        ) from error


def today_of(
    entries: Sequence[Entry], here: Place, bundle: Bundle, register: Register, *, now: datetime
) -> Today:
    """What a ledger's entries say at a moment. Raises ValueError for an entry that does not read."""
    pilot, environment = here.loaded.pilot.name, here.environment
    night = nights.newest(
        entries,
        pilot=pilot,
        environment=environment,
        zone=here.loaded.settings.zone,
        register=register,
    )
    length, head = bundle.head
    continues = 0 < length <= len(entries) and entries[length - 1].sha256 == head
    recorded = recorded_in(entries, pilot=pilot, environment=environment)
    agreed = night and night.agreed
    try:
        asks = of_policy(agreed.document if agreed else None)
    except ValueError:
        asks = None
    return Today(
        continues=continues,
        offers=tuple(offers.of_ledger(recorded)),
        night=night,
        judged=standings.now(entries, here, night, now),
        ended=standings.ended(entries, pilot=pilot, environment=environment, now=now),
        asks=asks,
    )
