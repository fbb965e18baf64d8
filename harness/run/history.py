"""What a run's verdicts may rest on of earlier nights (`harness/ledger/earlier.py`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from connectors.capabilities import locator
from harness.claims.due import comes_several_times_a_day
from harness.facts import Declaration, Reading
from harness.ledger import earlier
from harness.ledger.earlier import Asked, Place
from harness.ledger.nights import Night, readings_in, sights_in
from harness.run.config import RunConfig
from harness.run.system import System


def earlier_readings(
    config: RunConfig, nights: Iterable[Night], systems: Mapping[str, System]
) -> dict[Place, tuple[Reading, ...]]:
    """The readings of earlier nights that count, by dataset."""
    recorded = readings_in(nights)
    return earlier.earlier_readings(recorded, _asked(config, systems), _tonight(config))


def declared_before(
    config: RunConfig, nights: Iterable[Night], systems: Mapping[str, System]
) -> dict[Place, Reading | Declaration]:
    """What each dataset's source declared last, on a night before this one."""
    sights = sights_in(nights)
    return earlier.declared_before(sights, _asked(config, systems), _tonight(config))


def _tonight(config: RunConfig) -> earlier.Night:
    return earlier.Night(
        pilot=config.loaded.pilot.name,
        environment=config.environment,
        slot=config.slot,
        zone=config.loaded.zone,
    )


def _asked(config: RunConfig, systems: Mapping[str, System]) -> dict[Place, Asked]:
    several = {
        (source.name, contract.name)
        for source in config.loaded.pilot.sources
        for contract in source.contracts
        if (source.name, contract.name) not in config.loaded.problems
        and comes_several_times_a_day(contract.promises)
    }
    return {
        (source, dataset): Asked(
            endpoint=systems[source].connector.endpoint,
            locator=locator(systems[source].connector, dataset),
            evidence_class=systems[source].evidence_class,
            contracts=digests,
            several=(source, dataset) in several,
        )
        for (source, dataset), digests in config.loaded.digests.items()
        if source in systems
    }
