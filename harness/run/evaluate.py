"""One dataset in a run: read, evaluated as far as its claims need, and recorded."""

from __future__ import annotations

from connectors.connector import Connector
from contracts.engines import evaluate, profile
from contracts.promises import Contract
from harness.claims.claim import Need
from harness.facts import Fact, Reading
from harness.run.dataset import read_dataset
from harness.run.keep import keep
from harness.run.landing import Landing
from harness.run.recorder import Recorder
from harness.run.run import Run

FUTURE_SECONDS = 300
"""An event further ahead of our clock than this is no high-water mark to keep (fault P10)."""


def read_and_evaluate(
    run: Run, connector: Connector, source: str, contract: Contract, needed: frozenset[Need]
) -> tuple[Reading, list[Fact]]:
    """Read one dataset and gather from its rows what is `needed`, if the reading is whole.

    Never raises for what a source does: that is a fact.
    """
    dataset = contract.name
    origin = run.origin(source, dataset)
    run.progress(source, dataset, "reading", 0)
    recorder = _recorder(run, source, contract)
    into = run.landing_path(source, dataset)
    reading, landing = read_dataset(connector, recorder, into=into)
    run.state.record_fact(reading, origin, cursor=_high_water(reading))
    found: list[Fact] = []
    if landing is not None:
        found = _evaluate(run, source, contract, landing, needed)
        if kept := keep(run.config, f"{source}.{dataset}", landing):
            run.state.record_kept(kept, origin)
        if (source, dataset) not in run.compared:
            landing.path.unlink()
    for fact in found:
        run.state.record_fact(fact, origin)
    run.progress(source, dataset, "failed" if reading.failure else "read", reading.rows)
    return reading, found


def _recorder(run: Run, source: str, contract: Contract) -> Recorder:
    """A recorder that writes every event to the run log and tells how many rows have come."""
    name = contract.name
    return Recorder(
        source=source,
        contract=contract,
        slot=run.config.slot,
        clock=run.config.clock,
        since=run.counted_from,
        zone=run.config.loaded.zone,
        on_event=lambda event: run.log.write(source, name, event),
        on_rows=lambda rows: run.progress(source, name, "reading", rows),
    )


def _evaluate(
    run: Run, source: str, contract: Contract, landing: Landing, needed: frozenset[Need]
) -> list[Fact]:
    """What is needed of the rows that landed."""
    found: list[Fact] = []
    if Need.EVALUATION in needed:
        run.progress(source, contract.name, "judging", landing.whole.rows)
        found.append(evaluate(contract, landing.path))
    reference = run.reference_profiles.get(f"{source}.{contract.name}")
    if Need.PROFILE in needed and reference is not None:
        found += [reference, profile(contract, reference.profile, landing.path)]
    return found


def _high_water(reading: Reading) -> str | None:
    """The newest event time of a whole reading, unless it is in the future."""
    newest = reading.newest_event_at
    if newest is None or reading.failure is not None:
        return None
    ahead = (newest - reading.started_at).total_seconds()
    return newest.isoformat() if ahead <= FUTURE_SECONDS else None
