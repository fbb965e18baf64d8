"""One run of one pilot: what the command line and Dagster both go through.

    running ─▶ prove_source, for each source (harness/run/source.py) ─▶ finish

Facts go to the ledger as they are observed, verdicts as they are judged; landed rows are removed
at the end, whatever it was, unless the pilot keeps them. What a run did not reach is NOT_RUN.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from connectors.connector import Connector
from contracts.evaluation import Reference
from harness import tags
from harness.claims.judge import not_run
from harness.clock import Clock
from harness.errors import ConfigurationError, LedgerLost
from harness.facts import Baseline, EvidenceClass, Fact, Reading
from harness.ledger import lock
from harness.ledger.chain import breaks
from harness.ledger.history import recorded
from harness.ledger.ledger import Header, Ledger, Origin, opened
from harness.pilot.connect import connect, ledger_at
from harness.pilot.model import LoadedPilot
from harness.pilot.plan import compared, owed
from harness.pins import reference
from harness.pins.baseline import baselines
from harness.result import Judged, Planned, Result
from harness.run import code_version, evidence_class
from harness.run.run_log import RunLog
from harness.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """An open run."""

    loaded: LoadedPilot
    environment: str
    slot: date
    header: Header
    planned: tuple[Planned, ...]
    connectors: Mapping[str, Connector]
    """Built, but connected to nothing yet."""
    ledger: Ledger
    log: RunLog
    folder: Path
    """Where rows land, to be removed at the end."""
    out: Path
    """Where results go, and rows that the pilot keeps."""
    clock: Clock
    started_at: datetime
    compared: frozenset[tuple[str, str]]
    """Datasets whose landed rows stay until a reconciliation has compared them."""
    evidence_classes: Mapping[str, EvidenceClass]
    """What evidence from each source is worth here."""
    baselines: Mapping[tuple[str, str], Baseline]
    """What was approved of each dataset."""
    history: Mapping[tuple[str, str], tuple[Reading, ...]]
    """Readings of earlier slots from the same system under the same contract, by dataset."""
    reference_profiles: Mapping[str, Reference]
    """What the values of each `source.dataset` are held against, where it is pinned."""
    judged: dict[Planned, Judged]
    facts: list[Fact]


@contextmanager
def running(  # noqa: PLR0913 - a run is of a pilot, somewhere, for a night, with a plan
    loaded: LoadedPilot,
    *,
    environment: str,
    slot: date,
    planned: Sequence[Planned],
    out: Path,
    environ: Mapping[str, str],
    clock: Clock,
    run_id: str | None = None,
    ledger: str | None = None,
) -> Iterator[Run]:
    """Open the ledger and begin a run; an exception or a signal marks it INTERRUPTED.

    The ledger is behind the reference `ledger`, or in `out` without one. Everything that can be
    wrong with the set-up is a ConfigurationError before any source is touched, or a SourceError
    where a secret store does not answer or let us in. Landed rows are removed at the end, whatever
    it was.
    """
    profiles = reference.load(loaded)
    approved = baselines(loaded)
    held_together = compared(loaded.pilot, planned)
    sources = {p.source for p in planned} | {source for source, _ in held_together}
    references = loaded.references(environment, environ)
    besides = () if ledger is None else (ledger,)
    connectors = connect(loaded, environment, sources, references, besides=besides)
    place = ledger_at(ledger, out=out, references=references)
    declared = loaded.settings.environments[environment].evidence_class
    run_id = run_id or f"{clock.now():%Y%m%dT%H%M%SZ}-{uuid.uuid4().hex[:8]}"
    header = Header(
        pilot=loaded.pilot.name,
        environment=environment,
        run=run_id,
        slot=slot.isoformat(),
        code=code_version.text(),
    )
    landed = out / "landed" / run_id
    with (
        lock.held(out / "run.lock", what=str(out)),
        opened(place) as book,
        RunLog(out / "logs" / f"{run_id}.jsonl", now=clock.now) as log,
    ):
        if broken := next(breaks(book.entries()), None):
            raise ConfigurationError(
                f"ledger {ledger or place}: {broken}: keep it, and name another --out or --ledger"
            )
        # Nobody else writes in `out`: rows still here were left by a run that was killed.
        shutil.rmtree(landed.parent, ignore_errors=True)
        started_at = clock.now()
        book.begin(header, {"planned": list(planned)}, at=started_at)
        run = Run(
            loaded=loaded,
            environment=environment,
            slot=slot,
            header=header,
            planned=tuple(planned),
            connectors=connectors,
            ledger=book,
            log=log,
            folder=landed,
            out=out,
            clock=clock,
            started_at=started_at,
            compared=held_together,
            evidence_classes={
                name: evidence_class.of(connector.endpoint, declared)
                for name, connector in connectors.items()
            },
            baselines=approved,
            history={},
            reference_profiles=profiles,
            judged={},
            facts=[],
        )
        try:
            yield replace(run, history=_history(run))
        except LedgerLost:
            raise  # the next run marks this one
        except BaseException as error:
            book.end(header, "INTERRUPTED", {"by": tags.of_error(error)}, at=clock.now())
            raise
        finally:
            shutil.rmtree(landed.parent, ignore_errors=True)


def finish(run: Run) -> Result:
    """Close the run; every verdict it was asked for is in the result, judged or NOT_RUN."""
    for p in run.planned:
        if p not in run.judged:
            record_verdict(run, p, not_run(p.claim))
    result = Result(
        pilot=run.loaded.pilot.name,
        title=run.loaded.settings.title,
        environment=run.environment,
        run=run.header.run,
        slot=run.slot,
        zone=run.loaded.settings.zone,
        started_at=run.started_at,
        ended_at=run.clock.now(),
        judged=tuple(run.judged[p] for p in run.planned),
        facts=tuple(run.facts),
        omitted=len(owed(run.loaded.pilot)) - len(run.planned),
    )
    run.ledger.end(
        run.header,
        "FINISHED",
        {"planned": result.planned, "executed": result.executed, "ready": result.ready},
        at=result.ended_at,
    )
    return result


def landing_place(run: Run, source: str, dataset: str) -> Path:
    """Where the rows of a dataset land."""
    return run.folder / source / f"{dataset}.parquet"


def record(run: Run, fact: Fact, origin: Origin, *, cursor: str | None = None) -> None:
    """Put one fact on the ledger and in the result."""
    kind = tags.FACTS[type(fact)]
    run.ledger.append(run.header, kind, fact, at=run.clock.now(), origin=origin, cursor=cursor)
    run.facts.append(fact)


def record_verdict(run: Run, planned: Planned, verdict: Verdict, *others: str) -> None:
    """Put one verdict on the ledger and in the result.

    Where it rests on `others` of the sources, too, it is worth no more than the weakest evidence.
    """
    judged = Judged(
        planned=planned,
        verdict=verdict,
        evidence_class=evidence_class.weakest(
            run.evidence_classes[name] for name in (planned.source, *others)
        ),
    )
    run.ledger.append(
        run.header,
        tags.VERDICT,
        verdict,
        at=run.clock.now(),
        origin=Origin(
            source=planned.source,
            dataset=planned.dataset,
            endpoint=run.connectors[planned.source].endpoint,
            evidence_class=judged.evidence_class,
        ),
    )
    run.judged[planned] = judged


def _history(run: Run) -> dict[tuple[str, str], tuple[Reading, ...]]:
    """One reading for each earlier slot: the last whole one, else the last failed one.

    What was read on another day than its slot's says nothing of that night, and what was read
    somewhere else nothing of this system.
    """
    zone = run.loaded.zone
    found: dict[tuple[str, str], dict[date, Reading]] = {}
    for old in recorded(run.ledger.entries(kind=tags.FACTS[Reading])):
        name = (old.source, old.dataset)
        same = (
            old.pilot == run.header.pilot
            and old.environment == run.environment
            and name in run.loaded.digests
            and old.contract in run.loaded.digests[name]
            and old.slot < run.slot
            and old.slot == old.reading.started_at.astimezone(zone).date()
            and old.source in run.connectors
            and old.endpoint == run.connectors[old.source].endpoint
            and old.evidence_class is run.evidence_classes[old.source]
        )
        if not same:
            continue
        by_slot = found.setdefault(name, {})
        if old.reading.failure is None or old.slot not in by_slot:
            by_slot[old.slot] = old.reading
    return {name: tuple(by_slot[s] for s in sorted(by_slot)) for name, by_slot in found.items()}
