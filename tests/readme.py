"""`make check`: every command in the documentation exists, with the options it is shown with.

    python -m tests.readme

What is cheap is run as it stands by tests/test_docs.py; this is the part that needs no server.
"""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

from tests.docs import PAGES, REPOSITORY, commands

SEATRIAL = Path(sys.executable).parent / "seatrial"
GROUPS = ("baseline", "contract", "governance", "key", "policy")


@cache
def options(*command: str) -> frozenset[str] | None:
    """The options that a command's help shows; None where there is no such command."""
    shown = subprocess.run([SEATRIAL, *command, "--help"], capture_output=True, text=True)
    return None if shown.returncode else frozenset(re.findall(r"--[a-z-]+", shown.stdout))


def fault(command: str) -> str | None:
    """What is wrong with a documented command; None when nothing is."""
    for words in (part.split() for part in command.split(" -- ")):
        match words:
            case ["make", target]:
                if subprocess.run(
                    ["make", "-n", target], cwd=REPOSITORY, capture_output=True
                ).returncode:
                    return f"there is no target {target}"
            case ["seatrial", "--help"] | ["cd", _] | ["python", "sample.py"]:
                pass  # the last is what a page has written itself
            case ["seatrial", name, *rest]:
                if wrong := _fault_of_ours(name, rest):
                    return wrong
            case ["python", "-m", module, *_]:
                if not (REPOSITORY / module).is_dir():
                    return f"there is no module {module}"
            case _:
                return "not a command of ours"
    return None


def _fault_of_ours(name: str, rest: list[str]) -> str | None:
    group = rest[:1] if name in GROUPS and rest != ["--help"] else []
    known = options(name, *group)
    if known is None:
        return f"there is no command {name}"
    unknown = {word for word in rest if word.startswith("--")} - known
    return f"seatrial {name} has no {', '.join(sorted(unknown))}" if unknown else None


def main() -> int:
    """Print every fault; 1 when there is one or when nothing was found to look at."""
    looked = faults = 0
    for page in PAGES:
        for command in commands(page):
            looked += 1
            wrong = fault(command)
            if wrong is not None:
                faults += 1
                print(f"{page.relative_to(REPOSITORY)}: {command}: {wrong}")
    print(f"{looked} documented commands, {faults} wrong")
    return 0 if looked and not faults else 1


if __name__ == "__main__":
    sys.exit(main())
