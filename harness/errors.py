"""Errors that a user can correct. Each message is one line that says what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from harness.say import visible


class ConfigurationError(Exception):
    """The pilot, the environment or the command is wrong. Nothing was read, and no data is lost.

    The command line exits with 2.
    """


class LedgerLost(Exception):
    """The ledger's database failed during a run. The run ends, because it could record no more
    facts. The command line exits with 4.
    """


class ProcessDied(Exception):
    """A process that the command needs ended by itself. The command line exits with 4."""


class Unfinished(Exception):
    """Dagster ended the run before every planned verdict was judged."""


def unknown(kind: str, name: str, known: Iterable[str]) -> ConfigurationError:
    """The error for a `name` that is no `kind`. It suggests the nearest name, or lists all."""
    return ConfigurationError(f"unknown {kind} {name!r}: {suggest(name, known)}")


def suggest(name: str, known: Iterable[str]) -> str:
    """The nearest of the known names as a question, or all of them."""
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1)
    return f"did you mean {near[0]}?" if near else f"there are: {', '.join(names) or 'none'}"


def one_line(error: Exception) -> str:
    """An error's message without line breaks, and with nothing that could steer a terminal."""
    return visible(" ".join(str(error).split()))
