"""Files of any format in any store: a store lists and fetches, a format reads, this joins them.

    list ─▶ for each file by name: fetch whole into a private file ─▶ hash ─▶ read ─▶ list again

One file at a time is on our disk, one block of it in memory.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from connectors.capabilities import Described
from connectors.connector import Probe
from connectors.convert.fit import fit
from connectors.errors import SourceChanged
from connectors.events import Completed, Delivered, Emit
from connectors.files.formats import Block, Format, Layout
from connectors.files.listing import Listed, matching, split, unmoved
from connectors.files.packing import Packing, Zip, refuse_packed
from connectors.files.private import path_of
from connectors.files.stores import Rooted, Session, Store


@dataclass(frozen=True, slots=True)
class FileSet:
    """The files that are one dataset.

    >>> FileSet("shipments/shipments_*.csv", Csv(delimiter=";", decimal=",")).glob
    'shipments/shipments_*.csv'
    """

    glob: str
    """`shipments/shipments_*.csv`, from the store's root; a `*` does not reach beyond a `/`."""
    format: Format
    """How each of them is written."""
    packed: Packing | None = None
    """What is around them: `Gzip()`, `Zip("*.csv")`."""

    def __post_init__(self) -> None:
        split(self.glob)

    @property
    def locator(self) -> str:
        """The files that are asked for, and the members of each: not how they are written."""
        return f"{self.glob} > {self.packed.glob}" if isinstance(self.packed, Zip) else self.glob

    def parts(self, path: Path, name: str) -> Generator[tuple[str, Path], None, None]:
        """What the format reads of one file: its members, or itself."""
        if self.packed is not None:
            yield from self.packed.members(path, name)
        else:
            refuse_packed(path, name)
            yield name, path


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """Datasets that are sets of files in one store.

    >>> store = Sftp(
    ...     host="drop.example",
    ...     user="reader",
    ...     host_key="ssh-ed25519 AAAA…",
    ...     key_file=Path("/run/secrets/drop_key"),
    ... )
    >>> Files(store=store, datasets={"shipments": FileSet("in/*.csv", Csv())}).endpoint
    'sftp://drop.example:22'
    """

    store: Store
    datasets: Mapping[str, FileSet]
    stranger_allowed: bool = False

    @property
    def endpoint(self) -> str:
        """The store's."""
        return self.store.endpoint

    def read(self, dataset: str, *, schema: pa.Schema, emit: Emit) -> pa.RecordBatchReader:
        """Stream all rows of all matching files, by name. Each file is a delivery, named from the
        last folder without a wildcard on: `day=2026-11-20/part-0.parquet`.
        """
        if dataset not in self.datasets:
            raise SourceChanged(f"dataset {dataset} has no files: add it to `datasets`")
        batches = _batches(self.store, self.datasets[dataset], schema, emit)
        return pa.RecordBatchReader.from_batches(next(batches).schema, batches)

    def locate(self, dataset: str) -> str | None:
        """The glob, from the bucket or home where it begins."""
        files = self.datasets.get(dataset)
        root = self.store.root if isinstance(self.store, Rooted) else ""
        return None if files is None else f"{root}{files.locator}"

    def probe(self, *, emit: Emit) -> Sequence[Probe]:
        """Try a stranger once, where that is allowed and the store knows strangers."""
        return self.store.probe(self._first[0], emit=emit) if self.stranger_allowed else ()

    def describe(self, dataset: str, *, emit: Emit) -> Described:
        """Look at the first file with rows; at the columns alone where no file has a row."""
        files = self.datasets[dataset]
        folder, pattern = split(files.glob)
        bare: Described | None = None
        with self.store.session(emit) as session:
            for file in matching(session.entries(folder, pattern), pattern):
                with (
                    _fetched(session, folder, file, emit) as path,
                    closing(files.parts(path, file.name)) as parts,
                ):
                    for name, part in parts:
                        described = files.format.describe(part, name)
                        if described is not None and described.sampled_rows:
                            return described
                        bare = bare or described
        if bare is None:
            raise SourceChanged(
                f"no file matches {pattern} and names its columns: correct the glob or wait for a "
                "delivery"
            )
        return bare

    def log_in(self, *, emit: Emit) -> None:
        """Log in and list the first dataset's folder: not every store knows a log-in by itself."""
        with self.store.session(emit) as session:
            for _ in session.entries(*self._first):
                pass

    @property
    def _first(self) -> tuple[str, str]:
        return split(next(iter(self.datasets.values())).glob)


def _batches(
    store: Store, files: FileSet, schema: pa.Schema, emit: Emit
) -> Iterator[pa.RecordBatch]:
    """One empty batch, which tells the schema, then the rows."""
    folder, pattern = split(files.glob)
    layout: Layout | None = None
    rows = size = 0
    with store.session(emit) as session:
        before = matching(session.entries(folder, pattern), pattern)
        for file in before:
            with _fetched(session, folder, file, emit) as path:
                size += file.bytes
                for name, part in files.parts(path, file.name):
                    found = files.format.layout(part, name)
                    if found is None:
                        continue
                    if layout is None:
                        layout = found
                        _declare(layout, schema, emit)
                        yield _fitted(_empty(layout.names), schema, file.name)
                    _require_same(layout, found, name)
                    for block in files.format.blocks(part, name, layout, schema):
                        rows += block.rows
                        yield _fitted(block, schema, file.name)
        if layout is None:  # without a file nothing is known of the columns
            yield _fitted(_empty(schema.names), schema, "")
        witness = unmoved(before, matching(session.entries(folder, pattern), pattern))
    emit(Completed(rows=rows, bytes=size, witness=witness))


@contextmanager
def _fetched(session: Session, folder: str, file: Listed, emit: Emit) -> Iterator[Path]:
    """A file, whole, for as long as the block lasts."""
    with session.fetch(folder, file) as private:
        path = path_of(private)
        with path.open("rb", buffering=0) as fetched:
            digest = hashlib.file_digest(fetched, "sha256")
            size = fetched.tell()
        if size != file.bytes:
            raise SourceChanged(f"{file.name} changed while it was read: read again")
        emit(
            Delivered(
                name=file.name,
                available_at=datetime.fromtimestamp(file.modified, UTC),
                bytes=file.bytes,
                sha256=digest.hexdigest(),
            )
        )
        yield path


def _declare(layout: Layout, schema: pa.Schema, emit: Emit) -> None:
    """Tell the columns as the file does. Where no name is the contract's and no type stands beside
    them, the first row may stand in for a header.
    """
    typed = any(type_ for _, type_ in layout.types)
    if layout.declared and (typed or set(layout.names).intersection(schema.names)):
        emit(layout.declared)


def _require_same(before: Layout, found: Layout, name: str) -> None:
    if found.types != before.types:
        changed = sorted({path for path, _ in set(found.types) ^ set(before.types)})
        what = f"column {changed[0][:80]!a} is" if changed else "the order of the columns is"
        raise SourceChanged(f"{name}: {what} not as in the files before it: correct it")


def _empty(names: Sequence[str]) -> Block:
    return Block(columns=dict.fromkeys(names, ()))


def _fitted(block: Block, schema: pa.Schema, name: str) -> pa.RecordBatch:
    extra = [column for column in block.columns if column not in schema.names]
    return fit(block.columns, schema, extra=extra, delivery=name, as_written=block.as_written)
