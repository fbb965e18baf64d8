"""Building connectors: addresses and references resolved, nothing connected to."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.interface import Connector
from harness.errors import ConfigurationError
from harness.pilot import Engagement


def connect(
    engagement: Engagement, environment: str, names: set[str], environ: Mapping[str, str]
) -> dict[str, Connector]:
    """Build the connectors of the named sources; one error names every missing reference."""
    addresses = {
        source.name: engagement.address(environment, source.name, environ)
        for source in engagement.pilot.sources
        if source.name in names
    }
    missing = sorted({text for address in addresses.values() for text in address.missing()})
    if missing:
        raise ConfigurationError(f"{'; '.join(missing)} (set it for environment {environment})")
    connectors = {}
    for name, address in addresses.items():
        try:
            connectors[name] = engagement.source(name).connect(address)
        except ValueError as error:
            raise ConfigurationError(f"{address.where}: {name}: {error}") from error
    return connectors
