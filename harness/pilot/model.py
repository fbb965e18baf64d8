"""A pilot: its sources, how to connect to them, and what they promised.

An engagement is a package with `pilot.py` (typed Python, with the classes of this module) and
`pilot.yaml` (`harness.pilot.settings`). Loading it does not connect and reads no secret.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from connectors.connector import Connector
from connectors.secrets import ISSUED, Kept, MissingReference, Secret
from contracts.digest import Digests
from contracts.promises import Contract, SourcePromises
from contracts.types import require_tuple, require_type
from harness.errors import ConfigurationError, unknown
from harness.limits import Limits
from harness.pilot import settings, strict_yaml
from harness.pilot.references import References
from harness.pilot.schedule_settings import Timetable
from harness.pilot.settings import Environment
from harness.timetable import Schedule

SLUG = re.compile(r"[a-z][a-z0-9_-]{0,62}")
"""The form of a name, because names become paths, asset keys and identifiers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One source's settings in one environment, from `pilot.yaml`.

    >>> at.text("url")
    'https://shop.example'
    >>> at.secret("password")
    Secret(reference='env:SHOP_PASSWORD')
    """

    where: str
    """`file:line` for errors."""
    values: Mapping[str, str]
    references: References = dataclasses.field(repr=False)

    def text(self, key: str) -> str:
        """A setting's text, resolved if it is a reference. Raises ConfigurationError
        if missing.
        """
        value = self._value(key)
        if value.startswith(ISSUED):
            raise ConfigurationError(
                f"{self.where}: {key} is issued for a time, and another one later: write "
                f"at.secret({key!r}) in pilot.py"
            )
        return self.references.text(value)

    def secret(self, key: str) -> Secret:
        """A secret. Raises ConfigurationError if `pilot.yaml` has the secret itself."""
        return self.references.secret(self._value(key), what=f"{self.where}: {key}")

    def kept(self, key: str) -> Kept:
        """A secret that is replaced as it is used. Raises ConfigurationError where the reference
        leads to no store that can do so.
        """
        return self.references.kept(self._value(key), what=f"{self.where}: {key}")

    def missing(self) -> list[MissingReference]:
        """An error for each reference that does not resolve."""
        return self.references.missing(self.values.values())

    def _value(self, key: str) -> str:
        if key not in self.values:
            raise ConfigurationError(f"{self.where}: {key} is missing: add it")
        return self.values[key]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A system to read.

    >>> def shop(at: Address) -> Sql:
    ...     tables = {"orders": "sales.orders"}
    ...     return Sql(url=at.text("url"), password=at.secret("password"), tables=tables)
    >>> Source(name="shop", connect=shop, contracts=(), kinds=("postgres",)).name
    'shop'
    """

    name: str
    connect: Callable[[Address], Connector]
    """Builds the connector, without connecting."""
    contracts: tuple[Contract, ...]
    promises: SourcePromises = dataclasses.field(default_factory=SourcePromises)
    kinds: tuple[str, ...] = ()
    """At most three kinds, as `postgres` or `csv`, which Dagster's UI shows as icons."""

    def __post_init__(self) -> None:
        require_type("name", self.name, str)
        require_type("promises", self.promises, SourcePromises)
        require_tuple("contracts", self.contracts, Contract)
        require_tuple("kinds", self.kinds, str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model that is trained on proven data, and on nothing else, once the gate is open. Dagster
    makes it in the job `train`.

    >>> def count(data, to):
    ...     to.joinpath("sizes").write_text(str([data[name].stat().st_size for name in data]))
    >>> Model(name="sizes", reads=("shop.orders",), train=count).reads
    ('shop.orders',)
    """

    name: str
    reads: tuple[str, ...]
    """Datasets, as `shop.orders`. `pilot.yaml` keeps each."""
    train: Callable[[Mapping[str, Path], Path], None]
    """Is given the file of each dataset, whose digest the ledger has, and an empty folder for what
    it makes."""

    def __post_init__(self) -> None:
        require_type("name", self.name, str)
        require_tuple("reads", self.reads, str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pilot:
    """Sources, contracts and models of one engagement.

    >>> Pilot(name="late-orders", sources=()).models
    ()
    """

    name: str
    sources: tuple[Source, ...]
    models: tuple[Model, ...] = ()

    def __post_init__(self) -> None:
        require_type("name", self.name, str)
        require_tuple("sources", self.sources, Source)
        require_tuple("models", self.models, Model)

    def contract(self, source: str, dataset: str) -> Contract:
        """A dataset's contract, by known names."""
        [contract] = (
            c for s in self.sources if s.name == source for c in s.contracts if c.name == dataset
        )
        return contract


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedPilot:
    """A pilot with its settings. Its contracts already have the thresholds of the settings."""

    pilot: Pilot
    settings: settings.Settings
    document: strict_yaml.Document
    folder: Path
    """The folder of `pilot.py`, `pilot.yaml` and the pins."""
    digests: Mapping[tuple[str, str], Digests]
    """The digests of each contract that can be judged, by source and dataset."""
    problems: Mapping[tuple[str, str], str]
    """What is wrong with each contract that cannot be judged, by source and dataset."""
    configuration: str | None = None
    """The digest of `pilot.yaml` and the modules it was loaded from."""

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the pilot's nights."""
        return ZoneInfo(self.settings.zone)

    @property
    def schedules(self) -> tuple[Schedule, ...]:
        """What is started every night, if it is armed."""
        nightly, drift = self.settings.nightly, self.settings.drift
        return (
            self._schedule("nightly", nightly, job="prove", command="prove"),
            self._schedule("drift", drift, job="nightly_drift", command="drift"),
        )

    def _schedule(self, name: str, given: Timetable, *, job: str, command: str) -> Schedule:
        return Schedule(
            name=name,
            at=given.at,
            zone=self.settings.zone,
            armed=given.armed,
            job=job,
            command=command,
        )

    @property
    def limits(self) -> Limits:
        """What each reading may take."""
        return Limits(**self.settings.limits.model_dump())

    def source(self, name: str) -> Source:
        """A source by name."""
        return next(s for s in self.pilot.sources if s.name == name)

    def references(self, environment: str, environ: Mapping[str, str]) -> References:
        """The resolver of references in one environment. Resolves none yet. Raises
        ConfigurationError for an unknown environment.
        """
        return References(
            environ,
            vault=self.environment(environment).vault,
            where=self.document.at(("environments", environment)),
        )

    def address(self, environment: str, source: str, references: References) -> Address:
        """A source's address in one environment. Raises ConfigurationError for unknown names."""
        sources = self.environment(environment).sources
        where = self.document.at(("environments", environment, "sources", source))
        if source not in sources:
            raise ConfigurationError(
                f"{where}: environment {environment} gives no address for source {source}; add it"
            )
        return Address(where=where, values=sources[source], references=references)

    def environment(self, name: str) -> Environment:
        """An environment by name. Raises ConfigurationError if there is none."""
        if name not in self.settings.environments:
            raise unknown("environment", name, self.settings.environments)
        return self.settings.environments[name]
