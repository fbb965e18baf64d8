"""Probing a source: it is asked for what it should refuse."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from connectors.connector import Connector, Probe
from connectors.events import Emit, Event
from connectors.redaction import redacted
from connectors.rights import TriesWrites, Way, not_asked, way
from harness.facts import Failure, Probed
from harness.pilot.privileges import Permission
from harness.run.failure import failure_of
from harness.run.sums import Sums


def probe(
    connector: Connector,
    *,
    source: str,
    permission: Permission | None,
    log: Callable[[Event], None],
) -> Probed:
    """The source's answers to all probes, and how many there were; a probe that fails is a fact,
    too. What our log-in may write is tried only where its owner permits it, and looked up or not
    asked elsewhere.
    """
    sums = Sums()

    def emit(event: Event) -> None:
        event = redacted(event)
        sums.add(event)
        log(event)

    probes: tuple[Probe, ...] = ()
    failure: Failure | None = None
    try:
        answers = [*connector.probe(emit=emit), *_writes(connector, permission, emit)]
        probes = tuple(map(redacted, answers))
    except Exception as error:  # noqa: BLE001 - whatever ends a probe is a fact about it
        failure = failure_of(error)
    return Probed(
        source=source,
        probes=probes,
        failure=failure,
        attempts=len(sums.answers),
        overloads=sums.refusals_for_number(),
    )


def _writes(connector: Connector, permission: Permission | None, emit: Emit) -> Sequence[Probe]:
    if permission is None or way(connector) is not Way.TRIED:
        return ()
    if permission.why_not is not None:
        return (not_asked("write there", permission.why_not),)
    assert isinstance(connector, TriesWrites)
    return connector.try_writes(permission.at, emit=emit)
