"""Load a pilot: import `pilot.py`, read `pilot.yaml`, check the contracts; connect to nothing."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import ModuleType

from contracts.checks import check
from contracts.digest import Digests
from contracts.promises import Contract, ContractError, Thresholds
from harness.errors import ConfigurationError, defect, one_line
from harness.folders import require_safe, require_text
from harness.pilot import configuration
from harness.pilot import settings as pilot_yaml
from harness.pilot.consistency import check_consistency
from harness.pilot.model import LoadedPilot, Pilot, Source
from harness.pilot.module import Guard, import_pilot
from harness.pilot.privilege_settings import SourceSettings
from harness.pilot.settings import Settings

_READ = ("pilot.py", "pilot.yaml", "baseline.json", "reference.json")
"""What is read of its folder, besides modules."""


def load_chosen(folder: Path | None, *, start: Path) -> LoadedPilot:
    """Load the engagement in `folder`, which whoever names it trusts; without a name the one at or
    below `start`, if nobody else could have put it there or could change it.
    """
    if folder is not None:
        return load(start / folder)
    return load(find(start), guard=require_safe_unnamed)


def require_safe_unnamed(path: Path) -> None:
    """Raise ConfigurationError where somebody else could change what is at `path`."""
    try:
        require_safe(path)
    except ConfigurationError as error:
        raise ConfigurationError(
            f"{error}; or name the pilot's folder, if you trust whoever may write it"
        ) from error


def _trust(_: Path) -> None:
    """Whoever named the folder trusts it."""


def load(folder: Path, *, guard: Guard = _trust) -> LoadedPilot:
    """Load the engagement in `folder`. Raises ConfigurationError only.

    An engagement is a program: what it imports runs as we do. Each of its files is shown to
    `guard` first. A contract that cannot be judged does not prevent loading; it is listed in
    `problems`.
    """
    for path in (folder, *(folder / name for name in _READ)):
        guard(path)
    folder = folder.resolve()
    require_text(folder)
    if not folder.is_dir():
        raise ConfigurationError(f"{folder} is no folder: name the one that holds pilot.py")
    for name in ("pilot.py", "pilot.yaml"):
        if not (folder / name).is_file():
            raise ConfigurationError(f"{folder} is no pilot: it has no {name}{_elsewhere(folder)}")
    module = import_pilot(folder, guard)
    pilot = _pilot(module)
    settings, document = pilot_yaml.load(folder / "pilot.yaml")
    thresholds = Thresholds(**settings.thresholds.model_dump())
    check_consistency(pilot, settings, document)
    sources = tuple(
        _as_planned(_with_thresholds(source, thresholds), settings) for source in pilot.sources
    )
    digests, problems = _check_contracts(sources, _files(pilot, folder))
    return LoadedPilot(
        pilot=dataclasses.replace(pilot, sources=sources),
        settings=settings,
        document=document,
        folder=folder,
        digests=digests,
        problems=problems,
        configuration=configuration.digest(module, settings),
    )


def source(folder: Path, name: str, thresholds: Thresholds) -> Source:
    """One source of the engagement in `folder`, as `load` gives it. Nothing of it is checked."""
    sources = _pilot(import_pilot(folder, _trust)).sources
    return _with_thresholds(next(one for one in sources if one.name == name), thresholds)


def _pilot(module: ModuleType) -> Pilot:
    pilot = getattr(module, "PILOT", None)
    if not isinstance(pilot, Pilot):
        raise ConfigurationError(f"{module.__file__}: PILOT = Pilot(…) is missing: add it")
    return pilot


def find(start: Path) -> Path:
    """The folder of the only engagement at `start` or up to two folders below it.

    Raises ConfigurationError if there are several, or none.
    """
    if (start / "pilot.yaml").is_file():
        return start
    folders = _below(start)
    if len(folders) == 1:
        return folders[0]
    if not folders:
        raise ConfigurationError(f"no pilot.yaml below {start}{_elsewhere(start)}")
    names = ", ".join(str(path.relative_to(start)) for path in folders)
    raise ConfigurationError(f"several pilots here, name one: {names}")


def _below(start: Path) -> list[Path]:
    """The engagements up to two folders below."""
    return [
        path.parent
        for pattern in ("*/pilot.yaml", "*/*/pilot.yaml")
        for path in sorted(start.glob(pattern))
        if not any(part.startswith(".") for part in path.relative_to(start).parts)
    ]


def _elsewhere(folder: Path) -> str:
    """Where the engagement is that somebody may have meant: below, or around. Nothing of it is
    used before they name it.
    """
    above = [outer for outer in folder.parents if (outer / "pilot.yaml").is_file()]
    places = [str(place) for place in (*_below(folder), *above[:1])]
    meant = " or ".join(places) or "the pilot's folder, or lay one out by seatrial init"
    return f": name {meant}"


def likely_name(folder: Path | None, *, start: Path) -> str | None:
    """The name of a pilot that may not load, as `load_chosen` looks for it: most are called as
    their folder. None where no pilot is.
    """
    try:
        chosen = find(start) if folder is None else start / folder
    except ConfigurationError:
        return None
    return chosen.resolve().name if (chosen / "pilot.yaml").is_file() else None


def _check_contracts(
    sources: Iterable[Source], where: Mapping[tuple[str, str], str]
) -> tuple[dict[tuple[str, str], Digests], dict[tuple[str, str], str]]:
    """Digests of the contracts that can be judged, and one line for each other contract."""
    digests: dict[tuple[str, str], Digests] = {}
    problems: dict[tuple[str, str], str] = {}
    for source, contract in ((s, c) for s in sources for c in s.contracts):
        name = (source.name, contract.name)
        try:
            digests[name] = check(contract)
        except Exception as error:  # noqa: BLE001 - one contract, and not the run of all others
            problems[name] = where.get(name, "") + describe_problem(contract, error)
    return digests, problems


def describe_problem(contract: Contract, error: Exception) -> str:
    """Why a contract cannot be judged, on one line."""
    if isinstance(error, ContractError):
        return one_line(error)
    if isinstance(error, (TypeError, AttributeError)):  # a type checker would report this
        reason = f"a value has a wrong type ({one_line(error)}): run mypy on it"
        return f"contract {contract.name}: {reason}"
    return f"contract {contract.name}: {defect(error)}"


def _files(pilot: Pilot, folder: Path) -> dict[tuple[str, str], str]:
    """`file: ` of each contract that is a name of its own in a module besides `pilot.py`. Of
    several that have it the first is where it was made: Python lists a module once it is whole.
    """
    named = {
        id(value): str(Path(file).relative_to(folder.parent))
        for module in reversed(list(sys.modules.values()))
        if (file := getattr(module, "__file__", None)) and folder in Path(file).parents
        for value in vars(module).values()
        if isinstance(value, Contract) and Path(file) != folder / "pilot.py"
    }
    return {
        (source.name, contract.name): f"{named[id(contract)]}: "
        for source in pilot.sources
        for contract in source.contracts
        if id(contract) in named
    }


def _as_planned(source: Source, settings: Settings) -> Source:
    """The source with what stands for the claims that cannot be asked of it."""
    said = settings.sources.get(source.name, SourceSettings())
    promises = dataclasses.replace(
        source.promises,
        attested=tuple(said.attested),
        not_planned={str(claim): why for claim, why in said.not_planned.items()},
    )
    return dataclasses.replace(source, promises=promises)


def _with_thresholds(source: Source, thresholds: Thresholds) -> Source:
    return dataclasses.replace(
        source,
        promises=dataclasses.replace(source.promises, thresholds=thresholds),
        contracts=tuple(
            dataclasses.replace(c, promises=dataclasses.replace(c.promises, thresholds=thresholds))
            for c in source.contracts
        ),
    )
