"""What was proven: facts, claims, verdicts, the ledger, and the run."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path


def _pin_sibling(name: str) -> None:
    """Import the package `name` from beside this one, whatever `sys.path` says.

    An engagement may have its own `contracts/` folder, and Dagster puts the working directory
    first on the path. Without this, Python would import that folder.
    """
    folder = Path(__file__).resolve().parent.parent / name
    loaded = sys.modules.get(name)
    if loaded is not None and Path(loaded.__file__ or "/").parent == folder:
        return
    spec = importlib.util.spec_from_file_location(
        name, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)


for _name in ("connectors", "contracts"):
    _pin_sibling(_name)
