"""Type checkers see a pilot as we do: what is right passes, and each mistake is on its line."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli import REPOSITORY, SEATRIAL
from tests.shell import run

TYPING = REPOSITORY / "tests" / "typing"
RIGHT, MISTAKES = (TYPING / "pilot.py", TYPING / "connector.py"), TYPING / "mistakes.py"
FILES = (*RIGHT, MISTAKES)
WRONG = {
    number
    for number, line in enumerate(MISTAKES.read_text().splitlines(), 1)
    if line.endswith("# wrong")
}


def by_mypy(_: Path) -> dict[str, set[int]]:
    """The lines of each file that mypy complains of, by our own settings."""
    words = ("--cache-dir", REPOSITORY / ".mypy_cache", *FILES)
    ended = run([sys.executable, "-m", "mypy", *words], cwd=REPOSITORY, environ={})
    assert ended.code in (0, 1), ended.out + ended.err
    found = re.findall(r"(\w+\.py):(\d+): error", ended.out)
    return {f.name: {int(n) for name, n in found if name == f.name} for f in FILES}


def by_basedpyright(home: Path) -> dict[str, set[int]]:
    """The lines that basedpyright complains of; its own node is in its wheel."""
    (home / "pyrightconfig.json").write_text(json.dumps({"typeCheckingMode": "strict"}))
    words = ("--outputjson", "--pythonpath", sys.executable, "--project", home, *FILES)
    ended = run([SEATRIAL.parent / "basedpyright", *words], cwd=REPOSITORY, environ={})
    told = json.loads(ended.out)
    assert told["summary"]["filesAnalyzed"] == len(FILES)
    found: dict[str, set[int]] = {file.name: set() for file in FILES}
    for one in told["generalDiagnostics"]:
        if one["severity"] == "error":
            found[Path(one["file"]).name].add(one["range"]["start"]["line"] + 1)
    return found


@pytest.mark.parametrize("checker", [by_mypy, by_basedpyright])
def test_what_is_right_is_accepted_and_each_mistake_is_refused_on_its_line(
    checker: Callable[[Path], dict[str, set[int]]], tmp_path: Path
) -> None:
    assert WRONG
    assert checker(tmp_path) == {**{file.name: set() for file in RIGHT}, MISTAKES.name: WRONG}
