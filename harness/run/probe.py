"""Probing a source: it is asked for what it should refuse."""

from __future__ import annotations

from collections.abc import Callable

from connectors.connector import Connector, Probe
from connectors.events import Event
from connectors.redaction import redacted
from harness.facts import Failure, Probed
from harness.run.failure import failure_of
from harness.run.sums import Sums


def probe(connector: Connector, *, source: str, log: Callable[[Event], None]) -> Probed:
    """The source's answers to all probes, and how many there were; a probe that fails is a fact,
    too.
    """
    sums = Sums()

    def emit(event: Event) -> None:
        event = redacted(event)
        sums.add(event)
        log(event)

    probes: tuple[Probe, ...] = ()
    failure: Failure | None = None
    try:
        probes = tuple(map(redacted, connector.probe(emit=emit)))
    except Exception as error:  # noqa: BLE001 - whatever ends a probe is a fact about it
        failure = failure_of(error)
    return Probed(
        source=source,
        probes=probes,
        failure=failure,
        attempts=len(sums.answers),
        overloads=sums.refusals_for_number(),
    )
