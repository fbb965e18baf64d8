"""`reference.json`, beside `pilot.py`: the profile that each dataset's values are compared with.

`seatrial profile` writes it, and people keep it under version control.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from contracts.evaluation import ColumnProfile, Profile, Reference
from harness.pilot.model import LoadedPilot
from harness.pins import file

FILE = "reference.json"
_REMEDY = "put it back, or take its record out of the file"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pinned:
    """One dataset's record in the file."""

    made_on: date
    sha256: str
    rows: int
    columns: tuple[ColumnProfile, ...]


def load(loaded: LoadedPilot) -> dict[str, Reference]:
    """The pinned references, by `source.dataset`; empty if there is no file.

    Raises ConfigurationError for a damaged file, and for a dataset that the pilot does not have.
    """
    return {
        name: Reference(
            profile=Profile(dataset=name, rows=record.rows, columns=record.columns),
            sha256=record.sha256,
            made_on=record.made_on,
        )
        for name, record in file.load(loaded, FILE, _Pinned, remedy=_REMEDY).items()
    }


def pin(loaded: LoadedPilot, reference: Reference) -> Path:
    """Write a dataset's reference and keep those of other datasets; returns the file's path."""
    record = _Pinned(
        made_on=reference.made_on,
        sha256=reference.sha256,
        rows=reference.profile.rows,
        columns=reference.profile.columns,
    )
    before = file.load(loaded, FILE, _Pinned, remedy=_REMEDY)
    return file.save(loaded, FILE, before | {reference.profile.dataset: record})
