"""`seatrial status`: how a pilot stands now, over all its runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from harness.amendments import statement
from harness.amendments.effect import why_not
from harness.amendments.records import recorded_in
from harness.amendments.standing import gather, standing
from harness.errors import ConfigurationError, one_line
from harness.ledger.chain import Entry
from harness.ledger.ledger import read_ledger
from harness.ledger.signed import require_whole_as_signed
from harness.pilot.connect import ledger_at
from harness.pilot.place import Place
from harness.pilot.plan import verdicts_owed
from harness.pilot.signing import reading, register_of
from harness.report.summary import where
from harness.result import Judged


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """All of it."""

    judged: tuple[Judged, ...]
    at: datetime
    without_effect: tuple[str, ...]
    """Amendments that somebody may take to count, and why each does not, one line each."""


def stand(
    here: Place, *, ledger: str | None, environ: Mapping[str, str], now: datetime
) -> Standing:
    """How the pilot stands. Raises ConfigurationError where there is no ledger, where somebody
    changed it, and where this release cannot read it.
    """
    found = entries_of(here, ledger, environ, now=now)
    pilot, environment = here.loaded.pilot.name, here.environment
    register = register_of(here.loaded, environment)
    owed = verdicts_owed(here.loaded.pilot)
    try:
        recorded = recorded_in(found, pilot=pilot, environment=environment)
        known = gather(found, owed, pilot=pilot, environment=environment)
    except ValueError as error:
        raise ConfigurationError(
            f"the ledger holds an entry that this release cannot read: {one_line(error)}: install "
            "the release that wrote it"
        ) from error
    objections = {one.amendment.number: statement.objection(one, register) for one in recorded}
    counting = [one.amendment for one in recorded if objections[one.amendment.number] is None]
    judged = standing(known, owed, counting, now, validity=here.loaded.settings.validity)
    newest = {(one.amendment.kind, one.amendment.planned): one.amendment for one in recorded}
    told = []
    for one in newest.values():
        of = next((j for j in judged if j.planned == one.planned), None)
        held = known.newest.get(one.planned)
        why = objections[one.number] or why_not(one, of, now, held.contract if held else None)
        if why is not None and one.excuses is not None:
            name = f"{one.kind} {one.number} of {one.claim} of {where(one.planned)}"
            told.append(f"{name} has no effect: {why}")
    return Standing(judged=judged, at=now, without_effect=tuple(told))


def entries_of(
    here: Place, ledger: str | None, environ: Mapping[str, str], *, now: datetime
) -> Sequence[Entry]:
    """The entries of the pilot's ledger, which was checked. Raises ConfigurationError."""
    references = here.loaded.references(here.environment, environ)
    place = ledger_at(ledger, out=here.out, references=references)
    with read_ledger(place) as opened:
        signed = reading(here.loaded, here.environment, references)
        require_whole_as_signed(opened, signed, str(ledger or place), now=now)
        return tuple(opened.entries())
