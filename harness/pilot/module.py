"""Imports `pilot.py` of an engagement as part of its own package."""

from __future__ import annotations

import importlib
import sys
import traceback
from pathlib import Path
from types import ModuleType

from harness.errors import ConfigurationError, one_line


def import_pilot(folder: Path) -> ModuleType:
    """Import `pilot.py`. Raises ConfigurationError with the engagement's own line for
    any error.
    """
    root = folder
    while (root / "__init__.py").is_file():
        root = root.parent
    root = root if root != folder else folder.parent
    name = ".".join((*folder.relative_to(root).parts, "pilot"))
    if str(root) not in sys.path:
        # At the end, so that an engagement's own tests/ or contracts/ do not hide other packages.
        sys.path.append(str(root))
    try:
        module = importlib.import_module(name)
    except Exception as error:
        if isinstance(error, ModuleNotFoundError) and error.name == name:
            raise ConfigurationError(
                f"{folder}: another module has this name already: rename the folder"
            ) from error
        line = _own_line(error, folder)
        raise ConfigurationError(f"{line}: {type(error).__name__}: {one_line(error)}") from error
    if Path(module.__file__ or "/").resolve() != folder / "pilot.py":
        raise ConfigurationError(
            f"{name} is {module.__file__}, not {folder / 'pilot.py'}: rename the folder"
        )
    return module


def _own_line(error: Exception, folder: Path) -> str:
    """The engagement's own `file:line` of an error; libraries below the folder are skipped."""
    lines = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError):
        lines.append((error.filename or "", error.lineno))
    own = [
        f"{file}:{line}"
        for file, line in lines
        if folder in Path(file).parents and "site-packages" not in Path(file).parts
    ]
    return own[-1] if own else str(folder / "pilot.py")
