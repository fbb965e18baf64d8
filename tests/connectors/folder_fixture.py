"""Files in a folder of this machine, read as a pilot would read them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from connectors.files.connector import Files
from connectors.files.control import ControlFile
from connectors.files.file_set import FileSet
from connectors.files.formats import Format
from connectors.files.packing import Packing
from connectors.files.stores.local import Local
from tests.conformance import Run, read, read_in_vain

CANARY = "canary-in-the-data"
MADE_AVAILABLE = 1_795_000_000


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder whose files are one dataset, `it`."""

    path: Path
    format: Format
    glob: str = "*.it"
    packed: Packing | None = None
    sealed: ControlFile | None = None
    now: float = MADE_AVAILABLE + 3_600

    def put(self, name: str, content: str | bytes, *, at: float = MADE_AVAILABLE) -> str:
        """Put a file there, whole at once; gives its name."""
        part = self.path / f"{name}.part"
        part.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content if isinstance(content, bytes) else content.encode())
        os.utime(part, (at, at))
        part.rename(self.path / name)
        return name

    @property
    def files(self) -> Files:
        """The connector."""
        it = FileSet(self.glob, self.format, self.packed, self.sealed)
        return Files(store=Local(self.path), datasets={"it": it}, clock=lambda: self.now)

    def read(self, schema: pa.Schema) -> Run:
        return read(self.files, "it", schema)

    def refused(self, schema: pa.Schema, message: str) -> Run:
        """Read in vain: one line says why, without the data, and nothing counts as whole."""
        return read_in_vain(self.files, "it", schema, message=message, never=CANARY)
