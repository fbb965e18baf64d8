"""A pilot in Dagster.

Without a module of one's own, `workspace.yaml` names this one. `SEATRIAL_PILOT`, `SEATRIAL_ENV`,
`SEATRIAL_OUT` and `SEATRIAL_LEDGER` then say which pilot is served; without them it is the one in
the working directory, in the environment `dev`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from harness import definitions
from harness.definitions import defs
from harness.pilot import loading

if TYPE_CHECKING:
    from dagster import Definitions

__all__ = ["build", "defs"]


def build(
    folder: Path, *, environment: str = "dev", out: Path | None = None, ledger: str | None = None
) -> Definitions:
    """The definitions of the pilot in `folder`: connects to nothing, reads no secret.

    `out` is the folder of its results, `out/PILOT` here unless given. `ledger` is a reference to a
    PostgreSQL URL, as `env:LEDGER_URL`; without it the ledger is a SQLite file in `out`. Raises
    ConfigurationError when the pilot cannot be loaded. In a module of your own, whose folder is
    `Path(__file__).parent`, assets of yours can stand beside them.

    >>> [job.name for job in build(Path("estate/demo")).jobs]
    ['prove', 'nightly_drift', 'approve_baseline', 'train']
    """
    return definitions.build(loading.load(folder), environment=environment, out=out, ledger=ledger)
