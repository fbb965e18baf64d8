"""What a source may send at most, before a library of ours looks at it.

Each number is far above what honest sources send, and far below what takes the process, its memory
or its night. What a pilot may raise stands with its setting: `Limits` of HTTP, `Bounds` of packed
files. What only the operating system can hold, such as the memory of the whole process, is not
here.
"""

from __future__ import annotations

NUMBER_CHARACTERS = 400
"""Of one number. The largest double, written without an exponent, has 309 digits."""

EXPONENT_DIGITS = 3
"""Of one number. A double reaches e-324, a decimal e+76."""

NESTING = 64
"""Lists and objects in one another, in one JSON document: decoders and typers recurse."""

COLUMNS = 10_000
"""Of one dataset. PostgreSQL has 1,600 at most."""

NAME_CHARACTERS = 1_000
"""Of one column's name."""

CELLS = 16 << 20
"""Of one page or block of JSON, with those that rows leave out: rows that share no field make a
table of all fields by all rows.
"""
