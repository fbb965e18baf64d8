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


_TRUTHS, _INTEGERS, _TEXT, _STRUCT = (1, 2), (4, 5, 6), 8, 12
_DEEPEST = 2
_MORE, _LONGEST_BITS = 0x80, 70
_LARGEST = (1 << 31) - 1


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
        try:
            return _struct(data, 0)
        except IndexError:  # it is longer, or the file ends in it
            if len(data) < size or size >= _LONGEST_HEADER_BYTES:
                raise Damaged from None
            size *= 16


def _page(header: dict[int, Any]) -> Page:
    kind = header.get(1)
    body = header.get(_BODY.get(kind or 0, 0)) or {}
    values, encoding = body.get(1, 0), body.get(_ENCODING.get(kind or 0, 0), 0)
    counts: tuple[Any, ...] = (kind, header.get(2), header.get(3), values, encoding)
    if not all(isinstance(count, int) and 0 <= count <= _LARGEST for count in counts):
        raise Damaged
    return Page(*counts)


def _struct(data: bytes, at: int, depth: int = 0) -> tuple[dict[int, Any], int]:
    """The fields of a struct by number, and where it ends. Texts are left out. IndexError where
    the bytes end before it; Damaged for a field that stands twice, which others read differently.
    """
    fields: dict[int, Any] = {}
    number = 0
    while head := data[at]:
        at += 1
        step, kind = head >> 4, head & 15
        if not step:
            step, at = _varint(data, at)
            step, number = (step >> 1) ^ -(step & 1), 0
        number += step
        value: Any = None
        if kind in _INTEGERS:
            raw, at = _varint(data, at)
            value = (raw >> 1) ^ -(raw & 1)
        elif kind == _TEXT:
            length, at = _varint(data, at)
            at += length
        elif kind == _STRUCT and depth < _DEEPEST:
            value, at = _struct(data, at, depth + 1)
        elif kind not in _TRUTHS:
            raise Damaged  # a list, or what no header has
        if number in fields:
            raise Damaged
        fields[number] = value
    return fields, at + 1


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = data[at]
    at += 1
    if value < _MORE:
        return value, at
    value, shift = value & 0x7F, 7
    while shift < _LONGEST_BITS:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < _MORE:
            return value, at
        shift += 7
    raise Damaged
