"""The headers of a Parquet file's pages: what each page holds, before any of it is unpacked.

The footer may say what it likes; the reader goes by these headers, and so do we. They are structs
in Thrift's compact protocol (parquet.thrift, thrift-compact-protocol.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

DATA, DICTIONARY, DATA_V2 = 0, 2, 3
_HEADER_BYTES = 512
_LONGEST_HEADER_BYTES = 1 << 20
"""Minima and maxima stand in headers."""
_BODY = {DATA: 5, DICTIONARY: 7, DATA_V2: 8}
"""Kind of page → field of its own header."""
_ENCODING = {DATA: 2, DICTIONARY: 2, DATA_V2: 4}


class Damaged(Exception):
    """A header that is none, or that counts below zero."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page, by its header."""

    kind: int
    unpacked: int
    """Bytes."""
    packed: int
    """Bytes."""
    values: int
    encoding: int


def pages(file: IO[bytes], start: int, packed: int, values: int) -> Iterator[Page]:
    """The pages with the `values` of one column in one row group, which lie in `packed` bytes from
    `start` on. Raises Damaged.
    """
    end, seen = start + packed, 0
    while seen < values and start < end:
        header, length = _header(file, start)
        page = _page(header)
        start += length + page.packed
        if page.kind in (DATA, DATA_V2):
            seen += page.values
        yield page


def _header(file: IO[bytes], start: int) -> tuple[dict[int, Any], int]:
    """A header, and its length."""
    size = _HEADER_BYTES
    while True:
        file.seek(start)
        data = file.read(size)
        reader = _Compact(data)
        try:
            return reader.struct(), reader.at
        except IndexError:  # it is longer, or the file ends in it
            if len(data) < size or size >= _LONGEST_HEADER_BYTES:
                raise Damaged from None
            size *= 16


def _page(header: dict[int, Any]) -> Page:
    kind, unpacked, packed = (header.get(field) for field in (1, 2, 3))
    body = header.get(_BODY.get(kind, 0), {}) if isinstance(kind, int) else {}
    values, encoding = (body.get(1), body.get(_ENCODING[kind])) if body else (0, 0)
    counts = (kind, unpacked, packed, values, encoding)
    if not all(isinstance(count, int) and count >= 0 for count in counts):
        raise Damaged
    return Page(*counts)


class _Compact:
    """Reads one struct. Texts are left out; what is not as the reader takes it is Damaged."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def struct(self, depth: int = 0) -> dict[int, Any]:
        """Its fields by number. One that stands twice would be read differently by others."""
        if depth > 4:  # noqa: PLR2004 - headers are two deep
            raise Damaged
        fields: dict[int, Any] = {}
        number = 0
        while head := self._byte():
            number = number + (head >> 4) if head >> 4 else self._integer(16)
            if number in fields:
                raise Damaged
            fields[number] = self._value(head & 15, depth)
        return fields

    def _value(self, kind: int, depth: int) -> Any:
        match kind:
            case 5:
                return self._integer(32)
            case 1 | 2:
                return None  # a truth value
            case 12:
                return self.struct(depth + 1)
            case 8:
                return self._skip(self._varint())
            case 3:
                return self._skip(1)
            case 4:
                return self._skip_integer()
            case 6:
                return self._skip_integer()
            case 7:
                return self._skip(8)
        raise Damaged  # no header has a list, a set or a map

    def _byte(self) -> int:
        byte = self.data[self.at]
        self.at += 1
        return byte

    def _varint(self) -> int:
        byte = self._byte()
        value, shift = byte & 0x7F, 7
        while byte & 0x80:
            byte = self._byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if shift > 70:  # noqa: PLR2004 - ten bytes hold 64 bits
                raise Damaged
        return value

    def _integer(self, bits: int) -> int:
        """Zigzag."""
        value = self._varint() & ((1 << bits) - 1)
        return (value >> 1) ^ -(value & 1)

    def _skip_integer(self) -> None:
        self._varint()

    def _skip(self, count: int) -> None:
        self.at += count
        if self.at > len(self.data):
            raise IndexError
