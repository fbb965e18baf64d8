"""What a child is told: its task, one source's secrets, and an environment without any other's."""

from __future__ import annotations

import logging
import os
import sys
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
        debug=logging.getLogger("seatrial").isEnabledFor(logging.DEBUG),
    )


def environ(config: RunConfig) -> dict[bytes, bytes]:
    """This process's environment without the variables that any reference names."""
    settings = config.loaded.settings
    references = [config.ledger or ""]
    for one in settings.environments.values():
        references += [] if one.vault is None else one.vault.given.values()
        references += [] if one.alerts is None else one.alerts.references
        references += [value for given in one.sources.values() for value in given.values()]
    hidden = {variable(reference) for reference in references} | _HOLD_URLS
    return {
        os.fsencode(name): os.fsencode(value)
        for name, value in os.environ.items()
        if name not in hidden
    }


def _pilot(run: Run, source: str) -> Pilot:
    system, loaded = run.systems[source], run.config.loaded
    assert system.address is not None
    return Pilot(
        folder=str(loaded.folder),
        where=system.address.where,
        values=system.address.values,
        secrets={secret.reference: secret.reveal() for secret in system.secrets},
        thresholds=Thresholds(**loaded.settings.thresholds.model_dump()),
    )
