"""A digest in words: those of the published scheme, sixteen, and others for another digest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.report.proquint import words


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("7f000001", "lusab babad"),
        ("3f54dcc1", "gutih tugad"),
        ("c0a80101", "safom bahad"),
        ("ffffffff", "zuzuz zuzuz"),
    ],
)
def test_they_are_those_of_the_scheme(address: str, said: str) -> None:
    """The first two are examples of arXiv:0901.4016: 127.0.0.1 and 63.84.220.193."""
    assert " ".join(words(address)) == said


@given(st.binary(min_size=32, max_size=32))
def test_sixteen_words_give_the_digest_again(digest: bytes) -> None:
    found = words(digest.hex())
    assert len(found) == 16
    assert all(len(word) == 5 for word in found)
    assert b"".join(map(_read, found)) == digest


def _read(word: str) -> bytes:
    bits = 0
    for letter in word:
        kind = "bdfghjklmnprstvz" if letter in "bdfghjklmnprstvz" else "aiou"
        bits = bits * len(kind) + kind.index(letter)
    return bits.to_bytes(2, "big")
