"""Errors that a user can correct. Each message is one line that says what to do."""

from __future__ import annotations

import errno
import logging
import sysconfig
from collections.abc import Iterable
from pathlib import Path
from traceback import walk_tb

from connectors.near import nearest
from harness.say import shown

_OURS = frozenset(("connectors", "contracts", "harness", "seatrial"))
_LIBRARIES = tuple({sysconfig.get_path(kind) for kind in ("stdlib", "platstdlib")})
_INSTALLED = frozenset(("site-packages", "dist-packages"))
_FULL = "the disk is full, or a quota is: make room there"
_BY_DISK = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: _FULL,
    errno.EROFS: "its file system is read-only: have it mounted for writing",
    errno.EIO: "the disk fails: check it",
}
_LOG = logging.getLogger("seatrial")


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
    near = nearest(name, names)
    return f"did you mean {near}?" if near else f"there are: {', '.join(names) or 'none'}"


def one_line(error: Exception) -> str:
    """An error's message in one line: nothing in it steers a terminal, and no secret is in it."""
    return shown(" ".join(str(error).split()))


def of_disk(error: OSError) -> str | None:
    """What is wrong with the disk and what to do, in one sentence; None for another failure."""
    says = _BY_DISK.get(error.errno or 0)
    return says and f"{error.filename or 'a file'} could not be written: {says}, and run again"


def defect(error: BaseException) -> str:
    """An exception that nobody foresaw, as a clause: its type, the line of ours or the pilot's
    that it came through, and whose it is to correct. Not its text, which may show data.
    """
    _LOG.debug("unexpected", exc_info=error)  # shown by --debug alone
    kind = type(error).__name__
    for frame, line in reversed(list(walk_tb(error.__traceback__))):
        module = str(frame.f_globals.get("__name__"))
        if module.partition(".")[0] in _OURS:
            return f"{kind} in {module}:{line}: a defect, report it"
        if not _is_of_a_library(frame.f_code.co_filename):
            return f"{kind} in {module}:{line}, the pilot's own code: correct it there"
    return f"{kind}: a defect, report it"


def _is_of_a_library(file: str) -> bool:
    path = Path(file)
    return (
        not path.is_absolute()  # compiled, or made at run time
        or not _INSTALLED.isdisjoint(path.parts)
        or any(path.is_relative_to(folder) for folder in _LIBRARIES)
    )
