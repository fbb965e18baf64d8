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
    _check_models(pilot, settings, document)
    _check_people(settings, document)
    _check_permissions(settings, document)
    _check_reconciliations(pilot)


def _check_names(pilot: Pilot) -> None:
    sources = [source.name for source in pilot.sources]
    datasets = [(s.name, c.name) for s in pilot.sources for c in s.contracts]
    models = [model.name for model in pilot.models]
    for name in (pilot.name, *sources, *(dataset for _, dataset in datasets), *models):
        if not SLUG.fullmatch(name):
            raise ConfigurationError(
                f"{name!r} is no name for a pilot, source, dataset or model: "
                "use a-z, 0-9, _ and -, a letter first"
            )
    for names in (sources, datasets, models):
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
    for name in settings.sources:
        yield ("sources", name), name
    for environment, at in settings.environments.items():
        for name in at.sources:
            yield ("environments", environment, "sources", name), name
        for name in at.scratch:
            yield ("environments", environment, "scratch", name), name
    for number, grant in enumerate(settings.governance.access if settings.governance else ()):
        yield ("governance", "access", number, "source"), grant.source


def _check_models(pilot: Pilot, settings: Settings, document: Document) -> None:
    """Whoever trains on a dataset must find the rows that were proven."""
    for model in pilot.models:
        for name in model.reads:
            if name not in settings.keep:
                raise ConfigurationError(
                    f"{document.at(())}: model {model.name} reads {name}, which no run keeps: "
                    "name it under keep"
                )


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


def _check_permissions(settings: Settings, document: Document) -> None:
    """Who permits that a write is tried must answer for that source: nobody else's word counts."""
    for environment, at in settings.environments.items():
        for source, scratch in at.scratch.items():
            owner = settings.owners.get(source)
            answering = [one for one in (owner.owner, owner.deputy) if one] if owner else []
            if scratch.permitted_by not in answering:
                place = ("environments", environment, "scratch", source, "permitted_by")
                who = " or ".join(answering) or f"an owner: name one in owners.{source}"
                raise ConfigurationError(
                    f"{document.at(place)}: {scratch.permitted_by!r} does not answer for source "
                    f"{source}: have it permitted by {who}"
                )


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
