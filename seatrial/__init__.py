"""All that a pilot is written with. What stands here and in the modules beside it is public.

| module | holds |
|---|---|
| `seatrial` | what every pilot needs: `Pilot`, `Source`, `Contract`, `Promises` and their parts |
| `seatrial.sql`, `seatrial.rest`, `seatrial.files` | the connectors, each with its own settings |
| `seatrial.connector` | the seam, for whoever writes a connector |
| `seatrial.dagster` | a pilot as Dagster's definitions |

Importing `seatrial` connects to nothing. Each name is loaded when it is first used, so that
`seatrial --help` need not wait for libraries that it does not use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from seatrial._foreign import refuse_foreign

if TYPE_CHECKING:
    from connectors.secrets import Secret
    from contracts.promises import (
        Amount,
        Contract,
        Groups,
        Promises,
        Quota,
        Reconciliation,
        SourcePromises,
        Volume,
    )
    from contracts.time_formats import TimeFormat
    from harness.pilot.model import Address, Model, Pilot, Source

__all__ = [
    "Address",
    "Amount",
    "Contract",
    "Groups",
    "Model",
    "Pilot",
    "Promises",
    "Quota",
    "Reconciliation",
    "Secret",
    "Source",
    "SourcePromises",
    "TimeFormat",
    "Volume",
]

_HOMES = {
    **dict.fromkeys(("Address", "Model", "Pilot", "Source"), "harness.pilot.model"),
    "Secret": "connectors.secrets",
    "TimeFormat": "contracts.time_formats",
}
"""Where a name is defined; all others in `contracts.promises`."""

refuse_foreign()


def __getattr__(name: str) -> object:
    """Load a public name at its first use (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module 'seatrial' has no attribute {name!r}")
    found: object = getattr(import_module(_HOMES.get(name, "contracts.promises")), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return __all__
