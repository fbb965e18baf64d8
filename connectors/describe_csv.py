"""What the first CSV file with rows looks like; of the files before it, that they have none."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path

from connectors import csv_file, describe_sample
from connectors.files import Listed
from connectors.interface import Described, SourceChanged


def described(
    files: Iterable[Listed], fetched: Callable[[Listed], AbstractContextManager[Path]]
) -> Described:
    """The header and the first block of rows; a header alone when no file has a row."""
    bare: Described | None = None
    for file in files:
        with fetched(file) as path:
            names = csv_file.header(path, file.name)
            block = next(csv_file.blocks(path, file.name, names), None) if names else None
        what = f"file {file.name}"
        if block is not None and block.num_rows:
            return describe_sample.described(what, dict(zip(names, block.columns, strict=True)))
        if names and bare is None:
            bare = describe_sample.described(what, dict.fromkeys(names, ()))
    if bare is None:
        raise SourceChanged("no file has a header: correct the pattern or wait for a delivery")
    return bare
