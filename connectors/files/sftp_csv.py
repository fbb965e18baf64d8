"""CSV files on an SFTP server, the server known by its pinned key and we by ours.

    list ─▶ for each file by name: fetch whole into a private file ─▶ hash ─▶ parse ─▶ list again

One file at a time is on our disk, one block of it in memory.
"""

from __future__ import annotations

import posixpath
import secrets
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import asyncssh
import pyarrow as pa

from connectors.capabilities import Described
from connectors.connector import Probe
from connectors.convert.fit import Values, fit
from connectors.errors import AccessDenied, SourceChanged, SourceError
from connectors.events import Completed, Emit, named
from connectors.files import describe_csv
from connectors.files.formats import csv
from connectors.files.listing import matching, unmoved
from connectors.files.stores.sftp import DENIED, OK, Server, session, status_of
from connectors.secrets import MissingReference, secret_file


@dataclass(frozen=True, slots=True, kw_only=True)
class SftpCsv:
    """A folder tree of CSV files. `files` gives for each dataset a glob, `folder/name_*.csv`.

    The server is connected to directly, through no proxy, and known by its key, not by a CA.
    """

    host: str
    port: int
    user: str
    key_file: Path
    """Our private key, readable by its owner alone."""
    host_key: str
    """The server's public key, one line: `ssh-ed25519 AAAA…`."""
    files: Mapping[str, str]
    stranger_allowed: bool = False

    @property
    def endpoint(self) -> str:
        """Scheme, host and port."""
        return f"sftp://{self.host}:{self.port}"

    def read(self, dataset: str, *, schema: pa.Schema, emit: Emit) -> pa.RecordBatchReader:
        """Stream all rows of all matching files, by file name."""
        if dataset not in self.files:
            raise SourceChanged(f"dataset {dataset} has no glob: add it to `files`")
        batches = self._batches(self.files[dataset], schema, emit)
        return pa.RecordBatchReader.from_batches(next(batches).schema, batches)

    def probe(self, *, emit: Emit) -> Sequence[Probe]:
        """Log in with a random name and a key made for it."""
        if not self.stranger_allowed:
            return ()
        stranger = replace(self._server, user=f"stranger_{secrets.token_hex(8)}")
        try:
            with session(stranger, asyncssh.generate_private_key("ssh-ed25519"), emit):
                status = OK
        except AccessDenied as error:
            status = status_of(error.__cause__)
        except SourceError:
            status = "no answer"
        detail = "a random login name with a key made for it"
        refused = status == DENIED
        return (Probe(name="stranger_refused", refused=refused, status=status, detail=detail),)

    @property
    def datasets(self) -> Sequence[str]:
        """Those that have files."""
        return tuple(self.files)

    def describe(self, dataset: str, *, emit: Emit) -> Described:
        """Look at the first file with rows."""
        folder, pattern = posixpath.split(self.files[dataset])
        with session(self._server, _key(self.key_file), emit) as sftp:
            files = matching(sftp.listing(folder), pattern)
            return describe_csv.described(files, partial(sftp.fetch, folder))

    def log_in(self, *, emit: Emit) -> None:
        """Open a session, and end it."""
        with session(self._server, _key(self.key_file), emit):
            pass

    @property
    def _server(self) -> Server:
        return Server(host=self.host, port=self.port, user=self.user, host_key=self.host_key)

    def _batches(self, glob: str, schema: pa.Schema, emit: Emit) -> Iterator[pa.RecordBatch]:
        """One empty batch, which tells the schema, then the rows."""
        folder, pattern = posixpath.split(glob)
        columns: tuple[str, ...] = ()
        rows = size = 0
        with (
            session(self._server, _key(self.key_file), emit) as sftp,
            # Without a name: the kernel frees it even when we are killed.
            tempfile.TemporaryFile() as private,
        ):
            path = Path(f"/proc/self/fd/{private.fileno()}")
            before = matching(sftp.listing(folder), pattern)
            for file in before:
                glance = csv.Glance()
                sftp.fetch(folder, file, path, glance.take)
                size += file.bytes
                names = csv.header(path, file.name)
                if names and not columns:
                    columns = names
                    # Where no name is the contract's, the first row may stand in for the header.
                    if set(names).intersection(schema.names):
                        emit(named(names, by="header"))
                    yield _fitted(dict.fromkeys(columns, ()), schema, file.name)
                if names and names != columns:
                    raise SourceChanged(
                        f"{file.name} has other columns than the files before it: correct it"
                    )
                for block in csv.blocks(path, file.name, names, schema, glance):
                    rows += block.num_rows
                    values = dict(zip(names, block.columns, strict=True))
                    yield _fitted(values, schema, file.name)
            if not columns:  # without a header nothing is known of the columns
                yield _fitted(dict.fromkeys(schema.names, ()), schema, "")
            witness = unmoved(before, matching(sftp.listing(folder), pattern))
        emit(Completed(rows=rows, bytes=size, witness=witness))


def _key(path: Path) -> asyncssh.SSHKey:
    try:
        return asyncssh.import_private_key(secret_file(path))
    except MissingReference as error:
        raise AccessDenied(str(error)) from error
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError) as error:
        raise AccessDenied(f"key file {path} holds no private key without passphrase") from error


def _fitted(columns: Mapping[str, Values], schema: pa.Schema, name: str) -> pa.RecordBatch:
    extra = [column for column in columns if column not in schema.names]
    return fit(columns, schema, extra=extra, delivery=name)
