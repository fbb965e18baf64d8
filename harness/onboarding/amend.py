"""`seatrial waive`, `accept` and `attest`: a person signs for a verdict that is not PROVEN."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from contracts.defaults import persisted_fields
from harness import tags
from harness.amendments import statement
from harness.amendments.records import (
    Amendment,
    SignedAmendment,
    digest,
    recorded_in,
)
from harness.amendments.standing import gather
from harness.clock import Clock
from harness.errors import ConfigurationError
from harness.onboarding.person import Person, require_role, require_words, signer_of
from harness.onboarding.status import entries_of
from harness.onboarding.to_amend import excused, in_words, named
from harness.pilot.place import Place
from harness.pilot.plan import verdicts_owed
from harness.report.words import instant
from harness.result import Kind, Planned
from harness.run.aside import aside


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a person is about to sign."""

    kind: Kind
    person: Person
    claim: str
    reason: str
    dataset: str | None = None
    """As `plan` takes it; None for a claim about a source."""
    source: str | None = None
    until: date | None = None
    """The last day on which it counts, in the pilot's zone; None to withdraw."""
    at_most: tuple[str, ...] = ()
    """How bad it may become: a number, or `WHAT=NUMBER` where several are measured."""


def amend(
    here: Place, asked: Asked, *, ledger: str | None, environ: Mapping[str, str], clock: Clock
) -> list[str]:
    """Sign and record; returns what is to be said, one line each. Raises ConfigurationError and
    SourceError; nothing is recorded then.
    """
    require_role(asked.person.role, statement.roles(asked.kind))
    require_words({"--by": asked.person.by, "--reason": asked.reason})
    planned = named(here.loaded.pilot, asked.claim, asked.dataset, asked.source)
    signer = signer_of(here, asked.person, str(asked.kind), environ=environ, clock=clock)
    pilot, environment = here.loaded.pilot.name, here.environment
    found = entries_of(here, ledger, environ, now=clock.now())
    recorded = recorded_in(found, pilot=pilot, environment=environment)
    known = gather(found, verdicts_owed(here.loaded.pilot), pilot=pilot, environment=environment)
    now = clock.now()
    if asked.until is None:
        _require_in_force(recorded, asked.kind, planned, now)
        until, excuses = now, None
    else:
        until = _end(here, asked.until, now)
        newest, validity = known.newest.get(planned), here.loaded.settings.validity
        excuses = excused(planned, newest, asked.kind, asked.at_most, at=now, validity=validity)
    signed = statement.sign(
        Amendment(
            kind=asked.kind,
            number=len(recorded) + 1,
            before=digest(recorded[-1].amendment) if recorded else None,
            pilot=pilot,
            environment=environment,
            source=planned.source,
            dataset=planned.dataset,
            claim=planned.claim,
            reason=asked.reason,
            by=asked.person.by,
            role=asked.person.role,
            at=now,
            until=until,
            excuses=excuses,
        ),
        signer,
    )
    with aside(here, ledger=ledger, environ=environ, clock=clock) as opened:
        still = opened.ledger.entries(kind=tags.AMENDMENT)
        if recorded_in(still, pilot=pilot, environment=environment) != recorded:
            raise ConfigurationError(
                "somebody else has just signed an amendment of this pilot: run seatrial status, "
                "then sign again"
            )
        opened.record(tags.AMENDMENT, persisted_fields(signed))
    return list(_told(signed.amendment))


def _require_in_force(
    recorded: list[SignedAmendment], kind: Kind, planned: Planned, now: datetime
) -> None:
    """Raise ConfigurationError where there is nothing to withdraw."""
    of = (one.amendment for one in reversed(recorded))
    newest = next((one for one in of if (one.kind, one.planned) == (kind, planned)), None)
    if newest is None or newest.excuses is None or newest.until <= now:
        raise ConfigurationError(
            f"--withdraw: no {kind} of {in_words(planned)} is in force: run seatrial status"
        )


def _end(here: Place, last: date, now: datetime) -> datetime:
    """The moment after the last day, in the pilot's zone."""
    zone, most = here.loaded.zone, here.loaded.settings.amendments.at_most_days
    today = now.astimezone(zone).date()
    if last < today:
        raise ConfigurationError(f"--until {last}: it is over: name a day from {today} on")
    if last > (latest := today + timedelta(days=most)):
        raise ConfigurationError(
            f"--until {last}: that is more than {most} days: name {latest} or a day before"
        )
    after = last + timedelta(days=1)
    return datetime(after.year, after.month, after.day, tzinfo=zone).astimezone(UTC)


def _told(one: Amendment) -> list[str]:
    if one.excuses is None:
        return [f"{one.kind} of {in_words(one.planned)} withdrawn by {one.by} as {one.role}"]
    held = ", ".join(f"{what} above {most:g}" for what, most in one.excuses.measures.items())
    worse = f"another outcome than {one.excuses.outcome}" + (f", {held}" if held else "")
    name = f"{in_words(one.planned)}, {one.excuses.outcome}"
    return [
        f"{one.kind} {one.number} signed by {one.by} as {one.role}: {name}",
        f"  it ends {instant(one.until)}, and at once with {worse}, or other promises",
    ]
