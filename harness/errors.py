"""Errors that a user mends: one line that says what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class ConfigurationError(Exception):
    """The pilot, the environment or the command is wrong; nothing was read, nothing is lost.

    The command line exits with 2.
    """


class LedgerLost(Exception):
    """The ledger's database failed in the middle of a run, which must end: nothing that it still
    found out could be kept. The command line exits with 4.
    """


class Unfinished(Exception):
    """Dagster ended the run before every planned verdict was judged."""


def unknown(kind: str, name: str, known: Iterable[str]) -> ConfigurationError:
    """`name` is no `kind`; the message offers the nearest names, or all of them."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are: {', '.join(names) or 'none'}"
    return ConfigurationError(f"unknown {kind} {name!r}: {hint}")


def one_line(error: Exception) -> str:
    """What an error says, without line breaks."""
    return " ".join(str(error).split())
