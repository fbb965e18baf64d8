"""`seatrial grants`: the rights that a run needs, as a script for the source's owner."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.capabilities import Grants
from connectors.errors import SourceError
from connectors.secrets import Secret
from harness.errors import ConfigurationError, unknown
from harness.pilot.connect import build
from harness.pilot.model import Address, LoadedPilot


class _WithoutSecrets(Address):
    """An address that resolves no secret, because its connector never logs in."""

    def secret(self, key: str) -> Secret:
        return Secret(self._value(key), "")


def grants_script(
    loaded: LoadedPilot, *, environment: str, source: str, environ: Mapping[str, str]
) -> str:
    """The script for the columns of the source's contracts. Reads no secret and does not connect.

    Raises ConfigurationError for an unknown name and for a source without contracts, SourceError
    for a source without such a script.
    """
    names = [one.name for one in loaded.pilot.sources]
    if source not in names:
        raise unknown("source", source, names)
    references = loaded.references(environment, environ)
    at = loaded.address(environment, source, references)
    chosen = loaded.source(source)
    address = _WithoutSecrets(where=at.where, values=at.values, references=references)
    connector = build(chosen, address)
    if not isinstance(connector, Grants):
        raise SourceError(f"{source} has no grants that a script could give: see its owner")
    if not chosen.contracts:
        raise ConfigurationError(
            f"source {source} has no contract to grant anything for: list one in pilot.py"
        )
    wanted = {contract.name: tuple(contract.schema.columns) for contract in chosen.contracts}
    try:
        return connector.grant_script(wanted)
    except ValueError as error:
        raise ConfigurationError(f"{at.where}: {source}: {error}") from error
