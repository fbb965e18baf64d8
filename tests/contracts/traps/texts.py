"""Collation, case, blanks, accents, wildcards and quotes in texts; long and empty lists."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from contracts.rules import Kind
from tests.contracts.traps.trap import a, b, one, own, two

_CASE, _BLANK = ["a", "A"], ["a", "a "]
_ODD = ["it's", "a\\b", ":x", "50%"]
_COMPOSED, _DECOMPOSED = "\u00e9", "e\u0301"
TRAPS = (
    one("case: eq", pl.String, _CASE, pa.Check.eq("a"), 1),
    one("case: isin", pl.String, _CASE, pa.Check.isin(["a"]), 1),
    one("case: ne", pl.String, _CASE, pa.Check.ne("a"), 1),
    one("case: unique", pl.String, _CASE, Kind.UNIQUE, 0),
    two("case: own text == text", (pl.String, ["a"]), (pl.String, ["A"]), own(a == b), 1),
    one("trailing blank: isin", pl.String, _BLANK, pa.Check.isin(["a"]), 1),
    one("trailing blank: ne", pl.String, _BLANK, pa.Check.ne("a"), 1),
    one("trailing blank: unique", pl.String, _BLANK, Kind.UNIQUE, 0),
    one("trailing blank: endswith", pl.String, _BLANK, pa.Check.str_endswith("a"), 1),
    one("trailing blank: length", pl.String, _BLANK, pa.Check.str_length(1, 1), 1),
    one("accent: é is not e", pl.String, ["e", _COMPOSED], pa.Check.isin(["e"]), 1),
    one("sharp s is not ss", pl.String, ["ss", "ß"], pa.Check.eq("ss"), 1),
    one("NFC is not NFD", pl.String, [_COMPOSED, _DECOMPOSED], pa.Check.eq(_COMPOSED), 1),
    one("order by code point: ge(a)", pl.String, ["a", "B"], pa.Check.ge("a"), 1),
    one(
        "length in characters",
        pl.String,
        ["äöü", "日本語", "abcd"],
        pa.Check.str_length(1, 3),
        1,
    ),
    one("startswith: case", pl.String, ["ab", "Ab"], pa.Check.str_startswith("a"), 1),
    one("startswith a_", pl.String, ["a_b", "axb"], pa.Check.str_startswith("a_"), 1),
    one("startswith 50%", pl.String, ["50%x", "50x"], pa.Check.str_startswith("50%"), 1),
    one("startswith backslash", pl.String, ["\\b", "b"], pa.Check.str_startswith("\\"), 1),
    one("endswith %", pl.String, ["b%", "b"], pa.Check.str_endswith("%"), 1),
    one(
        "isin with quote, backslash, colon, %",
        pl.String,
        [*_ODD, "its"],
        pa.Check.isin(_ODD),
        1,
    ),
    one("isin with ? and $1", pl.String, ["?", "$1", "x"], pa.Check.isin(["?", "$1"]), 1),
    one(
        "isin, 70 000 values",
        pl.Int64,
        [0, 69_999, 70_000],
        pa.Check.isin(list(range(70_000))),
        1,
    ),
    one("isin, none allowed", pl.Int64, [1], pa.Check.isin([]), 1),
    one("notin, none forbidden", pl.Int64, [1], pa.Check.notin([]), 0),
    # A text where a list belongs is taken for a column's name by polars.
    one("isin of a text with the column's name", pl.String, ["a"], pa.Check.isin("x"), None),
    # A NUL ends a text in some clients.
    one("NUL inside: ne", pl.String, ["a\0b", "a"], pa.Check.ne("a"), 1),
)
