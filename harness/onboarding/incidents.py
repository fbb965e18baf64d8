"""`seatrial incident`: tells a pilot's incidents from its ledger, without a lock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from harness.alerts.history import history_in
from harness.alerts.incident import Incident, incidents
from harness.alerts.page import Asked, page
from harness.alerts.text import Letterhead
from harness.errors import unknown
from harness.ledger.ledger import read_ledger
from harness.ledger.signed import require_whole_as_signed
from harness.pilot.connect import ledger_at
from harness.pilot.place import Place
from harness.pilot.plan import verdicts_owed
from harness.pilot.signing import reading, register_of


def tell_incidents(  # noqa: PLR0913 - which incidents, and where they are recorded
    here: Place,
    *,
    sources: Sequence[str],
    mended: bool,
    ledger: str | None,
    environ: Mapping[str, str],
    now: datetime,
) -> list[str]:
    """The open incidents, oldest first, and those that are mended if asked for, line by line.

    Raises ConfigurationError for an unknown source, and where there is no ledger.
    """
    loaded, settings = here.loaded, here.loaded.settings
    known = [source.name for source in loaded.pilot.sources]
    for name in sources:
        if name not in known:
            raise unknown("source", name, known)
    references = loaded.references(here.environment, environ)
    place = ledger_at(ledger, out=here.out, references=references)
    signed = reading(loaded, here.environment, references)
    with read_ledger(place) as opened:
        require_whole_as_signed(opened, signed, str(ledger or place), now=now)
        history = history_in(
            opened,
            pilot=loaded.pilot.name,
            environment=here.environment,
            register=register_of(loaded, here.environment),
        )
    alerts = loaded.environment(here.environment).alerts
    patience = None if alerts is None else timedelta(hours=alerts.escalate_after_hours)
    owed = set(verdicts_owed(loaded.pilot))

    def asked(incident: Incident) -> Asked:
        return Asked(
            head=Letterhead(pilot=loaded.pilot.name, environment=here.environment, run=""),
            owner=settings.owners.get(incident.planned.source),
            owed=incident.planned in owed,
            now=now,
            escalate_after=patience,
        )

    chosen = [
        one
        for one in incidents(history)
        if (mended or one.mended is None) and (not sources or one.planned.source in sources)
    ]
    lines = [line for one in chosen for line in (*page(one, history.told, asked(one)), "")]
    return lines[:-1] or [f"no {'' if mended else 'open '}incident in {here.environment}"]
