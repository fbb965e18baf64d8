"""Headers of pages are read as the format says, or not at all."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.files.formats.parquet_pages import Damaged, Page, pages

STRUCT, TEXT, I32, END = 12, 8, 5, b"\0"


def number(value: int) -> bytes:
    """A zigzag varint."""
    raw = (value << 1) ^ (value >> 63)
    out = bytearray()
    while raw > 0x7F:
        out.append(raw & 0x7F | 0x80)
        raw >>= 7
    return bytes([*out, raw])


def header(*counts: int, more: bytes = b"", texts: bytes = b"") -> bytes:
    """Of a data page: kind, bytes unpacked and packed, values, encoding; with a minimum."""
    kind, unpacked, packed, values, encoding = map(number, counts)
    top = [bytes([0x10 | I32]) + one for one in (kind, unpacked, packed)]
    minimum = bytes([0x30 | STRUCT, 0x60 | TEXT, *_varint(len(texts))]) + texts + END
    body = [bytes([0x10 | I32]) + values, bytes([0x10 | I32]) + encoding, minimum, END]
    return b"".join([*top, more, bytes([0x20 | STRUCT]), *body, END])


def _varint(value: int) -> bytes:
    return number(value >> 1) if not value & 1 else number(-(value + 1) >> 1)


def read(data: bytes, values: int = 1) -> list[Page]:
    return list(pages(io.BytesIO(data), 0, len(data), values))


counts = st.integers(0, 2**31 - 1)


@given(st.lists(st.tuples(counts, st.integers(0, 50), counts, st.integers(0, 9)), max_size=5))
def test_each_page_is_told_and_its_bytes_are_left_alone(some: list[Any]) -> None:
    data = b"".join(
        header(0, unpacked, packed, values, encoding, texts=b"t" * packed) + b"\xff" * packed
        for unpacked, packed, values, encoding in some
    )
    expected = [Page(0, u, p, v, e) for u, p, v, e in some]
    assert list(pages(io.BytesIO(data), 0, len(data), 2**40)) == expected


def test_a_header_with_a_long_minimum_is_read_whole() -> None:
    assert read(header(0, 9, 0, 1, 0, texts=b"m" * 70_000)) == [Page(0, 9, 0, 1, 0)]


TWICE = bytes([I32]) + number(2) + number(1)  # field 2 again, and smaller
BAD = {
    "bytes below zero": header(0, -1, 0, 1, 0),
    "values below zero": header(0, 1, 0, -1, 0),
    "a size twice": header(0, 9, 0, 1, 0, more=TWICE),
    "more than 31 bits": header(0, 2**31, 0, 1, 0),
    "a list": bytes([0x19, 0x15, 2, 0]),
    "structs in structs": bytes([0x1C] * 9),
    "an endless number": bytes([0x15] + [0x80] * 20),
    "an end": header(0, 9, 0, 1, 0)[:-3],
    "nothing": b"\0",
}


@pytest.mark.attempt(4)
@pytest.mark.parametrize("data", BAD.values(), ids=BAD)
def test_a_header_that_others_could_read_differently_is_damage(data: bytes) -> None:
    """Control: `test_each_page_is_told_…`, whose headers are as the format says."""
    with pytest.raises(Damaged):
        read(data)
