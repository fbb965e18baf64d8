"""A digest of what configures a pilot: what `pilot.yaml` says, and the engagement's modules."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from types import ModuleType

from contracts.canonical import canonical
from harness.pilot.settings import Settings


def digest(pilot: ModuleType, settings: Settings) -> str:
    """SHA-256, the same for the same engagement wherever it lies.

    Of `pilot.yaml` its meaning counts: the keys that it sets, neither their order nor comments. A
    reference to a secret counts, the secret does not. Of the modules of the engagement's package
    that loading it imported, names and bytes count. Pins are in the ledger themselves.
    """
    whole = hashlib.sha256(canonical(settings.model_dump(mode="json", exclude_unset=True)))
    for name, file in sorted(_modules(pilot.__package__ or "").items()):
        content = file.read_bytes()
        whole.update(f"\n{name}\n{len(content)}\n".encode())
        whole.update(content)
    return whole.hexdigest()


def _modules(package: str) -> dict[str, Path]:
    return {
        f"{name}.".removeprefix(f"{package}."): Path(file)
        for name, module in sys.modules.copy().items()
        if f"{name}.".startswith(f"{package}.") and (file := getattr(module, "__file__", None))
    }
