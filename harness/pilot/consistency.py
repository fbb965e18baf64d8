"""Checks that `pilot.py` and `pilot.yaml` agree: each name is valid, unique and known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from contracts.reconcilable import problems_of_theirs
from harness.errors import ConfigurationError, unknown
from harness.pilot.model import SLUG, Pilot
from harness.pilot.settings import Settings
from harness.pilot.strict_yaml import Document, Place


def check_consistency(pilot: Pilot, settings: Settings, document: Document) -> None:
    """Raise ConfigurationError for the first disagreement, with the file and line of a setting."""
    _check_names(pilot)
    _check_sources(pilot, settings, document)
    _check_kept(pilot, settings, document)
    _check_people(settings, document)
    _check_reconciliations(pilot)


def _check_names(pilot: Pilot) -> None:
    sources = [source.name for source in pilot.sources]
    datasets = [(s.name, c.name) for s in pilot.sources for c in s.contracts]
    for name in (pilot.name, *sources, *(dataset for _, dataset in datasets)):
        if not SLUG.fullmatch(name):
            raise ConfigurationError(
                f"{name!r} is no name for a pilot, source or dataset: "
                "use a-z, 0-9, _ and -, a letter first"
            )
    for names in (sources, datasets):
        twice = next((name for name, times in Counter(names).items() if times > 1), None)
        if twice is not None:
            raise ConfigurationError(f"{twice} stands twice in the pilot: rename one")


def _check_sources(pilot: Pilot, settings: Settings, document: Document) -> None:
    known = [source.name for source in pilot.sources]
    for place, name in _sources_in(settings):
        if name not in known:
            raise ConfigurationError(f"{document.at(place)}: {unknown('source', name, known)}")


def _sources_in(settings: Settings) -> Iterator[tuple[Place, str]]:
    """Every name of a source in `pilot.yaml`, with its place there."""
    for name in settings.owners:
        yield ("owners", name), name
    for environment, at in settings.environments.items():
        for name in at.sources:
            yield ("environments", environment, "sources", name), name
    for number, grant in enumerate(settings.governance.access if settings.governance else ()):
        yield ("governance", "access", number, "source"), grant.source


def _check_kept(pilot: Pilot, settings: Settings, document: Document) -> None:
    known = [f"{s.name}.{c.name}" for s in pilot.sources for c in s.contracts]
    for number, name in enumerate(settings.keep):
        if name not in known:
            where = document.at(("keep", number))
            raise ConfigurationError(f"{where}: {unknown('dataset', name, known)}")


def _check_people(settings: Settings, document: Document) -> None:
    """Whom an environment's alerts reach must be somebody that `owners` names."""
    registered = {person for owner in settings.owners.values() for person in owner.people}
    for environment, at in settings.environments.items():
        for person in at.alerts.people if at.alerts else ():
            if person not in registered:
                where = document.at(("environments", environment, "alerts", "people", person))
                raise ConfigurationError(f"{where}: {unknown('owner', person, registered)}")


def _check_reconciliations(pilot: Pilot) -> None:
    """Check the columns that a promise names in the other dataset; `contracts.checks` checks its
    own side.
    """
    contracts = {f"{s.name}.{c.name}": c for s in pilot.sources for c in s.contracts}
    for where, contract in contracts.items():
        for promised in contract.promises.reconciles:
            if promised.dataset not in contracts:
                raise ConfigurationError(
                    f"{where} reconciles: {unknown('dataset', promised.dataset, contracts)}"
                )
            for problem in problems_of_theirs(promised, contracts[promised.dataset].schema):
                raise ConfigurationError(f"{where} with {promised.dataset}: {problem}")
