"""Who acknowledged a source: by `pilot.yaml`, or by `seatrial ack` in the ledger."""

from __future__ import annotations

from harness.alerts.history import acknowledgements_in
from harness.ledger.ledger import Ledger
from harness.pilot.model import LoadedPilot
from harness.pilot.settings import Acknowledgement


def acknowledged_sources(
    loaded: LoadedPilot, environment: str, ledger: Ledger
) -> dict[str, Acknowledgement]:
    """The newest acknowledgement in the ledger of each source, by somebody whom its register
    still names; the day is that of the pilot's zone.
    """
    owners = loaded.settings.owners
    found = {}
    for one in acknowledgements_in(ledger, pilot=loaded.pilot.name, environment=environment):
        said = one.acknowledged
        if said.source in owners and said.by in owners[said.source].people:
            on = one.at.astimezone(loaded.zone).date()
            found[said.source] = Acknowledgement(by=said.by, on=on)
    return found


def newest(*given: Acknowledgement | None) -> Acknowledgement | None:
    """The last of them by its day; of one day, the last one given."""
    return max(filter(None, reversed(given)), key=lambda one: one.on, default=None)
