"""Imports `pilot.py` of an engagement as part of its own package, and nothing beside it.

The folder that the package is in is not put on `sys.path`: what else is there is no part of the
engagement, and somebody else may have put it there.
"""

from __future__ import annotations

import importlib
import stat
import sys
import traceback
from collections.abc import Callable, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import FrameType, ModuleType
from typing import TypeAlias

from harness.errors import ConfigurationError, one_line
from harness.pilot import keyword

Guard: TypeAlias = Callable[[Path], None]
"""Raises ConfigurationError for a file or folder that is not to be used."""


class _Engagements(MetaPathFinder):
    """Finds the packages of engagements, and what is in them."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[Path, Guard]] = {}

    def add(self, package: str, root: Path, guard: Guard) -> None:
        """Find `package` in the folder `root`, if nothing on `sys.path` has its name."""
        self._known[package] = (root, guard)
        if self not in sys.meta_path:
            sys.meta_path.insert(0, self)

    def find_spec(
        self, name: str, path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """As Python finds a module. What it would execute is looked at before."""
        known = self._known.get(name.partition(".")[0])
        if known is None:
            return None
        root, guard = known
        spec = PathFinder.find_spec(name, [*sys.path, str(root)] if path is None else path)
        if spec is None:
            return None
        folders = list(spec.submodule_search_locations or ())
        if spec.loader is None:  # without __init__.py: Python would look for its folders again
            spec = ModuleSpec(name, None, is_package=True)
            spec.submodule_search_locations = folders
        for place in (*folders, *filter(None, (spec.origin, spec.cached))):
            guard(Path(place))
        return spec


_ENGAGEMENTS = _Engagements()


def import_pilot(folder: Path, guard: Guard) -> ModuleType:
    """Import `pilot.py` of the engagement in `folder`, as `import_file` does."""
    return import_file(folder, folder / "pilot.py", guard)


def import_file(folder: Path, file: Path, guard: Guard) -> ModuleType:
    """Import a file of the engagement in `folder` as a module of its package. Each file and folder
    of the engagement that it imports from is shown to `guard` before. Raises ConfigurationError
    with the engagement's own line for any error.
    """
    root = folder
    while (root / "__init__.py").is_file():
        if root != folder and root.stat().st_mode & stat.S_IWOTH:
            raise ConfigurationError(
                f"everybody may write {root}, and so its __init__.py: move {folder} elsewhere"
            )
        root = root.parent
    root = root if root != folder else folder.parent
    name = ".".join(file.with_suffix("").relative_to(root).parts)
    _ENGAGEMENTS.add(name.partition(".")[0], root, guard)
    try:
        module = importlib.import_module(name)
    except Exception as error:
        if isinstance(error, ModuleNotFoundError) and error.name == name:
            raise ConfigurationError(
                f"{folder}: another module has this name already: rename the folder"
            ) from error
        line, frame = _own_line(error, folder, file)
        if frame is not None and (misspelt := keyword.misspelt(error, frame)) is not None:
            raise ConfigurationError(f"{line}: {misspelt.function} {misspelt}") from error
        if (left_out := keyword.left_out(error)) is not None:
            raise ConfigurationError(f"{line}: {' '.join(left_out)}") from error
        kind = "" if isinstance(error, ConfigurationError) else f"{type(error).__name__}: "
        raise ConfigurationError(f"{line}: {kind}{one_line(error)}") from error
    if Path(module.__file__ or "/").resolve() != file:
        raise ConfigurationError(f"{name} is {module.__file__}, not {file}: rename the folder")
    return module


def _own_line(error: Exception, folder: Path, file: Path) -> tuple[str, FrameType | None]:
    """The engagement's own `file:line` of an error, and its frame; libraries below the folder are
    skipped.
    """
    lines: list[tuple[str, int | None, FrameType | None]] = [
        (frame.f_code.co_filename, line, frame)
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    if isinstance(error, SyntaxError):
        lines.append((error.filename or "", error.lineno, None))
    own = [
        (f"{file}:{line}", frame)
        for file, line, frame in lines
        if folder in Path(file).parents and "site-packages" not in Path(file).parts
    ]
    return own[-1] if own else (str(file), None)
