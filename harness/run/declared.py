"""What each dataset's source declared last, on a night before this one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from connectors.capabilities import locator
from harness.facts import Declaration, Reading
from harness.ledger.history import seen
from harness.ledger.nights import Night, sights_in
from harness.run.config import RunConfig
from harness.run.system import System


def declared_before(
    config: RunConfig, nights: Iterable[Night], systems: Mapping[str, System]
) -> dict[tuple[str, str], Reading | Declaration]:
    """By dataset, the last reading or declaration of an earlier night that has columns.

    It is of the same system and was asked for the same; under which contract is no matter, as
    that does not change what a source declares.
    """
    asked = {
        (source, dataset): locator(systems[source].connector, dataset)
        for source, dataset in config.loaded.digests
        if source in systems
    }
    found: dict[tuple[str, str], Reading | Declaration] = {}
    for old in sorted(sights_in(nights), key=lambda one: (one.slot, seen(one).started_at)):
        place = (old.source, old.dataset)
        if (
            place in asked
            and seen(old).declared is not None
            and old.slot < config.slot
            and (old.pilot, old.environment) == (config.loaded.pilot.name, config.environment)
            and old.endpoint == systems[old.source].connector.endpoint
            and old.locator in (None, asked[place])
        ):
            found[place] = seen(old)
    return found
