"""The estate's folder, which goes when the estate goes; at the latest when the next one starts.

An estate that lives holds a lock on a file in its folder. The kernel lets go of the lock however
the estate ends, so a folder whose lock can be taken is left over, whatever its age.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from estate.process import EstateError

_PREFIX = "seatrial-estate-"
_LOCK = "lock"


@contextmanager
def temporary_folder(parent: Path) -> Iterator[Path]:
    """Give a new folder that every user may traverse, and remove it with all that is in it.

    First removes from `parent` what estates that were killed left there.
    """
    if os.geteuid() == 0 and not all(
        above.stat().st_mode & 1 for above in (parent, *parent.parents)
    ):
        raise EstateError(
            f"PostgreSQL runs as nobody, who may not enter {parent}: set TMPDIR=/tmp"
        )
    _sweep(parent)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
    try:
        # Under its name only once it is locked: a sweep in between finds nothing to take.
        unnamed = folder / f"{_LOCK}.new"
        with unnamed.open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            unnamed.rename(folder / _LOCK)
            folder.chmod(0o711)
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(parent: Path) -> None:
    """Remove the folders of estates of ours that were killed."""
    for folder in parent.glob(f"{_PREFIX}*"):
        try:
            if folder.lstat().st_uid != os.geteuid():
                continue
            with (folder / _LOCK).open("rb") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
        except (FileNotFoundError, BlockingIOError):
            continue
