"""The tests of one module, the nearest first: a mistake in it is soon noticed.

    python -m tests.nearest connectors/rest/signs.py

First the files that name the module, then the folder of its room, then all that read, land and
judge on real servers. Ends with 1 at the first test that fails.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.docs import REPOSITORY

WIDE = (
    "tests/connectors",
    "tests/truth",
    "tests/harness/run",
    *(f"tests/harness/test_{name}.py" for name in ("land", "take", "run_state", "kept_data")),
)
PYTEST = (
    *(sys.executable, "-m", "pytest", "-x", "-q", "--timeout=60"),
    *("-p", "tests.mutants", "-p", "no:randomly", "-p", "no:cacheprovider"),
)


def stages(module: Path) -> Iterator[tuple[str, ...]]:
    """What to run, one after the other, each wider than the one before."""
    named = ".".join(module.with_suffix("").parts)
    tests = sorted(REPOSITORY.glob("tests/**/test_*.py"))
    naming = (test for test in tests if f"{named} import" in test.read_text())
    if own := tuple(str(test.relative_to(REPOSITORY)) for test in naming):
        yield own
    room = Path("tests", *module.parts[:2])
    if room.is_dir():
        yield (str(room),)
    yield (*WIDE, "-n", "2", "--dist", "loadscope")


def main() -> int:
    """Run the stages until one fails."""
    for stage in stages(Path(sys.argv[1])):
        if ended := subprocess.run([*PYTEST, *stage], cwd=REPOSITORY).returncode:
            return ended
    return 0


if __name__ == "__main__":
    sys.exit(main())
