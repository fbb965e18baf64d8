"""The sources as one run reads them."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from connectors.connector import Connector
from harness.facts import EvidenceClass
from harness.pilot.connect import connect
from harness.pilot.model import Address
from harness.pilot.references import References
from harness.run import evidence_class
from harness.run.config import RunConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """How a source is read, and what evidence from it is worth."""

    connector: Connector
    """Connects to nothing until it is read."""
    evidence_class: EvidenceClass
    address: Address | None = None
    """Its settings, with their references."""


def connect_systems(
    config: RunConfig, names: AbstractSet[str], references: References
) -> dict[str, System]:
    """The named sources in the run's environment; nothing is read yet.

    Raises ConfigurationError for a mistake in the set-up, and SourceError where a secret store
    does not answer or does not let us in.
    """
    environment = config.loaded.settings.environments[config.environment]
    alerts = environment.alerts.references if environment.alerts else ()
    besides = alerts if config.ledger is None else (config.ledger, *alerts)
    connectors = connect(
        config.loaded, config.environment, set(names), references, besides=besides
    )
    declared = environment.evidence_class
    return {
        name: System(
            connector=connector,
            evidence_class=evidence_class.of(connector.endpoint, declared),
            address=config.loaded.address(config.environment, name, references),
        )
        for name, connector in connectors.items()
    }
