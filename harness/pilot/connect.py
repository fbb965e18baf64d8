"""Resolves addresses and references and builds connectors. Does not connect to a source."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Sequence
from pathlib import Path

from connectors.connector import Connector
from connectors.errors import SourceError
from connectors.secrets import FORMS, MissingReference, Secret, is_reference
from harness.errors import ConfigurationError
from harness.pilot import keyword
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
    """Build the connectors of the named sources.

    All unresolved references, and those in `besides`, are reported in one ConfigurationError.
    References into a secret store query it; raises SourceError if it does not answer or refuses
    our log-in.
    """
    addresses = {
        source.name: loaded.address(environment, source.name, references)
        for source in loaded.pilot.sources
        if source.name in names
    }
    settings = [value for address in addresses.values() for value in address.values.values()]
    if missing := references.missing([*settings, *besides]):
        raise ConfigurationError(f"{_missing(missing)} (set it for environment {environment})")
    return {name: build(loaded.source(name), address) for name, address in addresses.items()}


def build(source: Source, address: Address) -> Connector:
    """The source's connector at an address. Raises ConfigurationError for any error of the pilot's
    `connect`.
    """
    try:
        connector = source.connect(address)
    except (ConfigurationError, SourceError):
        raise
    except MissingReference as error:
        raise ConfigurationError(f"{address.where}: {error}") from error
    except Exception as error:
        raise ConfigurationError(f"{address.where}: {source.name}: {_describe(error)}") from error
    if not hasattr(connector, "read"):
        raise ConfigurationError(
            f"{address.where}: {source.name}: its connect returns no connector: return one"
        )
    return connector


def _missing(errors: Sequence[MissingReference]) -> str:
    """Every missing reference once; several variables share one sentence."""
    variables = sorted({error.variable for error in errors if error.variable})
    sentences = {str(error) for error in errors if len(variables) == 1 or not error.variable}
    if len(variables) > 1:
        sentences.add(f"environment variables missing or empty: {', '.join(variables)}")
    return "; ".join(sorted(sentences))


def ledger_at(reference: str | None, *, out: Path, references: References) -> Path | Secret:
    """Where the ledger is: at the URL behind `reference`, or in a file in `out` without one."""
    if reference is None:
        return out / "ledger.sqlite"
    return resolve_url("ledger", reference, references)


def resolve_url(what: str, reference: str, references: References) -> Secret:
    """The URL of a ledger or a storage. Raises ConfigurationError for anything but a reference,
    and for one that does not resolve.
    """
    require_reference(what, reference)
    try:
        return references.secret(reference, what=f"--{what}")
    except MissingReference as error:
        raise ConfigurationError(f"{what} {reference}: {error}") from error


def require_reference(what: str, text: str) -> None:
    """Raise ConfigurationError for an option that holds no reference."""
    if not is_reference(text):
        # It may be a URL with a password, so the message does not repeat it.
        raise ConfigurationError(
            f"--{what} takes a reference: write {FORMS}, never the URL itself"
        )


def _describe(error: Exception) -> str:
    """A connector's own message. For any other error only its type, the pilot's line and a
    misspelt or missing name, because its text may contain the value of a setting.
    """
    frames = list(traceback.walk_tb(error.__traceback__))
    raised_by = frames[-1][0].f_globals.get("__name__", "")
    if isinstance(error, ValueError) and raised_by.startswith("connectors."):
        return str(error)
    frame, line = frames[min(1, len(frames) - 1)]  # the first frame is this module's
    place = f"{frame.f_code.co_filename}:{line}"
    if (misspelt := keyword.misspelt(error, frame)) is not None:
        return f"{misspelt.function} at {place} {misspelt}"
    if (left_out := keyword.left_out(error)) is not None:
        function, needs = left_out
        return f"{function} at {place} {needs}"
    return f"{type(error).__name__} at {place}: correct a setting or how it is used"
