"""Addresses and references resolved, connectors built; nothing is connected to."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Sequence
from pathlib import Path

from connectors.connector import Connector
from connectors.errors import SourceError
from connectors.secrets import FORMS, MissingReference, Secret, is_reference
from harness.errors import ConfigurationError
from harness.pilot.model import Address, LoadedPilot, Source
from harness.pilot.references import References


def connect(
    loaded: LoadedPilot,
    environment: str,
    names: set[str],
    references: References,
    *,
    besides: Iterable[str] = (),
) -> dict[str, Connector]:
    """Build the connectors of the named sources; one error names every reference that leads
    nowhere, those that the run needs `besides` among them. A secret store that they lead into is
    asked; SourceError when it does not answer or does not let us in.
    """
    addresses = {
        source.name: loaded.address(environment, source.name, references)
        for source in loaded.pilot.sources
        if source.name in names
    }
    settings = [value for address in addresses.values() for value in address.values.values()]
    if missing := references.missing([*settings, *besides]):
        raise ConfigurationError(f"{_named(missing)} (set it for environment {environment})")
    return {name: built(loaded.source(name), address) for name, address in addresses.items()}


def built(source: Source, address: Address) -> Connector:
    """The source's connector at an address; ConfigurationError for whatever the pilot does wrong
    on the way.
    """
    try:
        connector = source.connect(address)
    except (ConfigurationError, SourceError):
        raise
    except MissingReference as error:
        raise ConfigurationError(f"{address.where}: {error}") from error
    except Exception as error:
        raise ConfigurationError(f"{address.where}: {source.name}: {_told(error)}") from error
    if not hasattr(connector, "read"):
        raise ConfigurationError(
            f"{address.where}: {source.name}: its connect returns no connector"
        )
    return connector


def _named(missing: Sequence[MissingReference]) -> str:
    """What is missing, each once; several variables share one sentence."""
    variables = sorted({error.variable for error in missing if error.variable})
    told = {str(error) for error in missing if len(variables) == 1 or not error.variable}
    if len(variables) > 1:
        told.add(f"environment variables missing or empty: {', '.join(variables)}")
    return "; ".join(sorted(told))


def ledger_at(reference: str | None, *, out: Path, references: References) -> Path | Secret:
    """Where the ledger is: at the URL behind `reference`; without one, in a file in `out`."""
    return out / "ledger.sqlite" if reference is None else led_to("ledger", reference, references)


def led_to(what: str, reference: str, references: References) -> Secret:
    """The URL of a ledger or a storage, which a command line names by reference only."""
    if not is_reference(reference):
        # It may be a URL with its password: it is not repeated.
        raise ConfigurationError(f"--{what} takes {FORMS}, never the URL itself")
    try:
        return references.secret(reference, what=f"--{what}")
    except MissingReference as error:
        raise ConfigurationError(f"{what} {reference}: {error}") from error


def _told(error: Exception) -> str:
    """What a connector complains of, in its words; of any other error only its type and the
    pilot's line, for its text may hold the value of a setting.
    """
    frames = list(traceback.walk_tb(error.__traceback__))
    raised_by = frames[-1][0].f_globals.get("__name__", "")
    if isinstance(error, ValueError) and raised_by.startswith("connectors."):
        return str(error)
    frame, line = frames[min(1, len(frames) - 1)]  # the first is ours
    place = f"{frame.f_code.co_filename}:{line}"
    return f"{type(error).__name__} at {place}: correct a setting or how it is used"
