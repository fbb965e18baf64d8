"""A pilot: its sources, how to connect to them, and what they promised.

An engagement is a package with `pilot.py` (typed Python, this module's words) and `pilot.yaml`
(`harness.settings`). Loading one connects to nothing and reads no secret.
"""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from connectors.interface import Connector
from connectors.secrets import MissingReference, Secret
from contracts.check import check
from contracts.digest import Digests
from contracts.interface import Contract, ContractError, SourcePromises, Thresholds
from contracts.reconcilable import of_theirs
from contracts.typed import of_type, tuple_of
from harness import settings, strict_yaml
from harness.errors import ConfigurationError, one_line, unknown
from harness.pilot_module import imported
from harness.references import References
from harness.settings import Environment

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
        of_type("name", self.name, str)
        of_type("promises", self.promises, SourcePromises)
        tuple_of("contracts", self.contracts, Contract)
        tuple_of("kinds", self.kinds, str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pilot:
    """Sources and contracts of one engagement."""

    name: str
    sources: tuple[Source, ...]

    def __post_init__(self) -> None:
        of_type("name", self.name, str)
        tuple_of("sources", self.sources, Source)

    def contract(self, source: str, dataset: str) -> Contract:
        """A dataset's contract, by names that are there."""
        [found] = (
            c for s in self.sources if s.name == source for c in s.contracts if c.name == dataset
        )
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Engagement:
    """A pilot with its settings; thresholds of the settings are already in its contracts."""

    pilot: Pilot
    settings: settings.Settings
    document: strict_yaml.Document
    folder: Path
    """Where `pilot.py` and `pilot.yaml` are, and what was pinned beside them."""
    digests: Mapping[tuple[str, str], Digests]
    """Of each contract that can be judged, by source and dataset."""
    complaints: Mapping[tuple[str, str], str]
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


def load(folder: Path) -> Engagement:
    """Load the engagement in `folder`; raises ConfigurationError, nothing else.

    A contract that cannot be judged is a fact about its dataset: the others are there as ever.
    """
    folder = folder.resolve()
    if not folder.is_dir():
        raise ConfigurationError(f"{folder} is no folder: name the one that holds pilot.py")
    for name in ("pilot.py", "pilot.yaml"):
        if not (folder / name).is_file():
            raise ConfigurationError(f"{folder} is no pilot: it has no {name}")
    pilot = getattr(imported(folder), "PILOT", None)
    if not isinstance(pilot, Pilot):
        raise ConfigurationError(f"{folder / 'pilot.py'}: PILOT = Pilot(…) is missing")
    chosen, document = settings.load(folder / "pilot.yaml")
    thresholds = Thresholds(**chosen.thresholds.model_dump())
    _check(pilot, chosen, document)
    sources = tuple(_with_thresholds(source, thresholds) for source in pilot.sources)
    digests, complaints = _checked(sources)
    return Engagement(
        pilot=dataclasses.replace(pilot, sources=sources),
        settings=chosen,
        document=document,
        folder=folder,
        digests=digests,
        complaints=complaints,
    )


def find(start: Path) -> Path:
    """The one engagement at most two folders below `start`, or `start` itself."""
    if (start / "pilot.yaml").is_file():
        return start
    found = [
        path.parent
        for pattern in ("*/pilot.yaml", "*/*/pilot.yaml")
        for path in sorted(start.glob(pattern))
        if not any(part.startswith(".") for part in path.relative_to(start).parts)
    ]
    if len(found) == 1:
        return found[0]
    names = ", ".join(str(path.relative_to(start)) for path in found)
    raise ConfigurationError(
        f"several pilots here, name one: {names}"
        if found
        else f"no pilot.yaml below {start}: name the pilot's folder"
    )


def _check(pilot: Pilot, chosen: settings.Settings, document: strict_yaml.Document) -> None:
    names = [source.name for source in pilot.sources]
    datasets = [(s.name, c.name) for s in pilot.sources for c in s.contracts]
    for name in (pilot.name, *names, *(dataset for _, dataset in datasets)):
        if not SLUG.fullmatch(name):
            raise ConfigurationError(
                f"{name!r} is no name for a pilot, source or dataset: "
                "use a-z, 0-9, _ and -, a letter first"
            )
    for what in (names, datasets):
        twice = next((name for name, times in Counter(what).items() if times > 1), None)
        if twice is not None:
            raise ConfigurationError(f"{twice} stands twice in the pilot: rename one")
    given: list[tuple[strict_yaml.Place, str]] = [(("owners", n), n) for n in chosen.owners]
    for environment, there in chosen.environments.items():
        given += [(("environments", environment, "sources", n), n) for n in there.sources]
    for place, name in given:
        if name not in names:
            raise ConfigurationError(f"{document.at(place)}: {unknown('source', name, names)}")
    there_are = [".".join(dataset) for dataset in datasets]
    for number, name in enumerate(chosen.keep):
        if name not in there_are:
            where = document.at(("keep", number))
            raise ConfigurationError(f"{where}: {unknown('dataset', name, there_are)}")
    _check_reconciliations(pilot)


def _check_reconciliations(pilot: Pilot) -> None:
    """Whatever a contract says of another dataset must hold there; its own side checks itself."""
    held = {f"{s.name}.{c.name}": c for s in pilot.sources for c in s.contracts}
    for where, contract in held.items():
        for promised in contract.promises.reconciles:
            if promised.dataset not in held:
                raise ConfigurationError(
                    f"{where} reconciles: {unknown('dataset', promised.dataset, held)}"
                )
            for complaint in of_theirs(promised, held[promised.dataset].schema):
                raise ConfigurationError(f"{where} with {promised.dataset}: {complaint}")


def _checked(
    sources: Iterable[Source],
) -> tuple[dict[tuple[str, str], Digests], dict[tuple[str, str], str]]:
    """Digests of the contracts that can be judged; of the others what is wrong, in one line."""
    digests: dict[tuple[str, str], Digests] = {}
    complaints: dict[tuple[str, str], str] = {}
    for source, contract in ((s, c) for s in sources for c in s.contracts):
        name = (source.name, contract.name)
        try:
            digests[name] = check(contract)
        except ContractError as error:
            complaints[name] = one_line(error)
        except (TypeError, AttributeError) as error:  # what a type checker would have said
            told = f"a value has a wrong type ({one_line(error)}): run mypy on it"
            complaints[name] = f"contract {contract.name}: {told}"
    return digests, complaints


def _with_thresholds(source: Source, thresholds: Thresholds) -> Source:
    return dataclasses.replace(
        source,
        promises=dataclasses.replace(source.promises, thresholds=thresholds),
        contracts=tuple(
            dataclasses.replace(c, promises=dataclasses.replace(c.promises, thresholds=thresholds))
            for c in source.contracts
        ),
    )
