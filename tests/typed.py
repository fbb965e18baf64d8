"""A page of the documentation, typed from its first line to its last."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.cli import SEATRIAL
from tests.docs import edited
from tests.shell import run

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
UNTYPED = {"console", "yaml", "cron", "ini"}
"""Blocks that show the reader's own addresses, secrets and files; here the test gives them."""


def words(text: str) -> str:
    return " ".join(text.split())


def commands(block: str) -> Iterator[tuple[list[str], int]]:
    """Each command with the exit code that it is said to end with."""
    for line in block.splitlines():
        command, _, remark = line.partition("#")
        ends = re.search(r"ends with (\d)", remark)
        yield shlex.split(command), int(ends[1]) if ends else 0


def typed(page: Path, folder: Path, environ: Mapping[str, str]) -> Path:
    """Run its commands, make its edits, and find what it shows in the output of the command above.

    Where all is proven, all that was planned must have been executed. Returns the folder in which
    the page ends.
    """
    environ = {**environ, "PATH": f"{SEATRIAL.parent}:/usr/bin:/bin"}
    here, shown, done = folder, "", 0
    for kind, block in BLOCK.findall(page.read_text()):
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
                    if command == ["seatrial", "prove"]:
                        assert re.search(r"\bplanned ([1-9]\d*) = executed \1\b", shown), shown
            case "diff":
                name, _, rest = block.partition("\n")
                path = here / name.removeprefix("--- ")
                path.write_text(edited(path.read_text(), rest))
            case "python" if block.startswith("# "):  # the others are examples of something else
                name, _, rest = block.partition("\n")
                (here / name.removeprefix("# ")).write_text(rest)
            case "text":
                for line in block.splitlines():
                    assert words(line) in shown, (line, shown)
            case _:
                assert kind in {*UNTYPED, "python"}
    assert done
    return here
