"""Which values of a field are missing, where a contract bounds its missing values.

Null and NaN are missing everywhere. In a text column that `promises.missing` names, so is a blank
text, and so is one of `promises.missing_as`: a source that writes `''` or `N/A` where it has no
value would otherwise have 0 % missing.
"""

from __future__ import annotations

import polars as pl

from contracts.promises import Promises

BLANKS = (
    # White_Space of Unicode's PropList.txt.
    "\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
    "\u200a\u2028\u2029\u202f\u205f\u3000"
    # Of no width, and so as blank: soft hyphen, joiners, the byte order mark and their like.
    "\u00ad\u180e\u200b\u200c\u200d\u2060\ufeff"
    # NUL pads fields of fixed width.
    "\0"
)
"""Characters that show nothing: trimmed from both ends before a text is compared."""


def trim(text: str) -> str:
    """The text as it is compared with `missing_as`; empty if it is blank."""
    return text.strip(BLANKS)


def find_missing(name: str, values: pl.Series, promises: Promises) -> pl.Series:
    """True for each missing value of a column."""
    frame = pl.DataFrame({"": values})
    return frame.select(is_missing(pl.col(""), name, values.dtype, promises)).to_series()


def is_missing(value: pl.Expr, name: str, dtype: pl.DataType, promises: Promises) -> pl.Expr:
    """Whether a value of the column `name` is missing."""
    if dtype.is_float():
        return value.is_null() | value.is_nan().fill_null(value=False)
    if dtype != pl.String or name not in promises.missing:
        return value.is_null()
    trimmed = value.str.strip_chars(BLANKS)
    return trimmed.is_in(["", *promises.missing_as]).fill_null(value=True)
