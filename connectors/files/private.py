"""Files of ours that nobody else can open: without a name, so that the kernel frees them even when
we are killed.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import IO


def private_file() -> IO[bytes]:
    """A new one. It goes when it is closed."""
    return tempfile.TemporaryFile()


def path_of(file: IO[bytes]) -> Path:
    """A path under which this process can open it once more."""
    return Path(f"/proc/self/fd/{file.fileno()}")
