"""What a run is of: decided before anything is opened, and the same until it ends."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from harness.clock import Clock
from harness.ledger.ledger import Header, Launch, utc_now
from harness.pilot.model import LoadedPilot
from harness.result import Planned
from harness.run import code_version


def new_run_id() -> str:
    """The time, to be found again, and eight random digits."""
    return f"{utc_now():%Y%m%dT%H%M%SZ}-{uuid.uuid4().hex[:8]}"


class Job(StrEnum):
    """What a run does."""

    PROVE = "prove"
    """Reads its sources and judges what they owe."""
    DRIFT = "drift"
    """Asks its sources for their columns alone."""


_PUBLISHED = {
    Job.PROVE: ("verdicts.json", "report.html"),
    Job.DRIFT: ("drift.json", "drift.html"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RunConfig:
    """One run of one pilot, for one night, into one folder."""

    loaded: LoadedPilot
    environment: str
    slot: date
    """The night that the run is recorded for."""
    planned: tuple[Planned, ...]
    """The verdicts that it owes."""
    out: Path
    """Where results go, and rows that the pilot keeps."""
    environ: Mapping[str, str] = field(repr=False)
    """What references are resolved in; it holds secrets."""
    ledger: str | None = None
    """A reference to a PostgreSQL URL; None for a SQLite file in `out`."""
    due_at: datetime | None = None
    """When its schedule was due, or when it was asked for by hand; None for when it begins."""
    launch: Launch | None = None
    """Who begins it, and where."""
    clock: Clock = field(default_factory=lambda: Clock(now=utc_now))
    run_id: str = field(default_factory=new_run_id)
    job: Job = Job.PROVE

    @property
    def header(self) -> Header:
        """What each of its ledger entries says of it."""
        return Header(
            pilot=self.loaded.pilot.name,
            environment=self.environment,
            run=self.run_id,
            slot=self.slot.isoformat(),
            code=code_version.text(),
            launch=self.launch,
            configuration=self.loaded.configuration,
        )

    @property
    def log(self) -> Path:
        """The file of its run log."""
        return self.out / "logs" / f"{self.run_id}.jsonl"

    @property
    def published(self) -> tuple[Path, Path]:
        """The files that people and programs read of its result."""
        verdicts, report = _PUBLISHED[self.job]
        return self.out / verdicts, self.out / report

    @property
    def kept(self) -> tuple[Path, ...]:
        """The folders of rows that the pilot keeps."""
        return tuple(self.out / "data" / name for name in ("", *self.loaded.settings.keep))

    @property
    def landed(self) -> Path:
        """The folder in which its rows land."""
        return self.out / "landed" / self.run_id
