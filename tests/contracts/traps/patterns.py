"""Regular expressions: anchors, lines, digits and letters of Unicode, flags, groups."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from tests.contracts.traps.trap import Trap, one


def _matches(title: str, pattern: str, values: list[str], right: int) -> Trap:
    return one(title, pl.String, values, pa.Check.str_matches(pattern), right)


def _contains(title: str, pattern: str, values: list[str], right: int) -> Trap:
    return one(title, pl.String, values, pa.Check.str_contains(pattern), right)


TRAPS = (
    _matches("regex: case matters", "^a$", ["a", "A"], 1),
    _matches("regex: (?i)", "(?i)^a", ["A", "a", "b"], 1),
    _matches("regex: (?i) beyond ASCII", "(?i)^ä$", ["Ä", "ä"], 0),
    _matches("regex: $ before last newline", "^a$", ["a", "a\n"], 1),
    _matches("regex: . is no newline", "^a.b$", ["axb", "a\nb"], 1),
    _matches(r"regex: \d is every digit of Unicode", r"^\d$", ["1", "\u0663", "x"], 1),
    _matches(r"regex: \w and ä", r"^\w$", ["ä", "a", "-"], 1),
    _contains(r"regex: \b", r"\bcat\b", ["a cat", "concat"], 1),
    _matches("regex: named group", "^(?P<a>x)$", ["x", "y"], 1),
    _contains("regex: (?m)", "(?m)^b$", ["a\nb", "ab"], 1),
    _matches("regex: (?:a|b) anchored", "(?:a|b)$", ["a", "b", "xb"], 1),
    _matches("regex: matches only at start", "b", ["ba", "ab"], 1),
    _contains("regex: contains finds inside", "b", ["ab", "aa"], 1),
    _matches("regex: . is one character", "^.$", ["ä", "日", "ab"], 1),
    _matches("regex: [0-9] is ASCII", "^[0-9]$", ["1", "\u0663"], 1),
    _matches("regex: [^a] and newline", "^[^a]$", ["\n", "b", "a"], 1),
    one(
        "regex: null allowed, strict ignore_na",
        pl.String,
        ["a", None],
        pa.Check.str_matches("^a", ignore_na=False),
        1,
    ),
)
