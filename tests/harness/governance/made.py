"""What the tests of governance make."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from harness.clock import Clock
from harness.governance.known import Known
from harness.pilot import loading
from harness.pilot.model import LoadedPilot

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
TODAY = date(2026, 11, 20)


def at_noon() -> Clock:
    return Clock(now=lambda: NOON)


def again(folder: Path) -> LoadedPilot:
    """The pilot, as it is now: another process would import it anew."""
    for name in [one for one in sys.modules if one.partition(".")[0] == "acme"]:
        del sys.modules[name]
    return loading.load(folder)


def otherwise(known: Known, **governance: Any) -> Known:
    """The same, where people decided something else."""
    changed = known.governance.model_copy(update=governance)
    settings = known.loaded.settings.model_copy(update={"governance": changed})
    return replace(known, loaded=replace(known.loaded, settings=settings))
