"""A lock file for one process at a time. The kernel releases it however the process dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.errors import ConfigurationError


@contextmanager
def hold(file: Path, *, what: str) -> Iterator[None]:
    """Lock `file` by flock. Raises ConfigurationError if it is locked or cannot be created."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise ConfigurationError(f"{what} cannot be written: {error.strerror}") from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise ConfigurationError(
                f"another run is writing {what}: wait until it ends, or give another --out"
            ) from error
        yield
    finally:
        os.close(descriptor)
