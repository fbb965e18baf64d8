"""The README's commands in a Debian that has nothing but what the README asks for.

    python -m tests.container.clean_machine make demo

As root: it makes Debian's smallest root, clones this repository's HEAD into it and runs the
command there, with this machine's own package sources and its loopback.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.container import machine
from tests.container.root import PATH, Mount, copied, minimal, run

REPOSITORY = Path(__file__).resolve().parent.parent.parent
ASKED_FOR = ("python3", "python3-venv", "git", "make")
_HERE = ("/etc/resolv.conf", "/etc/hosts")
_HOUR = 3600
_KEPT = ("PYTEST_ADDOPTS",)


def main(command: Sequence[str]) -> int:
    """Run it; the exit code is its own."""
    with tempfile.TemporaryDirectory(prefix="clean-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # the practice database runs as nobody
        root = copied(minimal(*ASKED_FOR), folder / "root")
        try:
            return _run(folder, root, command)
        finally:
            subprocess.run(["rm", "--recursive", "--one-file-system", root], check=True)


def _run(folder: Path, root: Path, command: Sequence[str]) -> int:
    clone = ["git", "clone", "--quiet", "--no-hardlinks", REPOSITORY, root / "root" / "seatrial"]
    subprocess.run(clone, check=True)
    (folder / "pip.conf").write_text(machine.pip_settings())
    outside = (*map(Path, _HERE), *machine.pip_paths())
    began = time.monotonic()
    ended = run(
        root,
        command,
        environ={
            "PATH": PATH,
            "HOME": "/root",
            **{variable: os.environ[variable] for variable in _KEPT if variable in os.environ},
        },
        mounts=[
            *(Mount(source=path, at=str(path)) for path in outside),
            Mount(source=folder / "pip.conf", at="/etc/pip.conf"),
            Mount(source=Path("/dev/shm"), at="/dev/shm", writable=True),
        ],
        workdir="/root/seatrial",
        timeout=_HOUR,
    )
    sys.stdout.write(ended.stdout)
    sys.stderr.write(ended.stderr)
    print(f"{' '.join(command)}: {time.monotonic() - began:.0f} s, ended with {ended.returncode}")
    return ended.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
