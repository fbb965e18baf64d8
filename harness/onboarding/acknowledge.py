"""`seatrial ack`: a person says that they answer for a source and know its incidents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from harness import tags
from harness.alerts.incident import incidents
from harness.alerts.records import Acknowledged
from harness.clock import Clock
from harness.errors import ConfigurationError, unknown
from harness.pilot.model import LoadedPilot
from harness.pilot.place import Place
from harness.run.aside import aside


def acknowledge(  # noqa: PLR0913 - who says so of what, and where it is recorded
    here: Place,
    *,
    by: str,
    sources: Sequence[str],
    ledger: str | None,
    environ: Mapping[str, str],
    clock: Clock,
) -> list[str]:
    """Record it for the named sources, or all that name this person; one line for each.

    Raises ConfigurationError for a person or a source that `owners` does not name.
    """
    chosen = _sources_of(here.loaded, by, sources)
    with aside(here, ledger=ledger, environ=environ, clock=clock) as opened:
        known = [one for one in incidents(opened.history()) if one.mended is None]
        open_ids = {
            source: tuple(one.id for one in known if one.planned.source == source)
            for source in chosen
        }
        with opened.ledger.together():
            for source, ids in open_ids.items():
                said = Acknowledged(by=by, source=source, incidents=ids)
                opened.record(tags.ACKNOWLEDGED, said)
    return [f"{source}: {_told(ids, by)}" for source, ids in open_ids.items()]


def _told(ids: Sequence[str], by: str) -> str:
    if not ids:
        return f"acknowledged by {by}; no incident is open"
    many = "1 incident" if len(ids) == 1 else f"{len(ids)} incidents"
    return f"{many} acknowledged by {by}: {', '.join(ids)}"


def _sources_of(loaded: LoadedPilot, by: str, sources: Sequence[str]) -> list[str]:
    owners = loaded.settings.owners
    people = {person for owner in owners.values() for person in owner.people}
    theirs = [source for source, owner in owners.items() if by in owner.people]
    if not theirs:
        raise unknown("owner", by, people)
    for source in sources:
        if source not in owners:
            raise unknown("source", source, owners)
        if source not in theirs:
            raise ConfigurationError(
                f"{by} is neither owner, deputy nor escalation of {source}: add the name under "
                "owners in pilot.yaml, or have one of them acknowledge"
            )
    return [source for source in theirs if not sources or source in sources]
