"""A pilot: its sources, how to connect to them, and what they promised.

An engagement is a package with `pilot.py` (typed Python, this module's words) and `pilot.yaml`
(`harness.pilot.settings`). Loading one connects to nothing and reads no secret.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from connectors.connector import Connector
from connectors.secrets import MissingReference, Secret
from contracts.digest import Digests
from contracts.promises import Contract, SourcePromises
from contracts.types import require_tuple, require_type
from harness.errors import ConfigurationError, unknown
from harness.pilot import settings, strict_yaml
from harness.pilot.references import References
from harness.pilot.settings import Environment

SLUG = re.compile(r"[a-z][a-z0-9_-]{0,62}")
"""Names become paths, asset keys and identifiers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One source's settings in one environment, as `pilot.yaml` gives them."""

    where: str
    """`file:line` for errors."""
    values: Mapping[str, str]
    references: References = dataclasses.field(repr=False)

    def text(self, key: str) -> str:
        """A setting as text; a reference is followed."""
        return self.references.text(self._value(key))

    def secret(self, key: str) -> Secret:
        """A secret; it must stand in `pilot.yaml` as a reference, never as itself."""
        return self.references.secret(self._value(key), what=f"{self.where}: {key}")

    def missing(self) -> list[MissingReference]:
        """Each reference that leads nowhere, with what it lacks."""
        return self.references.missing(self.values.values())

    def _value(self, key: str) -> str:
        if key not in self.values:
            raise ConfigurationError(f"{self.where}: {key} is missing; pilot.py asks for it")
        return self.values[key]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A system to read."""

    name: str
    connect: Callable[[Address], Connector]
    """Builds the connector; connects to nothing."""
    contracts: tuple[Contract, ...]
    promises: SourcePromises = dataclasses.field(default_factory=SourcePromises)
    kinds: tuple[str, ...] = ()
    """What it is, as `postgres` or `csv`: icons in the Dagster UI, at most three."""

    def __post_init__(self) -> None:
        require_type("name", self.name, str)
        require_type("promises", self.promises, SourcePromises)
        require_tuple("contracts", self.contracts, Contract)
        require_tuple("kinds", self.kinds, str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pilot:
    """Sources and contracts of one engagement."""

    name: str
    sources: tuple[Source, ...]

    def __post_init__(self) -> None:
        require_type("name", self.name, str)
        require_tuple("sources", self.sources, Source)

    def contract(self, source: str, dataset: str) -> Contract:
        """A dataset's contract, by names that are there."""
        [found] = (
            c for s in self.sources if s.name == source for c in s.contracts if c.name == dataset
        )
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedPilot:
    """A pilot with its settings; thresholds of the settings are already in its contracts."""

    pilot: Pilot
    settings: settings.Settings
    document: strict_yaml.Document
    folder: Path
    """Where `pilot.py` and `pilot.yaml` are, and what was pinned beside them."""
    digests: Mapping[tuple[str, str], Digests]
    """Of each contract that can be judged, by source and dataset."""
    problems: Mapping[tuple[str, str], str]
    """What is wrong with each other: nothing can be held against it."""

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which nights are counted."""
        return ZoneInfo(self.settings.zone)

    def source(self, name: str) -> Source:
        """A source by name."""
        return next(s for s in self.pilot.sources if s.name == name)

    def references(self, environment: str, environ: Mapping[str, str]) -> References:
        """What its settings in one environment may lead to; nothing is followed yet."""
        return References(
            environ,
            vault=self._environment(environment).vault,
            where=self.document.at(("environments", environment)),
        )

    def address(self, environment: str, source: str, references: References) -> Address:
        """Where a source is in one environment; raises ConfigurationError for unknown names."""
        sources = self._environment(environment).sources
        where = self.document.at(("environments", environment, "sources", source))
        if source not in sources:
            raise ConfigurationError(
                f"{where}: environment {environment} gives no address for source {source}; add it"
            )
        return Address(where=where, values=sources[source], references=references)

    def _environment(self, name: str) -> Environment:
        if name not in self.settings.environments:
            raise unknown("environment", name, self.settings.environments)
        return self.settings.environments[name]
