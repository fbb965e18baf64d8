"""What `make mutants` came to: killed of all for each module, and each mutant that survived.

python -m tests.mutant_table

Ends with 1 where fewer than 95 % were killed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.docs import REPOSITORY

GOAL = 0.95
SURVIVED = {0, 5, 33}
"""pytest passed, or ran no test; 33 is mutmut's for code that no test runs."""
Results = Mapping[str, Mapping[str, int | None]]
"""For each module, the end of its tests for each of its mutants; None for one not tried."""


def results(folder: Path) -> Results:
    """As mutmut keeps them beside its copy of each module."""
    found = {}
    for file in sorted(folder.rglob("*.py.meta")):
        module = file.relative_to(folder).with_suffix("").as_posix()
        found[module] = json.loads(file.read_text())["exit_code_by_key"]
    return {module: ends for module, ends in found.items() if ends}


def table(found: Results) -> Iterator[str]:
    """A line for each module of which a mutant was tried, and one for all."""
    yield "| module | killed | all | % |"
    yield "|---|---|---|---|"
    killed = tried = 0
    for module, ends in found.items():
        all_, dead = len(_tried(ends)), len(_tried(ends)) - len(survivors(ends))
        killed, tried = killed + dead, tried + all_
        if all_:
            yield f"| `{module}` | {dead} | {all_} | {100 * dead / all_:.1f} |"
    yield f"| all | {killed} | {tried} | {100 * killed / max(1, tried):.1f} |"


def survivors(ends: Mapping[str, int | None]) -> list[str]:
    """The mutants that no test noticed."""
    return [mutant for mutant, end in _tried(ends).items() if end in SURVIVED]


def _tried(ends: Mapping[str, int | None]) -> dict[str, int]:
    return {mutant: end for mutant, end in ends.items() if end is not None}


def main() -> int:
    """Print both; 0 if the goal is met."""
    found = results(REPOSITORY / "mutants")
    left = [mutant for ends in found.values() for mutant in survivors(ends)]
    for line in (*table(found), "", *left):
        sys.stdout.write(f"{line}\n")
    tried = sum(len(_tried(ends)) for ends in found.values())
    return 0 if tried and 1 - len(left) / tried >= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
