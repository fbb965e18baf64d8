"""What the first CSV file with rows looks like; of the files before it, that they have none."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow as pa

from connectors.capabilities import Described
from connectors.convert import sample
from connectors.errors import SourceChanged
from connectors.files.formats import csv
from connectors.files.listing import Listed

Fetch: TypeAlias = Callable[[Listed, Path, Callable[[bytes], None]], None]
"""Writes a file whole to a path and shows its bytes on the way."""


def described(files: Iterable[Listed], fetch: Fetch) -> Described:
    """The header and the first block of rows; a header alone when no file has a row."""
    bare: Described | None = None
    for file in files:
        names, columns = _first_block(file, fetch)
        what = f"file {file.name}"
        if columns:
            return sample.described(what, dict(zip(names, columns, strict=True)))
        if names and bare is None:
            bare = sample.described(what, dict.fromkeys(names, ()))
    if bare is None:
        raise SourceChanged("no file has a header: correct the pattern or wait for a delivery")
    return bare


def _first_block(file: Listed, fetch: Fetch) -> tuple[tuple[str, ...], list[pa.Array[Any]]]:
    """The names, and the first rows as columns of text; no columns where there is no row."""
    glance = csv.Glance()
    with tempfile.TemporaryFile() as private:  # without a name: nothing of it can stay behind
        path = Path(f"/proc/self/fd/{private.fileno()}")
        fetch(file, path, glance.take)
        names = csv.header(path, file.name)
        if not names:
            return (), []
        block = next(csv.blocks(path, file.name, names, pa.schema([]), glance), None)
    return names, block.columns if block is not None and block.num_rows else []
