"""`connectors`, `contracts` and `harness` are everyday names. Refuse others' packages that Python
would import in place of ours.
"""

from __future__ import annotations

import shlex
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import find_spec
from pathlib import Path

NAMES = ("connectors", "contracts", "harness")
_ROOT = Path(__file__).resolve().parent.parent


def refuse_foreign() -> None:
    """Raise ImportError where one is loaded already, or stands before ours on `sys.path`."""
    for name in NAMES:
        _require_ours(name, find_spec(name))


def refuse_foreign_here() -> None:
    """Raise ImportError where one is in the working directory. Python, Jupyter and Dagster put it
    first on `sys.path`, so a pilot that the command line proves there would fail in those.
    """
    for name in NAMES:
        _require_ours(name, PathFinder.find_spec(name, [""]))


def _require_ours(name: str, found: ModuleSpec | None) -> None:
    # A folder without __init__.py has no origin: it gives way to any package of its name.
    if found is None or found.origin is None:
        return
    origin = Path(found.origin).resolve()
    if origin == _ROOT / name / "__init__.py":
        return
    folder = origin.parent.parent if origin.name == "__init__.py" else origin.parent
    if (folder / "__init__.py").is_file() and (folder / "pilot.yaml").is_file():
        raise ImportError(
            f"{folder} is the package of a pilot, and its {name} would be imported in place of "
            "Seatrial's own: start in the folder around it, by cd "
            f"{shlex.quote(str(folder.parent))}"
        )
    raise ImportError(
        f"{origin} has the name of Seatrial's own package {name} and would be imported in its "
        "place: rename it, move it into your pilot's package, or start elsewhere"
    )
