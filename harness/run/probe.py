"""Probing a source: it is asked for what it should refuse."""

from __future__ import annotations

from collections.abc import Callable

from connectors.connector import Connector
from connectors.events import Event
from harness.facts import Probed
from harness.run.failure import failure_of


def probe(connector: Connector, *, source: str, log: Callable[[Event], None]) -> Probed:
    """The source's answers to all probes; a probe that fails is a fact, too."""
    try:
        return Probed(source=source, probes=tuple(connector.probe(emit=log)), failure=None)
    except Exception as error:  # noqa: BLE001 - whatever ends a probe is a fact about it
        return Probed(source=source, probes=(), failure=failure_of(error))
