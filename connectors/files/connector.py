"""Files of any format in any store: a store lists and fetches, a format reads, this joins them.

    list ─▶ for each file by name: fetch whole into a private file ─▶ hash ─▶ read ─▶ list again

The listing shows that all was transferred; that all was delivered only the sender can say. The
newest file is fetched first, for its columns; it and one other are on our disk at a time, one
block of one in memory; beside them small ones whose turn is next (`stores/ahead.py`).
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import pyarrow as pa

from connectors.capabilities import Described
from connectors.connector import Probe
from connectors.errors import BrokenFile, NeedsRows, SourceChanged, lacked_memory
from connectors.events import Completed, Declared, Delivered, Emit, Unreadable
from connectors.files.decoder import Decoded, Decoder, Decoding
from connectors.files.file_set import FileSet
from connectors.files.glimpse import newest
from connectors.files.inventory import Place
from connectors.files.listing import Listed, split
from connectors.files.private import path_of
from connectors.files.scratch import Scratched, try_writes
from connectors.files.stores import LooksUp, Rooted, Store, fetch_each
from connectors.files.witness import Account, witness
from connectors.near import add_or_correct
from connectors.rights import Way


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
    clock: Callable[[], float] = field(default=time.time, repr=False, compare=False)
    """Seconds since 1970: tells how old a file is."""

    @property
    def endpoint(self) -> str:
        """The store's."""
        return self.store.endpoint

    def read(self, dataset: str, *, schema: pa.Schema, emit: Emit) -> pa.RecordBatchReader:
        """Stream all rows of all matching files, by name. Each file is a delivery, named from the
        last folder without a wildcard on: `day=2026-11-20/part-0.parquet`.
        """
        batches = _batches(self.store, self._files(dataset), schema, emit, self.clock)
        return pa.RecordBatchReader.from_batches(next(batches).schema, batches)

    def declare(self, dataset: str, *, emit: Emit) -> Declared:
        """What the newest file declares, by its first or last bytes."""
        files = self._files(dataset)
        if files.packed is not None:
            raise NeedsRows("its files are packed, and tell no columns before they are unpacked")
        with self.store.session(emit) as session:
            return newest(files.place(session), files.format, self.clock())

    def locate(self, dataset: str) -> str | None:
        """The glob, from the bucket or home where it begins."""
        files = self.datasets.get(dataset)
        root = self.store.root if isinstance(self.store, Rooted) else ""
        return None if files is None else f"{root}{files.locator}"

    def probe(self, *, emit: Emit) -> Sequence[Probe]:
        """Try a stranger once, where that is allowed and the store knows strangers. Look up what
        our own user may do, where the store can tell that.
        """
        strangers = self.store.probe(self._first[0], emit=emit) if self.stranger_allowed else ()
        if not isinstance(self.store, LooksUp):
            return strangers
        globs = {dataset: files.glob for dataset, files in self.datasets.items()}
        return (*strangers, *self.store.look_up(globs, emit=emit))

    @property
    def rights(self) -> Way | None:
        """How the store is asked what our log-in may do."""
        if isinstance(self.store, Scratched):
            return Way.TRIED
        return Way.LOOKED_UP if isinstance(self.store, LooksUp) else None

    @property
    def has_log_in(self) -> bool:
        """Whether the store asks who we are."""
        return not isinstance(self.store, LooksUp)

    def try_writes(self, at: Sequence[str], *, emit: Emit) -> Sequence[Probe]:
        """Try to write at these names, which the owner has permitted, if it is not looked up."""
        if not isinstance(self.store, Scratched):
            return ()
        globs = [files.glob for files in self.datasets.values()]
        return try_writes(self.store, globs, at, emit=emit)

    def describe(self, dataset: str, *, emit: Emit) -> Described:
        """Look at the first file with rows; at the columns alone where no file has a row."""
        files = self.datasets[dataset]
        bare: Described | None = None
        looked_at: Listed | None = None
        with self.store.session(emit) as session:
            place = files.place(session)
            found = place.look()
            place.refuse_tables(found)
            for file in found.files:
                looked_at = file
                with (
                    _hashed(session.fetch(place.folder, file), file, emit) as (path, _),
                    closing(files.parts(path, file.name)) as parts,
                ):
                    for name, part in parts:
                        described = files.format.describe(part, name)
                        if described is not None and described.sampled_rows:
                            return files.hinted(described, found)
                        bare = bare or described
        if looked_at is None:
            raise SourceChanged(
                f"no file matches {place.pattern}: correct the glob or wait for a delivery"
            )
        if bare is None:
            raise SourceChanged(
                f"no file that matches {place.pattern} names its columns, as {looked_at.name} of "
                f"{looked_at.bytes:,} bytes: have one with columns delivered, or correct the glob"
            )
        return bare

    def log_in(self, *, emit: Emit) -> None:
        """Log in and list the first dataset's folder: not every store knows a log-in by itself."""
        with self.store.session(emit) as session:
            for _ in session.entries(*self._first):
                pass

    def _files(self, dataset: str) -> FileSet:
        if dataset not in self.datasets:
            remedy = add_or_correct(dataset, self.datasets, "datasets")
            raise SourceChanged(f"dataset {dataset} has no files: {remedy}")
        return self.datasets[dataset]

    @property
    def _first(self) -> tuple[str, str]:
        return split(next(iter(self.datasets.values())).glob)


def _batches(
    store: Store, files: FileSet, schema: pa.Schema, emit: Emit, clock: Callable[[], float]
) -> Iterator[pa.RecordBatch]:
    """One empty batch, which tells the schema, then the rows."""
    decoder = Decoder(format=files.format, schema=schema, emit=emit)
    accounts, broken = list[Account](), list[str]()
    with store.session(emit) as session:
        place = files.place(session)
        before = place.look()
        place.refuse_tables(before)
        delivery = place.delivery(before, clock())
        with closing(_copies(place, files, delivery.files, decoder)) as copies:
            for file, private in zip(delivery.files, copies, strict=True):
                with _hashed(private, file, emit) as (path, digest):
                    found = yield from _decode(decoder, files.parts(path, file.name), file, broken)
                words = [delivery.words.get(file.name), found.word]
                accounts.append(
                    Account(
                        file=file,
                        sha256=digest,
                        rows=found.rows,
                        words=[word for word in words if word is not None],
                        may_be_cut=found.may_be_cut,
                    )
                )
        if broken and len(broken) == len(delivery.files):
            raise BrokenFile(broken[0])
        if decoder.has_nothing:  # without a file nothing is known of the columns
            yield decoder.nothing()
        listing = delivery.unmoved(before, place.look())
    told, unwitnessed = witness(accounts, delivery, listing)
    emit(
        Completed(
            rows=sum(account.rows for account in accounts),
            bytes=sum(account.file.bytes for account in accounts),
            witness=told,
            unwitnessed=unwitnessed,
        )
    )


def _decode(
    decoder: Decoder, parts: Iterable[tuple[str, Path]], file: Listed, broken: list[str]
) -> Decoding:
    """The rows of a file, as far as it can be read; why no further is told, and in `broken`."""
    try:
        return (yield from decoder.decode(file.name, parts))
    except BrokenFile:
        raise
    except SourceChanged as error:
        if lacked_memory(error):
            raise
        broken.append(str(error))
        decoder.emit(Unreadable(name=file.name, why=str(error)))
        return Decoded(rows=decoder.rows, word=None, may_be_cut=False)


def _copies(
    place: Place, files: FileSet, listed: Sequence[Listed], decoder: Decoder
) -> Generator[IO[bytes], None, None]:
    """Each file in turn, whole. The newest of them that tells its columns was fetched before: they
    land with those of the first.
    """
    others = list(listed)
    kept: tuple[Listed, IO[bytes]] | None = None
    for file in [one for one in listed[:0:-1] if one.bytes][:_NEWEST]:
        private = place.session.fetch(place.folder, file)
        with closing(files.parts(path_of(private), file.name)) as parts:
            tells = decoder.foresee(parts)
        if tells:
            kept = file, private
            others.remove(file)
            break
        private.close()
    with ExitStack() as open_:
        if kept:
            open_.enter_context(kept[1])
        rest = open_.enter_context(closing(fetch_each(place.session, place.folder, others)))
        for file in listed:
            yield kept[1] if kept and file is kept[0] else next(rest)


_NEWEST = 3
"""Files at the end whose columns are looked for, where the last ones tell none."""


@contextmanager
def _hashed(private: IO[bytes], file: Listed, emit: Emit) -> Iterator[tuple[Path, str]]:
    """A file, whole, for as long as the block lasts, and its SHA-256."""
    with private:
        path = path_of(private)
        with path.open("rb", buffering=0) as fetched:
            digest = hashlib.file_digest(fetched, "sha256").hexdigest()
            size = fetched.tell()
        if size != file.bytes:
            raise SourceChanged(f"{file.name} changed while it was read: read again")
        emit(
            Delivered(
                name=file.name,
                available_at=_time_of(file),
                bytes=file.bytes,
                sha256=digest,
            )
        )
        yield path, digest


def _time_of(file: Listed) -> datetime:
    """When it was changed last. File systems know times that no calendar has."""
    try:
        return datetime.fromtimestamp(file.modified, UTC)
    except (ValueError, OverflowError, OSError):
        raise SourceChanged(
            f"{file.name}: the time of its last change lies in no year from 1 to 9999: correct it"
        ) from None
