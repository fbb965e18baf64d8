"""`seatrial grants`: the rights that a run needs, as a script for who may give them."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.capabilities import Grants
from connectors.errors import SourceError
from connectors.secrets import Secret
from harness.errors import ConfigurationError, unknown
from harness.pilot.connect import build
from harness.pilot.model import Address, LoadedPilot


class _Unopened(Address):
    """An address whose secrets stay where they are: nobody logs in with what is built of it."""

    def secret(self, key: str) -> Secret:
        return Secret(self._value(key), "")


def grants_script(
    loaded: LoadedPilot, *, environment: str, source: str, environ: Mapping[str, str]
) -> str:
    """The script for the columns of the source's contracts. No secret is read, no source asked.

    Raises ConfigurationError for a name that the pilot does not have and for a source without
    contracts, SourceError for one whose rights no script gives.
    """
    names = [one.name for one in loaded.pilot.sources]
    if source not in names:
        raise unknown("source", source, names)
    references = loaded.references(environment, environ)
    at = loaded.address(environment, source, references)
    found = loaded.source(source)
    connector = build(found, _Unopened(where=at.where, values=at.values, references=references))
    if not isinstance(connector, Grants):
        raise SourceError(f"{source} has no grants that a script could give: see its owner")
    if not found.contracts:
        raise ConfigurationError(f"source {source} has no contract, so nothing is to be granted")
    wanted = {contract.name: tuple(contract.schema.columns) for contract in found.contracts}
    try:
        return connector.grant_script(wanted)
    except ValueError as error:
        raise ConfigurationError(f"{at.where}: {source}: {error}") from error
