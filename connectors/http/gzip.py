"""A gzip body, whole or not at all (RFC 1952): every member, each to the end of its stream."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from connectors import bounds
from connectors.errors import SourceChanged, SourceUnavailable

if TYPE_CHECKING:
    from zlib import _Decompress

_GZIP = 16 + zlib.MAX_WBITS
_STEP_BYTES = 1 << 20
"""Unpacked at most at once; and below this size no ratio is suspicious."""


def gunzip(
    chunks: Iterable[bytes],
    *,
    what: str,
    max_bytes: int,
    max_ratio: int,
    has_grown: Callable[[int], None] = lambda _: None,
) -> bytes:
    """The unpacked body of the answer to `what`, cut off where it grows too large or too fast.
    `has_grown` is told its size as it comes.

    A stream that stops before its end is SourceUnavailable (a proxy may have cut it); one that is
    corrupt or a bomb is SourceChanged.
    """
    body = bytearray()
    packed_bytes = members = 0
    member = None
    for chunk in chunks:
        packed_bytes += len(chunk)
        rest = chunk
        while rest:
            if member is None:
                member, members = zlib.decompressobj(_GZIP), members + 1
            if members > bounds.GZIP_MEMBERS:
                raise SourceChanged(
                    f"{what}: its answer has more than {bounds.GZIP_MEMBERS:,} gzip members: have "
                    "it packed as one"
                )
            for piece in _unpack(member, rest, what):
                body += piece
                too_fast = len(body) > max(max_ratio * packed_bytes, _STEP_BYTES)
                if too_fast or len(body) > max_bytes:
                    raise SourceChanged(f"{what}: its answer unpacks to too much: ask for less")
                has_grown(len(body))
            rest = member.unused_data  # the next member, as RFC 1952 2.2 allows
            if member.eof:
                member = None
    if member is not None:
        raise SourceUnavailable(f"{what}: its answer stops in the middle of a gzip stream")
    return bytes(body)


def _unpack(member: _Decompress, data: bytes, what: str) -> Iterator[bytes]:
    while True:
        try:
            piece = member.decompress(data, _STEP_BYTES)
        except zlib.error:
            raise SourceChanged(f"{what}: its answer is no intact gzip stream") from None
        yield piece
        data = member.unconsumed_tail
        if member.eof or (not data and len(piece) < _STEP_BYTES):
            return
