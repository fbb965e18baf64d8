"""`make check`: no Python file of ours, tests included, is over 300 lines.

python -m tests.lengths
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.docs import REPOSITORY

MOST = 300


def too_long(texts: Mapping[str, str], *, most: int = MOST) -> list[str]:
    """One line for each file with more than `most` lines, the longest first."""
    lengths = {name: len(text.splitlines()) for name, text in texts.items()}
    over = sorted((length, name) for name, length in lengths.items() if length > most)
    return [
        f"{name}: {length} lines, over {most}: split it by what it claims"
        for length, name in reversed(over)
    ]


def python_files(repository: Path) -> dict[str, str]:
    """The text of each file that git tracks, or would track, by its path in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.py"],
        cwd=repository,
        check=True,
        capture_output=True,
        text=True,
    )
    names = [name for name in listed.stdout.split("\0") if (repository / name).is_file()]
    return {name: (repository / name).read_text() for name in names}


def main() -> int:
    """Print every file that is too long; 1 when there is one or when no file was found."""
    texts = python_files(REPOSITORY)
    over = too_long(texts)
    print(*over, f"{len(texts)} Python files, {len(over)} over {MOST} lines", sep="\n")
    return 0 if texts and not over else 1


if __name__ == "__main__":
    sys.exit(main())
