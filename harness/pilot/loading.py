"""Load a pilot: import `pilot.py`, read `pilot.yaml`, check the contracts; connect to nothing."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from contracts.checks import check
from contracts.digest import Digests
from contracts.promises import ContractError, Thresholds
from contracts.reconcilable import problems_of_theirs
from harness.errors import ConfigurationError, one_line, unknown
from harness.pilot import settings, strict_yaml
from harness.pilot.model import SLUG, LoadedPilot, Pilot, Source
from harness.pilot.module import imported


def load(folder: Path) -> LoadedPilot:
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
    digests, problems = _checked(sources)
    return LoadedPilot(
        pilot=dataclasses.replace(pilot, sources=sources),
        settings=chosen,
        document=document,
        folder=folder,
        digests=digests,
        problems=problems,
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
            for complaint in problems_of_theirs(promised, held[promised.dataset].schema):
                raise ConfigurationError(f"{where} with {promised.dataset}: {complaint}")


def _checked(
    sources: Iterable[Source],
) -> tuple[dict[tuple[str, str], Digests], dict[tuple[str, str], str]]:
    """Digests of the contracts that can be judged; of the others what is wrong, in one line."""
    digests: dict[tuple[str, str], Digests] = {}
    problems: dict[tuple[str, str], str] = {}
    for source, contract in ((s, c) for s in sources for c in s.contracts):
        name = (source.name, contract.name)
        try:
            digests[name] = check(contract)
        except ContractError as error:
            problems[name] = one_line(error)
        except (TypeError, AttributeError) as error:  # what a type checker would have said
            told = f"a value has a wrong type ({one_line(error)}): run mypy on it"
            problems[name] = f"contract {contract.name}: {told}"
    return digests, problems


def _with_thresholds(source: Source, thresholds: Thresholds) -> Source:
    return dataclasses.replace(
        source,
        promises=dataclasses.replace(source.promises, thresholds=thresholds),
        contracts=tuple(
            dataclasses.replace(c, promises=dataclasses.replace(c.promises, thresholds=thresholds))
            for c in source.contracts
        ),
    )
