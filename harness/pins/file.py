"""Files beside a pilot in which somebody pinned what runs are held against, as strict JSON.

Each has one record for a dataset, named `source.dataset`, and is written whole or not at all.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from harness.atomic_write import replace
from harness.errors import ConfigurationError, unknown
from harness.pilot.model import LoadedPilot

FORMAT = 1
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Document(Generic[T]):
    format: int
    datasets: dict[str, T]


def load(loaded: LoadedPilot, name: str, record: type[T]) -> dict[str, T]:
    """The records of the file `name`; none without such a file.

    Raises ConfigurationError for a damaged file, a key too many, and a dataset that the pilot does
    not have: a pin that nothing is held against would look like one that holds.
    """
    path = loaded.folder / name
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}") from error
    try:
        found = msgspec.json.decode(text, type=_Document[record])  # type: ignore[valid-type]
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{path}: {error}: restore it, or remove it and pin anew"
        ) from error
    if found.format != FORMAT:
        raise ConfigurationError(f"{path} has format {found.format}, and this code knows {FORMAT}")
    if json.loads(msgspec.json.encode(found)) != json.loads(text, object_pairs_hook=_once):
        raise ConfigurationError(f"{path} holds keys that nobody reads: remove them, or pin anew")
    known = [f"{s.name}.{c.name}" for s in loaded.pilot.sources for c in s.contracts]
    for dataset in found.datasets:
        if dataset not in known:
            raise ConfigurationError(f"{path}: {unknown('dataset', dataset, known)}")
    return found.datasets


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys stand once; one that does not is no object that we wrote."""
    return dict(pairs) if len(dict(pairs)) == len(pairs) else {}


def save(loaded: LoadedPilot, name: str, records: Mapping[str, T]) -> Path:
    """Write the file `name`, the same bytes for the same records."""
    path = loaded.folder / name
    document = _Document(format=FORMAT, datasets=dict(sorted(records.items())))
    text = json.dumps(msgspec.to_builtins(document), ensure_ascii=True, indent=1, sort_keys=True)
    try:
        replace(path, text + "\n")
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror}") from error
    return path
