"""Which pilot runs, in which environment, and where its results go.

Dagster's processes pass this on in environment variables. Only this module reads and writes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from connectors.secrets import is_reference
from harness.pilot import loading
from harness.pilot.model import LoadedPilot

PILOT, ENVIRONMENT, OUT = "SEATRIAL_PILOT", "SEATRIAL_ENV", "SEATRIAL_OUT"
LEDGER = "SEATRIAL_LEDGER"
FOLDER = "SEATRIAL_FOLDER"
DEFAULTS: Mapping[str, str] = {
    PILOT: "the pilot here, if it is the only one",
    ENVIRONMENT: "dev",
    OUT: "out/PILOT here",
    LEDGER: "a SQLite file beside the results",
    FOLDER: "the current folder",
}
"""Every variable that is read here, with its default in words."""


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
        """The variables that select this place in another process."""
        return {
            PILOT: str(self.folder),
            ENVIRONMENT: self.environment,
            OUT: str(self.out),
            FOLDER: str(Path.cwd()),
        }


def place(folder: Path | None, *, environment: str, out: Path | None, start: Path) -> Place:
    """The pilot in `folder`, or the one at or below `start`; results in `start/out/PILOT`.

    Raises ConfigurationError, also for an environment that `pilot.yaml` does not have.
    """
    loaded = loading.load_chosen(folder, start=start)
    loaded.environment(environment)
    return Place(
        loaded=loaded,
        folder=loaded.folder,
        environment=environment,
        # Not resolved: a link is refused, wherever it leads.
        out=(start / (out or results(loaded.pilot.name))).absolute(),
    )


def results(pilot: str) -> Path:
    """Where the results of a pilot go unless somebody says otherwise."""
    return Path("out") / pilot


def from_environ(environ: Mapping[str, str], *, start: Path) -> Place:
    """The place that the variables select; by default the one pilot here, in `dev`."""
    folder, out = environ.get(PILOT), environ.get(OUT)
    return place(
        Path(folder) if folder else None,
        environment=environ.get(ENVIRONMENT) or "dev",
        out=Path(out) if out else None,
        start=start,
    )


def folder(environ: Mapping[str, str]) -> Path:
    """Where a pilot's relative paths begin: the current folder, also in a process that was started
    in another one.
    """
    return Path(environ.get(FOLDER) or Path.cwd())


def ledger(environ: Mapping[str, str]) -> str | None:
    """The reference of the ledger's URL; None for the SQLite file in `out`. The variable has a
    reference or the URL itself. The URL may contain a password, so only a reference is passed on.
    """
    value = environ.get(LEDGER)
    if not value:
        return None
    return value if is_reference(value) else f"env:{LEDGER}"


def pass_on(ledger: str) -> dict[str, str]:
    """The variable that selects the ledger behind a reference in another process."""
    return {} if ledger == f"env:{LEDGER}" else {LEDGER: ledger}
