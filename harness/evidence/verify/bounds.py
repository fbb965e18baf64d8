"""The most that is read of a bundle. What is larger is refused by name before it is read."""

from __future__ import annotations

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30

FILES = 20_000
DEPTH = 6
"""Folders within folders."""
NAME = 400
"""Characters of a path within the folder."""
FILE = 16 * GIB
JSON = 16 * MIB
"""A file that is parsed as one: the manifest, the proof, the judgements of a run."""
ENVELOPE = 16 * MIB
NOTE = 64 * KIB
REGISTER = 1 * MIB
LINE = 16 * MIB
"""An entry of the ledger with its body."""
BLOCK = 1 * MIB
"""Read at a time where only the digest is wanted."""
DIGITS = 16
"""Of a whole number: 2^53 has 16, and larger ones are text."""
FINDINGS = 20
"""Told of one check, so that a file with a million wrong lines is one screen."""
