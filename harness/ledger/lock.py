"""A lock file for one process at a time. The kernel releases it however the process dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness import folders
from harness.errors import ConfigurationError
from harness.ledger.remedies import remedy_of_file

CURE = "restore or chown what is yours, or name another --out"
"""For what somebody else put in the place of a ledger: it may be one."""


@contextmanager
def hold(file: Path, *, what: str) -> Iterator[None]:
    """Lock `file` by flock; its folder is made if need be. Raises ConfigurationError if the file
    is locked, cannot be created, or is not ours alone.
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
                f"another run is writing {what}: wait until it ends, or name another --out"
            ) from error
        yield
    finally:
        os.close(descriptor)
