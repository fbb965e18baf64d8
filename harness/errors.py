"""Errors that a user mends: one line that says what to do. The command line exits with 2."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class ConfigurationError(Exception):
    """The pilot, the environment or the command is wrong; nothing was read, nothing is lost."""


def unknown(kind: str, name: str, known: Iterable[str]) -> ConfigurationError:
    """`name` is no `kind`; the message offers the nearest names, or all of them."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(names) or 'none'}"
    return ConfigurationError(f"unknown {kind} {name!r}: {hint}")
