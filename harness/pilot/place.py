"""Which pilot is served, in which environment, and where its results go.

Dagster's processes hand it to each other in environment variables, read and written here and
nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from connectors.secrets import is_reference
from harness.errors import unknown
from harness.pilot import loading
from harness.pilot.model import LoadedPilot

PILOT, ENVIRONMENT, OUT = "SEATRIAL_PILOT", "SEATRIAL_ENV", "SEATRIAL_OUT"
LEDGER = "SEATRIAL_LEDGER"
WITHOUT: Mapping[str, str] = {
    PILOT: "the one pilot here",
    ENVIRONMENT: "dev",
    OUT: "out/PILOT here",
    LEDGER: "a SQLite file beside the results",
}
"""Every variable that is read here, and what holds where it is not set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A pilot in one environment."""

    loaded: LoadedPilot
    folder: Path
    """With its `pilot.py` and `pilot.yaml`."""
    environment: str
    out: Path
    """Ledger, report and verdicts."""

    def environ(self) -> dict[str, str]:
        """The variables that lead another process here."""
        return {PILOT: str(self.folder), ENVIRONMENT: self.environment, OUT: str(self.out)}


def place(folder: Path | None, *, environment: str, out: Path | None, start: Path) -> Place:
    """The pilot in `folder`, or the one at or below `start`; results in `start/out/PILOT`.

    Raises ConfigurationError, also for an environment that `pilot.yaml` does not have.
    """
    found = (start / (folder or loading.find(start))).resolve()
    loaded = loading.load(found)
    if environment not in loaded.settings.environments:
        raise unknown("environment", environment, loaded.settings.environments)
    return Place(
        loaded=loaded,
        folder=found,
        environment=environment,
        out=(start / (out or Path("out") / loaded.pilot.name)).resolve(),
    )


def from_environ(environ: Mapping[str, str], *, start: Path) -> Place:
    """What the variables say; without them the one pilot here, in `dev`."""
    folder, out = environ.get(PILOT), environ.get(OUT)
    return place(
        Path(folder) if folder else None,
        environment=environ.get(ENVIRONMENT) or "dev",
        out=Path(out) if out else None,
        start=start,
    )


def ledger(environ: Mapping[str, str]) -> str | None:
    """Where the ledger's URL is: in the variable, or where a reference there leads; None for the
    SQLite file in `out`. The URL may hold a password, so only its place is given on.
    """
    held = environ.get(LEDGER)
    if not held:
        return None
    return held if is_reference(held) else f"env:{LEDGER}"


def handed_on(ledger: str) -> dict[str, str]:
    """The variable that leads another process to the ledger behind a reference."""
    return {} if ledger == f"env:{LEDGER}" else {LEDGER: ledger}
