"""How a run begins and ends.

Facts go to the ledger as they are observed, verdicts as they are judged. Landed rows are removed
however the run ends, unless the pilot keeps them. What a run did not reach is NOT_RUN.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from harness import folders, tags
from harness.alerts.acknowledgement import acknowledged_sources
from harness.alerts.channels import Channels, connect_channels
from harness.alerts.teller import teller
from harness.alerts.telling import Telling, telling
from harness.alerts.text import Letterhead
from harness.amendments.statement import counting
from harness.atomic_write import remove_partial
from harness.claims.judge import not_covered, not_run
from harness.errors import ConfigurationError, LedgerLost
from harness.ledger import lock
from harness.ledger.ledger import Ledger, open_ledger
from harness.ledger.opening import take_up
from harness.ledger.remedies import remedy_of_file
from harness.ledger.signed import require_as_signed, signed_mark
from harness.pilot.commit import commit_of
from harness.pilot.connect import ledger_at
from harness.pilot.plan import datasets_of_overlaps, owed_uncovered, verdicts_owed
from harness.pilot.privileges import require_unaskable
from harness.pilot.references import References
from harness.pilot.signing import register_of
from harness.pilot.signing import signing as signing_of
from harness.pins import reference
from harness.pins.baseline import baselines
from harness.progress import Progress, silent
from harness.result import NotPlanned, Planned, Result
from harness.run import held as held_against
from harness.run import old_report
from harness.run.boxed import boxed
from harness.run.config import Job, RunConfig
from harness.run.history import declared_before, earlier_readings
from harness.run.keeper import Keeper
from harness.run.launch import describe
from harness.run.missed import record_missed
from harness.run.run import Run
from harness.run.run_log import RunLog
from harness.run.seal import Seal, provenance
from harness.run.state import RunState
from harness.run.system import System, connect_systems
from harness.run.workplace import Workplace
from harness.signals import held


@contextmanager
def running(
    config: RunConfig, *, progress: Progress = silent, workplace: Workplace = boxed
) -> Iterator[Run]:
    """Open the ledger and begin a run; an exception or a signal marks it INTERRUPTED.

    A mistake in the set-up is a ConfigurationError before any source is read, and a secret store
    that does not answer or does not let us in a SourceError. A ledger that fails is LedgerLost:
    the next run marks this one.
    """
    references = config.loaded.references(config.environment, config.environ)
    with old_report.marked(config), references.kept_alive():
        yield from _running(config, progress, workplace, references)


def _running(
    config: RunConfig, progress: Progress, workplace: Workplace, references: References
) -> Iterator[Run]:
    loaded, out, clock = config.loaded, config.out, config.clock
    profiles = reference.load(loaded)
    approved = baselines(loaded)
    held_together = datasets_of_overlaps(loaded.pilot, config.planned)
    read = {p.source for p in config.planned} | {source for source, _ in held_together}
    systems = connect_systems(config, read, references)
    require_unaskable(loaded, {name: one.connector for name, one in systems.items()})
    channels = connect_channels(loaded, config.environment, references)
    signing = signing_of(loaded, config.environment, references)
    place = ledger_at(config.ledger, out=out, references=references)
    with (
        lock.hold(out / "run.lock", what=str(out), by=_names(config)),
        open_ledger(place) as ledger,
        RunLog(config.log, now=clock.now) as log,
    ):
        name, started_at = str(config.ledger or place), clock.now()
        checked = take_up(ledger, name, now=started_at, mark=signed_mark(ledger, signing))
        require_as_signed(ledger, signing, name)
        seal = Seal(ledger, signing)
        _prepare(config, started_at)
        header = config.header
        uncovered = _uncovered(config, systems)
        planned = _in_order(config.planned, uncovered)
        job = {} if config.job is Job.PROVE else {"job": config.job}
        promised = held_against.promised_by(loaded)
        rests_on = held_against.named(loaded, promised, systems)
        begun = {"planned": list(planned), **_due(config), **job, **_commit(config), **rests_on}
        begun |= checked.says
        held_against.begin(ledger, header, begun, promised, at=started_at)
        state = RunState(ledger, header, planned=planned, systems=systems, clock=clock)
        try:
            state.record_verdicts(
                {p: not_covered(p.claim, p.source, str(p.dataset)) for p in uncovered}
            )
            missed = record_missed(config, ledger, state, started_at)
            with (
                closing(Keeper(place)) as keeper,
                workplace() as work,
                teller(_telling(config, channels, ledger, state)) as told,
            ):
                yield Run(
                    config=config,
                    state=state,
                    log=log,
                    progress=progress,
                    work=work,
                    started_at=started_at,
                    systems=systems,
                    baselines=approved,
                    reference_profiles=profiles,
                    history=earlier_readings(config, checked.history, systems),
                    declared=declared_before(config, checked.history, systems),
                    compared=held_together,
                    acknowledged=acknowledged_sources(loaded, config.environment, ledger),
                    teller=told,
                    uncovered=uncovered,
                    missed=missed,
                    promised={where: one.contract for where, one in promised.items()},
                    amendments=counting(
                        ledger.entries(kind=tags.AMENDMENT),
                        pilot=header.pilot,
                        environment=header.environment,
                        register=register_of(loaded, config.environment),
                    ),
                    ledger=ledger,
                    seal=seal,
                    keeper=keeper,
                )
            seal.keep_and_tell()
        except LedgerLost:
            raise  # the next run marks this one
        except BaseException as error:
            if state.ended:  # it could not be published
                seal.keep()
                raise
            log.close()
            state.end("INTERRUPTED", {"by": tags.of_error(error)}, at=clock.now())
            seal.sign()
            seal.keep()
            raise
        finally:
            with held():
                shutil.rmtree(config.landed.parent, ignore_errors=True)


def _names(config: RunConfig) -> str:
    """A run, to whoever must wait for it."""
    of = f"{config.loaded.pilot.name} ({config.environment}), night {config.slot}"
    return f"run {config.run_id} of {of}"


def _due(config: RunConfig) -> dict[str, Any]:
    """When it was due, and which schedules are armed, if any is."""
    due = {} if config.due_at is None else {"due_at": config.due_at}
    armed = [one.name for one in config.loaded.schedules if one.armed]
    return {**due, **({"armed": armed} if armed else {})}


def _commit(config: RunConfig) -> dict[str, str]:
    commit = commit_of(config.loaded.folder)
    return {} if commit is None else {"commit": commit}


def _telling(
    config: RunConfig, channels: Channels | None, ledger: Ledger, state: RunState
) -> Telling | None:
    """What the run tells, where its environment names channels."""
    if channels is None:
        return None
    head = Letterhead(
        pilot=config.loaded.pilot.name, environment=config.environment, run=config.run_id
    )
    return telling(
        config.loaded,
        channels,
        head=head,
        ledger=ledger,
        record=state.record_told,
        clock=config.clock,
    )


def _prepare(config: RunConfig, started_at: datetime) -> None:
    """Remove what a killed run left; nobody else writes in `out`. Let the report of an earlier run
    say that it is old, and make the folder to land in.

    Raises ConfigurationError where we could not land, keep or publish, before any source is read.
    """
    try:
        for file in filter(os.path.lexists, config.published):
            folders.require_own_file(file)
        for folder in filter(os.path.lexists, config.kept):
            folders.take_folder(folder)
        for file in config.published:
            remove_partial(file)
        folders.take_folder(config.landed.parent)
        for left in config.landed.parent.iterdir():
            shutil.rmtree(left) if stat.S_ISDIR(left.lstat().st_mode) else left.unlink()
        old_report.mark(config, at=started_at)
        folders.take_folder(config.landed)
    except OSError as error:
        raise ConfigurationError(
            f"{error.filename or config.out}: {remedy_of_file(error)}"
        ) from error


def _uncovered(config: RunConfig, systems: Mapping[str, System]) -> tuple[Planned, ...]:
    """A verdict for each dataset that a source names without a contract. A part of a plan, which
    is never ready, leaves them out.
    """
    pilot = config.loaded.pilot
    if set(config.planned) != set(verdicts_owed(pilot)):
        return ()
    return tuple(
        planned
        for source in pilot.sources
        for planned in owed_uncovered(source, systems[source.name].connector)
    )


def _in_order(planned: Sequence[Planned], more: Sequence[Planned]) -> list[Planned]:
    """Source by source, as the plan has them."""
    sources = list(dict.fromkeys(p.source for p in planned))
    return sorted([*planned, *more], key=lambda p: sources.index(p.source))


def finish(run: Run) -> Result:
    """Close the run; every verdict that it owes is in the result, judged or NOT_RUN."""
    state = run.state
    state.record_verdicts({p: not_run(p.claim) for p in state.unjudged()})
    run.teller.finish()
    result = so_far(run)
    body: dict[str, float] = {
        "planned": result.planned,
        "executed": result.executed,
        "ready": result.proven,
    }
    if result.clock_jump:
        body["clock_jump_seconds"] = result.clock_jump.total_seconds()
    state.end("FINISHED", body, at=result.ended_at)
    sealed, config = run.seal.sign(), run.config
    found = provenance(run.ledger, sealed, config.loaded, config.run_id, state.planned)
    return replace(result, provenance=found)


def so_far(run: Run) -> Result:
    """What a run came to, once all that it owes is judged; KeyError before that."""
    config, state = run.config, run.state
    return Result(
        pilot=config.loaded.pilot.name,
        title=config.loaded.settings.title,
        environment=config.environment,
        run=config.run_id,
        slot=config.slot,
        zone=config.loaded.settings.zone,
        code=config.header.code,
        started_at=run.started_at,
        ended_at=config.clock.now(),
        judged=run.verdicts(state.planned),
        facts=state.facts(),
        by="" if config.launch is None else describe(config.launch),
        omitted=len(verdicts_owed(config.loaded.pilot)) - len(config.planned),
        not_planned=tuple(
            NotPlanned(source=source.name, claim=claim, because=because)
            for source in config.loaded.pilot.sources
            for claim, because in source.promises.not_planned.items()
        ),
        uncovered=run.uncovered,
        untold=run.teller.untold,
        missed=run.missed,
        clock_jump=state.clock_jump,
        schedules=config.loaded.schedules,
    )
