"""`reference.json`, beside `pilot.py`: what the values of each dataset are held against.

`seatrial profile` writes it, people keep it under version control, and nobody edits it: read, it
must be byte for byte what would be written. So no key is unknown, doubled or misspelt.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec

from contracts.interface import ColumnProfile, Profile, Reference
from harness.errors import ConfigurationError, unknown
from harness.pilot import Engagement
from harness.report.files import replace

FILE = "reference.json"
FORMAT = 1
_ANEW = "restore it, or make it anew with seatrial profile"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pinned:
    """One dataset's entry."""

    made_on: date
    sha256: str
    rows: int
    columns: tuple[ColumnProfile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Document:
    """The whole file."""

    format: int
    datasets: dict[str, _Pinned]


def load(engagement: Engagement) -> dict[str, Reference]:
    """The references that are pinned, by `source.dataset`; none without the file.

    Raises ConfigurationError for a file that `seatrial profile` would not have written, and for a
    dataset that the pilot does not have.
    """
    path = engagement.folder / FILE
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror}") from error
    try:
        document = msgspec.json.decode(data, type=_Document)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: {error}: {_ANEW}") from error
    if document.format != FORMAT:
        raise ConfigurationError(f"{path}: format {document.format} is not {FORMAT}: {_ANEW}")
    if _text(document).encode() != data:
        raise ConfigurationError(f"{path} is not as seatrial profile wrote it: {_ANEW}")
    known = [f"{s.name}.{c.name}" for s in engagement.pilot.sources for c in s.contracts]
    for name in document.datasets:
        if name not in known:
            raise ConfigurationError(f"{path}: {unknown('dataset', name, known)}")
    return {name: _reference(name, pinned) for name, pinned in document.datasets.items()}


def pin(engagement: Engagement, reference: Reference) -> Path:
    """Write a dataset's reference in place of the one before it; the others stay."""
    path = engagement.folder / FILE
    pinned = load(engagement) | {reference.profile.dataset: reference}
    try:
        replace(path, _text(_Document(format=FORMAT, datasets=_entries(pinned))))
    except OSError as error:
        raise ConfigurationError(f"{path}: {error.strerror}") from error
    return path


def _reference(name: str, pinned: _Pinned) -> Reference:
    profile = Profile(dataset=name, rows=pinned.rows, columns=pinned.columns)
    return Reference(profile=profile, sha256=pinned.sha256, made_on=pinned.made_on)


def _entries(pinned: Mapping[str, Reference]) -> dict[str, _Pinned]:
    return {
        name: _Pinned(
            made_on=one.made_on,
            sha256=one.sha256,
            rows=one.profile.rows,
            columns=one.profile.columns,
        )
        for name, one in pinned.items()
    }


def _text(document: _Document) -> str:
    plain = msgspec.to_builtins(document)
    for entry in plain["datasets"].values():
        # What a column does not have is left out: most of it would be null.
        entry["columns"] = [
            {key: value for key, value in column.items() if value is not None or key == "missing"}
            for column in entry["columns"]
        ]
    return json.dumps(plain, indent=1, sort_keys=True, ensure_ascii=True) + "\n"
