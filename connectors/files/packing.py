"""Packed files, unpacked into private ones before a format reads them.

    shipments.zip ─▶ each member that matches, by name ─▶ a private file ─▶ the format

The packed file is the delivery: its name, time, size and digest are what the source declares. It
is unpacked to its proper end and against its own checksums, and never to more than its bounds.
"""

from __future__ import annotations

import errno
import gzip
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from connectors import bounds
from connectors.errors import SourceChanged
from connectors.files.listing import Kind, Listed, matching, split
from connectors.files.private import path_of, private_file

_CHUNK_BYTES = 1 << 20
"""Unpacked at most at once; and below this size no ratio is suspicious."""
_ENCRYPTED = 0x1  # APPNOTE.TXT 4.4.4
_END_BYTES = (1 << 16) + 128
"""With the longest comment, and what ZIP64 adds."""
_END, _END_64 = struct.Struct("<12xI6x"), struct.Struct("<40xQ28x")
"""The size of the directory, in the end of an archive and in that of ZIP64 with its locator."""
_MAGIC = {b"\x1f\x8b\x08": "Gzip()", b"PK\x03\x04": 'Zip("*.csv")'}
_LONGEST_MAGIC = max(map(len, _MAGIC))
_DAMAGE = (
    *(gzip.BadGzipFile, zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    ValueError,
)
"""What Python's readers raise for bytes that are not as the format says."""


class Packing(Protocol):
    """What is around the files that a format reads.

    >>> packed: Packing = Gzip()
    """

    def members(self, path: Path, name: str) -> Iterator[tuple[str, Path]]:
        """Each file in it: what messages call it, and a private copy that lasts until the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How much may come out of one packed file.

    >>> Gzip(Bounds(ratio=1_000)).bounds.ratio
    1000
    """

    bytes: int = 64 << 30
    ratio: int = 200
    """Times the size of the packed file. Text seldom packs better than 50 to 1."""

    def of(self, path: Path) -> _Unpacking:
        """What may come out of this one."""
        usual = max(self.ratio * path.stat().st_size, _CHUNK_BYTES)
        return _Unpacking(min(self.bytes, usual))


_USUAL = Bounds()


@dataclass(frozen=True, slots=True)
class Gzip:
    """One file in each: all gzip members, each to its end (RFC 1952).

    >>> FileSet("orders/*.csv.gz", Csv(), packed=Gzip()).packed == Gzip()
    True
    """

    bounds: Bounds = _USUAL

    def members(self, path: Path, name: str) -> Iterator[tuple[str, Path]]:
        """The file."""
        with private_file() as copy, _intact(name), gzip.open(path) as packed:
            self.bounds.of(path).copy(packed.read, copy, name)
            yield name, path_of(copy)


@dataclass(frozen=True, slots=True)
class Zip:
    """An archive of files of one dataset.

    >>> FileSet("orders/*.zip", Csv(), packed=Zip("*.csv")).glob
    'orders/*.zip'
    """

    glob: str
    """The members that are read, by name; others are left alone. An archive without one is
    refused."""
    bounds: Bounds = _USUAL
    max_members: int = 10_000

    def __post_init__(self) -> None:
        split(self.glob)

    def members(self, path: Path, name: str) -> Iterator[tuple[str, Path]]:
        """Those that match."""
        most = self.max_members
        if (size := _directory_bytes(path)) > most * bounds.ZIP_MEMBER_BYTES:
            raise SourceChanged(
                f"{name}: its directory has {size:,} bytes, more than {most:,} members need: "
                "raise max_members"
            )
        with _intact(name), zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            if len(infos) > self.max_members:
                raise SourceChanged(f"{name}: it has {len(infos):,} members: raise max_members")
            try:
                taken = matching(map(_listed, infos), self.glob)
            except SourceChanged as error:
                raise SourceChanged(f"{name}: {error}") from error
            if not taken:
                raise SourceChanged(f"{name}: no member matches {self.glob}: correct the glob")
            if len({file.name for file in taken}) < len(taken):
                raise SourceChanged(f"{name}: two members have one name: have it packed again")
            unpacking = self.bounds.of(path)
            for member in taken:
                if archive.getinfo(member.name).flag_bits & _ENCRYPTED:
                    raise SourceChanged(f"{name}/{member.name} is encrypted: ask for it without")
                with private_file() as copy, archive.open(member.name) as packed:
                    unpacking.copy(packed.read, copy, f"{name}/{member.name}")
                    yield f"{name}/{member.name}", path_of(copy)


def _directory_bytes(path: Path) -> int:
    """What an archive's end says of its directory (APPNOTE.TXT 4.3.14 and 4.3.16)."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _END_BYTES))
        end = file.read()
    at = end.rfind(b"PK\5\6")
    if at < 0 or len(end) < at + _END.size:
        return 0
    (size,) = _END.unpack_from(end, at)
    before = at - _END_64.size  # where ZIP64 has its own end, and then a locator
    if before >= 0 and end[before:].startswith(b"PK\6\6"):
        (size,) = _END_64.unpack_from(end, before)
    return int(size)


def refuse_packed(path: Path, name: str) -> None:
    """SourceChanged for a file that is packed although nothing says so."""
    with path.open("rb") as file:
        start = file.read(_LONGEST_MAGIC)
    for magic, packing in _MAGIC.items():
        if start.startswith(magic):
            raise SourceChanged(f"{name} is packed: declare {packing} in its FileSet")


def _listed(info: zipfile.ZipInfo) -> Listed:
    kind = Kind.FOLDER if info.is_dir() else Kind.FILE
    if stat.S_ISLNK(info.external_attr >> 16):
        kind = Kind.OTHER
    return Listed(
        name=info.filename.removesuffix("/"), bytes=info.file_size, modified=0, kind=kind
    )


@dataclass(slots=True)
class _Unpacking:
    """Counts what comes out of one packed file."""

    limit: int
    done: int = 0

    def copy(self, read: Callable[[int], bytes], into: IO[bytes], name: str) -> None:
        """Unpack to the end, or to the limit."""
        while piece := read(_CHUNK_BYTES):
            self.done += len(piece)
            if self.done > self.limit:
                raise SourceChanged(
                    f"{name} unpacks to more than {self.limit:,} bytes: "
                    "raise its bounds if that is right"
                )
            into.write(piece)
        into.flush()


@contextmanager
def _intact(name: str) -> Iterator[None]:
    """Damage leaves as SourceChanged."""
    try:
        yield
    except EOFError as error:
        raise SourceChanged(f"{name} stops before its end: have it sent again") from error
    except NotImplementedError as error:
        raise SourceChanged(
            f"{name} is packed by a method that is not read here: have it packed by deflate"
        ) from error
    except (*_DAMAGE, OSError) as error:
        # An offset before the file's beginning is damage, as is what bzip2 raises, without a
        # number; a full disk is not.
        if not isinstance(error, _DAMAGE) and error.errno not in (errno.EINVAL, None):
            raise
        raise SourceChanged(f"{name} is damaged, or not so packed: have it sent again") from error
