"""Parquet files in an object store that speaks S3.

    list ─▶ for each object by name: fetch whole into a private file, hash ─▶ decode ─▶ list again

One object at a time is on our disk, one batch of it in memory.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import takewhile
from pathlib import Path
from urllib.parse import urlsplit

import pyarrow as pa

from connectors.capabilities import Described
from connectors.connector import Probe
from connectors.convert.fit import Values, fit
from connectors.errors import SourceChanged, SourceError
from connectors.events import Answered, Authenticated, Completed, Emit, Event
from connectors.files import describe_parquet
from connectors.files.formats import parquet
from connectors.files.formats.parquet import Columns
from connectors.files.listing import matching_paths, unmoved
from connectors.files.stores.s3 import DENIED, OK, Key, Store, client
from connectors.http.origin import origin
from connectors.http.proxy import Proxy, require_tunnel
from connectors.retry import RetryPolicy
from connectors.secrets import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectStore:
    """Buckets of Parquet files. `files` gives for each dataset a glob that begins with the
    bucket's name, `billing/lines/day=*/*.parquet`; a `*` does not reach beyond a `/`.
    """

    endpoint: str
    """`https://host:port`; plain http on this machine alone."""
    region: str
    access_key: Secret
    secret_key: Secret
    files: Mapping[str, str]
    ca_file: Path | None = None
    """Whose certificates to trust instead of those that this machine trusts."""
    proxy: Proxy | None = None
    """Through which to go; never one of the environment."""
    stranger_allowed: bool = False
    patience: RetryPolicy = field(default_factory=RetryPolicy)
    answer_seconds: float = 300.0
    """For one listing or one object, however slowly it drips in."""

    def __post_init__(self) -> None:
        origin(self.endpoint)
        require_tunnel(self.endpoint, self.proxy)
        if any(urlsplit(self.endpoint)[2:]):
            raise ValueError("an endpoint is an address without a path: write https://host:port")
        for dataset, glob in self.files.items():
            if not all(_split(glob)):
                raise ValueError(f"{dataset}: write bucket/prefix/*.parquet, not {glob!r}")

    def read(self, dataset: str, *, schema: pa.Schema, emit: Emit) -> pa.RecordBatchReader:
        """Stream all rows of all matching objects, by name. Each is a delivery, named from the
        last folder without a wildcard on: `day=2026-11-20/part-0.parquet`.
        """
        if dataset not in self.files:
            raise SourceChanged(f"dataset {dataset} has no glob: add it to `files`")
        batches = self._batches(self.files[dataset], schema, emit)
        return pa.RecordBatchReader.from_batches(next(batches).schema, batches)

    def probe(self, *, emit: Emit) -> Sequence[Probe]:
        """List the first dataset's folder, once, with a random key that nobody gave out."""
        if not self.stranger_allowed:
            return ()
        stranger = Key(
            access_key=f"STRANGER{secrets.token_hex(6).upper()}",
            secret_key=secrets.token_urlsafe(30),
        )
        status = "no answer"

        def answered(event: Event) -> None:
            nonlocal status
            if isinstance(event, Answered):
                status = event.status
            emit(event)

        folder, _ = _split(next(iter(self.files.values())))
        with suppress(SourceError):  # the answer was told; without one nobody was refused
            self._as(stranger, answered, RetryPolicy(attempts=1)).listing(folder)
        detail = "a random access key with a random secret"
        refused = status in DENIED
        return (Probe(name="stranger_refused", refused=refused, status=status, detail=detail),)

    @property
    def datasets(self) -> Sequence[str]:
        """Those that have files."""
        return tuple(self.files)

    def describe(self, dataset: str, *, emit: Emit) -> Described:
        """Look at the first file with rows."""
        folder, pattern = _split(self.files[dataset])
        store = self._ours(emit)
        files = matching_paths(store.listing(folder), pattern)
        return describe_parquet.described(files, partial(store.fetched, folder))

    def log_in(self, *, emit: Emit) -> None:
        """List the first dataset's folder: S3 knows no log-in."""
        folder, _ = _split(next(iter(self.files.values())))
        self._ours(emit).listing(folder)

    def _ours(self, emit: Emit) -> Store:
        key = Key(access_key=self.access_key.reveal(), secret_key=self.secret_key.reveal())
        return self._as(key, _telling_of_the_key(emit), self.patience)

    def _as(self, key: Key, emit: Emit, patience: RetryPolicy) -> Store:
        return Store(
            client=client(self.endpoint, self.region, key, self.ca_file, self.proxy),
            proxy=self.proxy,
            emit=emit,
            patience=patience,
            answer_seconds=self.answer_seconds,
        )

    def _batches(self, glob: str, schema: pa.Schema, emit: Emit) -> Iterator[pa.RecordBatch]:
        """One empty batch, which tells the schema, then the rows."""
        store = self._ours(emit)
        folder, pattern = _split(glob)
        columns: Columns | None = None
        rows = size = 0
        before = matching_paths(store.listing(folder), pattern)
        for file in before:
            with store.fetched(folder, file) as path:
                size += file.bytes
                found = parquet.columns(path, file.name)
                if columns is None:
                    columns = found
                    emit(found.declared)
                    yield _fitted(dict.fromkeys(found.names, ()), schema, file.name)
                _require_same(columns, found, file.name)
                for batch in parquet.batches(path, file.name):
                    rows += batch.num_rows
                    came = dict(zip(found.names, batch.columns, strict=True))
                    yield _fitted(came, schema, file.name)
        if columns is None:  # without a file nothing is known of the columns
            yield _fitted(dict.fromkeys(schema.names, ()), schema, "")
        witness = unmoved(before, matching_paths(store.listing(folder), pattern))
        emit(Completed(rows=rows, bytes=size, witness=witness))


def _split(glob: str) -> tuple[str, str]:
    """The bucket and folders without a wildcard, and the pattern below them."""
    *folders, _ = parts = glob.split("/")
    fixed = list(takewhile(lambda part: not set("*?[").intersection(part), folders))
    return "/".join(fixed), "/".join(parts[len(fixed) :])


def _telling_of_the_key(emit: Emit) -> Emit:
    """S3 knows no log-in: the first request that is answered well tells that our key was taken."""
    taken = False

    def tell(event: Event) -> None:
        nonlocal taken
        if not taken and isinstance(event, Answered) and event.status == OK:
            taken = True
            emit(Authenticated(how="access key", renewed=False))
        emit(event)

    return tell


def _require_same(before: Columns, found: Columns, name: str) -> None:
    if found != before:
        changed = sorted({path for path, _ in set(found.types) ^ set(before.types)})
        what = f"column {changed[0][:80]!a}" if changed else "the order of the columns"
        raise SourceChanged(f"{name}: {what} is not as in the files before it: correct it")


def _fitted(columns: Mapping[str, Values], schema: pa.Schema, name: str) -> pa.RecordBatch:
    extra = [column for column in columns if column not in schema.names]
    return fit(columns, schema, extra=extra, delivery=name)
