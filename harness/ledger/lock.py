"""A lock file for one process at a time. The kernel releases it however the process dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from harness import folders
from harness.errors import ConfigurationError
from harness.ledger.remedies import remedy_of_file

CURE = "restore or chown what is yours, or name another --out"
"""For what somebody else put in the place of a ledger: it may be one."""


_MOST = 300
"""Bytes that say who holds it."""


def _holder(descriptor: int) -> str:
    """Who holds the lock, in brackets; nothing where nobody said so."""
    said = os.pread(descriptor, _MOST, 0).decode(errors="replace")
    return f" ({said})" if said else ""


@contextmanager
def hold(file: Path, *, what: str, by: str = "") -> Iterator[None]:
    """Lock `file` by flock; its folder is made if need be. `by` is told to whoever is refused.
    Raises ConfigurationError if the file is locked, cannot be created, or is not ours alone.
    """
    try:
        folders.take_results(file.parent)
        folders.take_file(file, cure=CURE)
        descriptor = os.open(file, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        raise ConfigurationError(f"{what}: {remedy_of_file(error)}") from error
    except ConfigurationError as error:
        raise ConfigurationError(f"{what}: {error}") from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise ConfigurationError(
                f"another run is writing {what}: wait until it ends{_holder(descriptor)}, or name "
                "another --out"
            ) from error
        with suppress(OSError):  # a full disk: it is held all the same
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, by.encode()[:_MOST], 0)
        yield
    finally:
        os.close(descriptor)
