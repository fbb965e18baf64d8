"""A file over 300 lines is named, wherever it is and before it is committed."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.lengths import python_files, too_long


def lines(count: int) -> str:
    return "x = 1\n" * count


def test_a_file_of_300_lines_is_short_enough_and_one_of_301_is_named() -> None:
    assert too_long({"a.py": lines(300), "b.py": ""}) == []
    assert too_long({"a.py": lines(300), "b.py": lines(301)}) == [
        "b.py: 301 lines, over 300: split it by what it claims"
    ]


def test_the_longest_is_named_first_and_a_last_line_counts_without_its_end() -> None:
    told = too_long({"a.py": lines(300) + "x", "tests/b.py": lines(400), "c.py": lines(350)})
    assert [line.split(" lines")[0] for line in told] == [
        "tests/b.py: 400",
        "c.py: 350",
        "a.py: 301",
    ]


def test_new_files_and_tests_are_looked_at_and_what_git_ignores_is_not(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (tmp_path / ".gitignore").write_text("made.py\n")
    for name in ("made.py", "new.py", "tests/test_new.py", "gone.py", "page.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(lines(1))
    subprocess.run(["git", "add", "gone.py"], cwd=tmp_path, check=True)
    (tmp_path / "gone.py").unlink()
    assert python_files(tmp_path).keys() == {"new.py", "tests/test_new.py"}
