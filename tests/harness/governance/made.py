"""What the tests of governance make."""

from __future__ import annotations

import json
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
    forget_acme()
    return loading.load(folder)


def forget_acme() -> None:
    for name in [one for one in sys.modules if one.partition(".")[0] == "acme"]:
        del sys.modules[name]


def otherwise(known: Known, **governance: Any) -> Known:
    """The same, where people decided something else."""
    changed = known.governance.model_copy(update=governance)
    settings = known.loaded.settings.model_copy(update={"governance": changed})
    return replace(known, loaded=replace(known.loaded, settings=settings))


def sample(known: Known, *, count: int = 5) -> list[dict[str, Any]]:
    """Decisions that keep the format, on the data of the newest readings, an hour after them."""
    from harness.governance.lineage import graph

    of = graph(known)
    assert of is not None
    read = {f"{s}.{d}": known.readings.get((s, d)) for s, d in of.given.datasets}
    return [
        {
            "decision": f"d-{number}",
            "number": number,
            "decided_at": f"2026-11-20T13:{number:02}:00Z",
            "decided_by": "scoring service",
            "says": "again" if number % 2 else "not_again",
            "inputs": {"spent": 12.5 * number, "voucher": "SPRING"},
            "data": {n: one[2].sha256 if one else "0" * 64 for n, one in read.items()},
            "contracts": {
                n: one[1].origin.contract if one else "0" * 64 for n, one in read.items()
            },
            "model_version": "3",
            "parameters": {"threshold": 0.5},
            "because": "A voucher was used.",
            "override": None,
        }
        for number in range(1, count + 1)
    ]


def lines(records: list[dict[str, Any]]) -> list[bytes]:
    return [json.dumps(one).encode() + b"\n" for one in records]
