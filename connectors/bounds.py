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

COUNT_DIGITS = 18
"""Of a number of rows, bytes or pages, which is kept as an integer of 64 bits."""

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

VALUES = 8 << 20
"""Of one page of JSON, by its commas: each takes up to thirty times its bytes."""

GZIP_MEMBERS = 10_000
"""Of one answer. Each is begun anew, however empty."""

ZIP_MEMBER_BYTES = 1 << 10
"""Of an archive's directory, for each member that it may have: it is read whole."""

FOOTER_BYTES = 64 << 20
"""Of a Parquet file. It says a hundred bytes or so of each column in each row group."""

PAGE_BYTES = 256 << 20
"""That one page of a Parquet file unpacks to. Most writers end a page at 1 MiB; a value of its own
may be longer.
"""

UNPACKED_BYTES = 1 << 30
"""That the pages of all columns of a Parquet file, which are read side by side, unpack to; and one
row.
"""

BATCH_BYTES = 128 << 20
"""That rows which are read together unpack to."""

SHORT_BYTES = 1 << 10
"""A text that is no longer needs no look at how long it is."""

NAMES = 1_000_000
"""In one folder or below one prefix. Each takes a third of a kilobyte of ours."""
