"""The tutorial, typed from its first line to its last against the estate."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from tests.cli import REPOSITORY, SEATRIAL
from tests.docs import edited
from tests.shell import run

TUTORIAL = REPOSITORY / "docs" / "tutorial.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
UNTYPED = {"console"}
"""Blocks that set the reader's own addresses and secrets; here the estate gives them."""


def words(text: str) -> str:
    return " ".join(text.split())


def commands(block: str) -> Iterator[tuple[list[str], int]]:
    """Each command with the exit code that it is said to end with."""
    for line in block.splitlines():
        command, _, remark = line.partition("#")
        ends = re.search(r"ends with (\d)", remark)
        yield shlex.split(command), int(ends[1]) if ends else 0


def test_the_tutorial_works_as_it_is_typed(tmp_path: Path, pilot_environ: dict[str, str]) -> None:
    """Commands run, edits are made, and what is shown of the output is in the output."""
    environ = {
        **pilot_environ,
        "PATH": f"{SEATRIAL.parent}:/usr/bin:/bin",
        "DATABASE_URL": pilot_environ["CRM_URL"],
        "DATABASE_PASSWORD": pilot_environ["CRM_PASSWORD"],
    }
    here, shown, done = tmp_path, "", 0
    for kind, block in BLOCK.findall(TUTORIAL.read_text()):
        done += 1
        match kind:
            case "sh":
                for command, code in commands(block):
                    if command[0] == "cd":
                        here = here / command[1]
                        continue
                    ended = run(command, cwd=here, environ=environ)
                    assert ended.code == code, (command, ended.out, ended.err)
                    shown = words(ended.out)
            case "diff":
                name, _, rest = block.partition("\n")
                path = here / name.removeprefix("--- ")
                path.write_text(edited(path.read_text(), rest))
            case "python":
                name, _, rest = block.partition("\n")
                (here / name.removeprefix("# ")).write_text(rest)
            case "text":
                for line in block.splitlines():
                    assert words(line) in shown, (line, shown)
            case _:
                assert kind in UNTYPED
    assert done
