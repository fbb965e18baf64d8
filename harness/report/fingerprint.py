"""A digest as people compare it: sixteen words to be read aloud, and a square for a phone."""

from __future__ import annotations

from io import BytesIO

import segno

from harness.report import proquint

_QUIET = 4
"""Modules of white around a QR code (ISO/IEC 18004)."""
_WORDS_A_LINE = 4


def lines(digest: str) -> list[str]:
    """A digest in hex as words, four a line."""
    words = proquint.words(digest)
    return [" ".join(words[at : at + _WORDS_A_LINE]) for at in range(0, len(words), _WORDS_A_LINE)]


def square(digest: str) -> str:
    """The QR code of `sha256:DIGEST`, whose characters are hex digits alone, as SVG. It is drawn
    by the library from them, and from nothing else.
    """
    drawn = BytesIO()
    segno.make(f"sha256:{bytes.fromhex(digest).hex()}", error="m", micro=False).save(
        drawn,
        kind="svg",
        scale=4,
        border=_QUIET,
        xmldecl=False,
        nl=False,
        svgclass=None,
        lineclass=None,
        omitsize=True,
    )
    return drawn.getvalue().decode()
