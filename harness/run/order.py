"""What a child is told: its task, one source's settings, and an environment without secrets."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import structs

from connectors.secrets import variable
from contracts.promises import Thresholds
from harness.pilot.place import LEDGER
from harness.run.circuit_breaker import why_not_asked
from harness.run.config import RunConfig
from harness.run.run import Run
from harness.run.task import AskColumns, Read, Task
from harness.run.wire import Order, Pilot

_HOLD_URLS = frozenset({LEDGER, "SEATRIAL_STORAGE_URL"})
"""Variables that may hold a URL with its password."""


def order(run: Run, task: Task, temporary: Path) -> Order:
    """The order for a child that does `task`, and keeps temporary files in `temporary`."""
    pilot = None
    if isinstance(task, Read | AskColumns):
        task = structs.replace(task, refused=why_not_asked(run.state.sights_of(task.source)))
        pilot = _pilot(run, task.source)
    return Order(
        task=task,
        pilot=pilot,
        folder=str(Path.cwd()),
        temporary=str(temporary),
        path=tuple(sys.path),
        environ=environ(run.config),
        shares_budgets=run.keeper.is_needed,
        debug=logging.getLogger("seatrial").isEnabledFor(logging.DEBUG),
    )


def environ(config: RunConfig) -> dict[bytes, bytes]:
    """This process's environment without the variables that any reference in `pilot.yaml` names,
    whatever it is for: a source, alerts, signatures, the browser interface.
    """
    references = [config.ledger or "", *_texts(config.loaded.settings.model_dump())]
    hidden = {variable(reference) for reference in references} | _HOLD_URLS
    return {
        os.fsencode(name): os.fsencode(value)
        for name, value in os.environ.items()
        if name not in hidden
    }


def _texts(value: object) -> Iterator[str]:
    """Every text in a document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple | set):
        for one in value:
            yield from _texts(one)


def _pilot(run: Run, source: str) -> Pilot:
    system, loaded = run.systems[source], run.config.loaded
    assert system.address is not None
    return Pilot(
        folder=str(loaded.folder),
        where=system.address.where,
        values=system.address.values,
        thresholds=Thresholds(**loaded.settings.thresholds.model_dump()),
    )
