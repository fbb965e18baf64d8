"""An open run, as the command line and Dagster both go through it.

    running ─▶ prove_source, for each source ─▶ reconcile ─▶ finish

`running` and `finish` are in `lifecycle.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from connectors.capabilities import locator
from contracts.evaluation import Reference
from harness.alerts.teller import Teller
from harness.amendments.effect import excused
from harness.amendments.records import Amendment
from harness.claims.nights import counted_from
from harness.facts import Baseline, Declaration, Reading
from harness.ledger.ledger import Ledger, Origin
from harness.pilot.settings import Acknowledgement
from harness.progress import Progress
from harness.result import Judged, Planned, RecordedMiss
from harness.run import evidence_class
from harness.run.config import RunConfig
from harness.run.keeper import Keeper
from harness.run.run_log import RunLog
from harness.run.seal import Seal
from harness.run.state import RunState
from harness.run.system import System
from harness.run.task import Task, Tell


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """All that a step of a run works with. Only `state` and `log` change."""

    config: RunConfig
    state: RunState
    log: RunLog
    progress: Progress
    work: Work
    """Does what touches a source and its bytes."""
    started_at: datetime
    systems: Mapping[str, System]
    """Each source that is read, by name."""
    baselines: Mapping[tuple[str, str], Baseline]
    """What was approved of each dataset."""
    reference_profiles: Mapping[str, Reference]
    """What the values of each `source.dataset` are compared with, where that is pinned."""
    history: Mapping[tuple[str, str], tuple[Reading, ...]]
    """Readings of earlier slots from the same system under the same contract, by dataset."""
    declared: Mapping[tuple[str, str], Reading | Declaration]
    """What each dataset's source declared last, on an earlier night."""
    compared: frozenset[tuple[str, str]]
    """Datasets whose landed rows stay until a reconciliation has compared them."""
    acknowledged: Mapping[str, Acknowledgement]
    """The newest acknowledgement by `seatrial ack` for each source that has one."""
    teller: Teller
    ledger: Ledger
    """To which the seal goes; facts and verdicts go through `state`."""
    seal: Seal
    keeper: Keeper
    """Answers what the children of a run ask of budgets."""
    promised: Mapping[tuple[str, str | None], str]
    """The digest of what each source and dataset promised."""
    amendments: tuple[Amendment, ...] = ()
    """Those whose signatures count; while a run goes on, nobody can add one."""
    missed: tuple[RecordedMiss, ...] = ()
    """The nights of the last 30 that did not run."""
    uncovered: tuple[Planned, ...] = ()
    """The verdicts on datasets that a source names without a contract."""

    def verdicts(self, planned: Iterable[Planned]) -> tuple[Judged, ...]:
        """What came of each, with the excuses that they have now; KeyError for one that was never
        judged.
        """
        judged, now = self.state.verdicts(planned), self.config.clock.now()
        return excused(judged, self.amendments, now, contracts=self.promised)

    @property
    def counted_from(self) -> datetime:
        """The moment whose date is its night."""
        return counted_from(self.started_at, due_at=self.config.due_at or self.started_at)

    def landing_path(self, source: str, dataset: str) -> Path:
        """The file in which the rows of a dataset land."""
        return self.config.landed / source / f"{dataset}.parquet"

    def origin(self, source: str, dataset: str, *others: str) -> Origin:
        """Where a fact about a dataset comes from; where it rests on `others` of the sources,
        too, it is worth no more than the weakest evidence.
        """
        classes = (self.systems[name].evidence_class for name in (source, *others))
        return Origin(
            source=source,
            dataset=dataset,
            endpoint=self.systems[source].connector.endpoint,
            locator=locator(self.systems[source].connector, dataset),
            contract=self.config.loaded.digests[source, dataset].current,
            evidence_class=evidence_class.weakest(classes),
        )


Work: TypeAlias = Callable[[Run, Task, Tell], None]
"""Does one task of a run, and tells what comes of it. Never raises for what a source does."""
