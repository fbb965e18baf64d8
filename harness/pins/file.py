"""Reads and writes a pilot's pin files: strict JSON with one record for each `source.dataset`.

Runs are compared with these records. A file is replaced as a whole.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from connectors.near import nearest
from contracts.defaults import persisted_fields
from harness.atomic_write import BY_UMASK, replace
from harness.errors import ConfigurationError
from harness.folders import require_replaceable
from harness.pilot.model import LoadedPilot

FORMAT = 1
MOST_BYTES = 256 << 20
"""Of one file; the records of 10,000 datasets need less."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Document(Generic[T]):
    format: int
    datasets: dict[str, T]


def load(loaded: LoadedPilot, name: str, record: type[T], *, remedy: str) -> dict[str, T]:
    """The records of the file `name`; empty if there is no file.

    Raises ConfigurationError for a damaged file, an unknown key, and a dataset that the pilot does
    not have: such a pin would look valid although nothing is compared with it. `remedy` is what
    takes it out of the file.
    """
    records = load_all(loaded, name, record)
    for dataset in unpinnable(loaded, records):
        raise ConfigurationError(
            f"{loaded.folder / name}: {_gone(loaded, dataset, records)}{remedy}"
        )
    return records


def unpinnable(loaded: LoadedPilot, records: Iterable[str]) -> list[str]:
    """Those of the pinned datasets that the pilot does not have."""
    known = _known(loaded)
    return [dataset for dataset in records if dataset not in known]


def _known(loaded: LoadedPilot) -> list[str]:
    return [f"{s.name}.{c.name}" for s in loaded.pilot.sources for c in s.contracts]


def _gone(loaded: LoadedPilot, dataset: str, records: Iterable[str]) -> str:
    """A dataset that was taken out or renamed. One with a pin of its own is not what it was."""
    renamed = nearest(dataset, set(_known(loaded)) - set(records))
    hint = f" (did you mean {renamed}?)" if renamed else ""
    return f"dataset {dataset} is no longer in pilot.py{hint}: "


def load_all(loaded: LoadedPilot, name: str, record: type[T]) -> dict[str, T]:
    """As `load`, with the records of datasets that the pilot does not have."""
    path = loaded.folder / name
    try:
        with path.open("rb") as file:
            text = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be read: {error.strerror}: restore it, or remove it and pin anew"
        ) from error
    if len(text) > MOST_BYTES:
        raise ConfigurationError(
            f"{path} is longer than {MOST_BYTES:,} bytes: restore it, or remove it and pin anew"
        )
    try:
        document = msgspec.json.decode(text, type=_Document[record])  # type: ignore[valid-type]
        plain = json.loads(text, object_pairs_hook=_unique_keys)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigurationError(
            f"{path}: {error}: restore it, or remove it and pin anew"
        ) from error
    if document.format != FORMAT:
        raise ConfigurationError(
            f"{path} has format {document.format}, and this code knows {FORMAT}: use the release "
            "that wrote it, or pin anew"
        )
    if json.loads(msgspec.json.encode(_persisted(document))) != plain:
        raise ConfigurationError(f"{path} holds keys that nobody reads: remove them, or pin anew")
    return document.datasets


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object; an empty one if a key is duplicated, because we never write such an object."""
    return dict(pairs) if len(dict(pairs)) == len(pairs) else {}


def _persisted(document: _Document[T]) -> dict[str, Any]:
    """What is written: a field that was added later is left out while it has its default, so that
    a file of before keeps its bytes.
    """
    records = {name: persisted_fields(record) for name, record in document.datasets.items()}
    return {"format": document.format, "datasets": records}


def save(loaded: LoadedPilot, name: str, records: Mapping[str, T]) -> Path:
    """Write the file `name`. Equal records give equal bytes. Raises ConfigurationError."""
    path = loaded.folder / name
    require_replaceable(path)
    document = _Document(format=FORMAT, datasets=dict(sorted(records.items())))
    plain = msgspec.to_builtins(_persisted(document))
    text = json.dumps(plain, ensure_ascii=True, indent=1, sort_keys=True)
    try:
        replace(path, text + "\n", mode=BY_UMASK)
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be written: {error.strerror}: correct that, and pin anew"
        ) from error
    return path
