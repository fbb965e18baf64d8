"""What is fetched from a source lies where temporary files are told to lie, and goes with us."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

FETCH = """
import sys, tempfile
from connectors.files.private import private_file
file = {how}
file.write(b"rows")
file.flush()
print("there", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize(
    ("how", "left"),
    [("private_file()", 0), ("tempfile.NamedTemporaryFile()", 1)],
    ids=["ours", "control"],
)
def test_nothing_is_left_of_a_process_that_is_killed(tmp_path: Path, how: str, left: int) -> None:
    """Nor has it a name while the process lives, by which another could open it. The control: a
    temporary file with a name stays.
    """
    with subprocess.Popen(
        [sys.executable, "-c", FETCH.format(how=how)],
        env={"TMPDIR": str(tmp_path), "PYTHONPATH": ":".join(sys.path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as fetching:
        assert fetching.stdout is not None
        assert fetching.stdout.readline() == b"there\n"
        held = [path.resolve() for path in Path(f"/proc/{fetching.pid}/fd").iterdir()]
        assert any(tmp_path in path.parents for path in held)
        assert len(list(tmp_path.iterdir())) == left
        fetching.kill()
        fetching.wait()
    assert len(list(tmp_path.iterdir())) == left
