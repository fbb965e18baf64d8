"""`pilot.py` of an engagement, imported as a part of the package that it stands in."""

from __future__ import annotations

import importlib
import sys
import traceback
from pathlib import Path
from types import ModuleType

from harness.errors import ConfigurationError, one_line


def imported(folder: Path) -> ModuleType:
    """The module; ConfigurationError with the engagement's own line for what is wrong in it."""
    root = folder
    while (root / "__init__.py").is_file():
        root = root.parent
    root = root if root != folder else folder.parent
    name = ".".join((*folder.relative_to(root).parts, "pilot"))
    if str(root) not in sys.path:
        # At the end: an engagement's own tests/ or contracts/ must not stand in for others'.
        sys.path.append(str(root))
    try:
        module = importlib.import_module(name)
    except Exception as error:
        if isinstance(error, ModuleNotFoundError) and error.name == name:
            raise ConfigurationError(
                f"{folder}: another module has this name already: rename the folder"
            ) from error
        told = f"{_own_line(error, folder)}: {type(error).__name__}: {one_line(error)}"
        raise ConfigurationError(told) from error
    if Path(module.__file__ or "/").resolve() != folder / "pilot.py":
        raise ConfigurationError(
            f"{name} is {module.__file__}, not {folder / 'pilot.py'}: rename the folder"
        )
    return module


def _own_line(error: Exception, folder: Path) -> str:
    """Where the engagement's own code failed; a library may stand below the same folder."""
    lines = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError):
        lines.append((error.filename or "", error.lineno))
    own = [
        f"{file}:{line}"
        for file, line in lines
        if folder in Path(file).parents and "site-packages" not in Path(file).parts
    ]
    return own[-1] if own else str(folder / "pilot.py")
