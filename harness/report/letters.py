"""Which characters a printed page can show.

The fonts come with Typst and have no others. PDF/A and PDF/UA allow no character without a glyph,
so what the fonts lack is written as its escape: seen, and never left out.
"""

from __future__ import annotations

from bisect import bisect_right

from harness.say import visible

SHOWN = (
    (0x0020, 0x007E),  # ASCII
    (0x00A0, 0x00AC),  # Latin-1, without the soft hyphen
    (0x00AE, 0x0241),  # Latin-1, Latin Extended
    (0x0250, 0x02AF),  # IPA
    (0x0388, 0x038A),  # Greek
    (0x038E, 0x03A1),
    (0x03A3, 0x03CE),
    (0x0400, 0x045F),  # Cyrillic
    (0x0490, 0x04C4),
    (0x1E00, 0x1E9B),  # Latin Extended, with Vietnamese
    (0x1EA0, 0x1EF9),
    (0x2010, 0x2027),  # dashes, quotation marks, dots
    (0x2030, 0x2037),
    (0x2039, 0x203F),
    (0x2070, 0x2071),  # superscripts and subscripts
    (0x2074, 0x208E),
    (0x20A0, 0x20B5),  # currencies
    (0x2190, 0x2220),  # arrows, mathematics
    (0x2223, 0x222D),
    (0x2234, 0x223D),
    (0x2241, 0x226B),
    (0x2500, 0x25FF),  # lines, boxes, shapes
    (0x2713, 0x2717),  # ticks and crosses
)
"""First and last of each range that all our faces have, and that is read from left to right. No
mark that stands over another letter is in one: a pile of them would cover what stands above.
"""
_FIRST = [first for first, _ in SHOWN]


def printed(text: str) -> str:
    """The text as a page shows it: `漢` is `\\u6f22`."""
    seen = visible(text)
    if seen.isascii():
        return seen
    return "".join(one if _has(one) else one.encode("unicode_escape").decode() for one in seen)


def _has(character: str) -> bool:
    place = bisect_right(_FIRST, ord(character)) - 1
    return place >= 0 and ord(character) <= SHOWN[place][1]
