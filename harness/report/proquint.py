"""A digest as words that two people can read aloud, hear and compare: proquints.

The scheme is published: D. Wilkerson, "A Proposal for Proquints: Identifiers that are Readable,
Spellable, and Pronounceable", arXiv:0901.4016. Sixteen bits are one word of five letters, a
consonant and a vowel in turn; so a SHA-256 is sixteen words, and each names its own sixteen bits.
"""

from __future__ import annotations

_CONSONANTS = "bdfghjklmnprstvz"
_VOWELS = "aiou"
_BYTES = 2
"""Of one word."""


def words(digest: str) -> list[str]:
    """The words of a digest in hex, in its order."""
    data = bytes.fromhex(digest)
    return [
        _word(int.from_bytes(data[at : at + _BYTES], "big")) for at in range(0, len(data), _BYTES)
    ]


def _word(bits: int) -> str:
    return (
        _CONSONANTS[bits >> 12]
        + _VOWELS[bits >> 10 & 3]
        + _CONSONANTS[bits >> 6 & 15]
        + _VOWELS[bits >> 4 & 3]
        + _CONSONANTS[bits & 15]
    )
