"""Has datasets of a source read and evaluated as far as their claims need, and records it.

what claims need ─ Task ─▶ work ─ Message ─▶ ledger, run log, progress
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TypeAlias

from connectors.events import Waited
from contracts.promises import Contract
from harness.claims import least_privilege
from harness.claims.claim import Need
from harness.facts import Fact, Reading
from harness.ledger.cursor import high_water
from harness.ledger.ledger import Origin
from harness.pilot.privileges import Permission, permission
from harness.progress import WAITING
from harness.result import Planned
from harness.run.circuit_breaker import why_not_asked
from harness.run.keep import keep
from harness.run.run import Run
from harness.run.task import Asked, Done, Happened, Message, Read, Stage, ToRead

LONG_SECONDS = 5.0
"""Whoever looks on would ask what a wait of this length is for."""

Finished: TypeAlias = Callable[[Reading, list[Fact]], None]
"""Is given a dataset's reading and what was found in its rows, once both are recorded."""


def read_and_evaluate(
    run: Run,
    source: str,
    needed: Mapping[str, frozenset[Need]],
    finished: Finished,
    *,
    probe: bool = False,
) -> None:
    """Probe the source if asked; read the datasets that `needed` names, and gather from the rows
    of each what it says, if the reading is whole.

    Never raises for what a source does: that is a fact.
    """

    def hear(message: Message) -> None:
        match message:
            case Stage():
                run.progress(source, message.dataset, message.stage, message.rows)
            case Happened():
                run.log.write(source, message.dataset, message.event)
                if isinstance(message.event, Waited) and message.event.seconds >= LONG_SECONDS:
                    run.progress(source, message.dataset, WAITING, 0)
            case Asked():
                run.state.record_fact(message.probed, Origin(source=source))
            case Done():
                reading = _with_jump(message.reading, run.state.clock_jump)
                with run.state.while_open():
                    found = _record(run, source, reading, message)
                says = "failed" if reading.failure else "read"
                run.progress(source, reading.dataset, says, reading.rows)
                finished(reading, found)

    run.work(run, _task(run, source, needed, probe=probe), hear)


def _task(run: Run, source: str, needed: Mapping[str, frozenset[Need]], *, probe: bool) -> Read:
    contracts = {
        contract.name: contract for contract in run.config.loaded.source(source).contracts
    }
    return Read(
        source=source,
        probe=probe,
        datasets=tuple(_to_read(run, source, contracts[name], needed[name]) for name in needed),
        refused=why_not_asked(run.state.readings_of(source)),
        permission=_permission(run, source),
        slot=run.config.slot,
        since=run.counted_from,
        zone=run.config.loaded.settings.zone,
        limits=run.config.loaded.limits,
    )


def _permission(run: Run, source: str) -> Permission | None:
    """What may be tried on the day of this run, if the claim is planned that wants to know."""
    wanted = Planned(source=source, dataset=None, claim=least_privilege.CLAIM.name)
    if wanted not in run.config.planned:
        return None
    loaded = run.config.loaded
    today = run.started_at.astimezone(loaded.zone).date()
    return permission(loaded, run.config.environment, source, on=today)


def _to_read(run: Run, source: str, contract: Contract, needed: frozenset[Need]) -> ToRead:
    name = contract.name
    reference = run.reference_profiles.get(f"{source}.{name}")
    wanted = Need.PROFILE in needed and reference is not None
    return ToRead(
        dataset=name,
        digest=run.config.loaded.digests[source, name].current,
        into=str(run.landing_path(source, name)),
        evaluate=Need.EVALUATION in needed,
        profile=reference.profile if wanted and reference else None,
    )


def _with_jump(reading: Reading, jump: timedelta) -> Reading:
    """The reading, which says so if the clock was set meanwhile."""
    return replace(reading, clock_jump_seconds=jump.total_seconds()) if jump else reading


def _record(run: Run, source: str, reading: Reading, done: Done) -> list[Fact]:
    """Record a reading and what was found in its rows, which are kept or removed."""
    origin = run.origin(source, reading.dataset)
    newest = high_water(reading)
    cursor = None if newest is None else newest.isoformat()
    run.state.record_fact(reading, origin, cursor=cursor)
    if reading.failure is None:
        landed = run.landing_path(source, reading.dataset)
        if kept := keep(run.config, f"{source}.{reading.dataset}", landed, str(reading.sha256)):
            run.state.record_kept(kept, origin)
        if (source, reading.dataset) not in run.compared:
            landed.unlink()
    found: list[Fact] = [] if done.evaluation is None else [done.evaluation]
    if done.profile is not None:
        found += [run.reference_profiles[f"{source}.{reading.dataset}"], done.profile]
    for fact in found:
        run.state.record_fact(fact, origin)
    return found
