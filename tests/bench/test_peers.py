"""The controls of the peers' bench: what a script takes is told of its own process alone."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bench.peers import ran

OURS = Path(sys.executable)


def script(folder: Path, text: str) -> Path:
    path = folder / "it.py"
    path.write_text(text)
    return path


def test_a_script_is_measured_from_its_start_to_its_end(tmp_path: Path) -> None:
    """And not the process that began it, however large that is."""
    held = bytearray(300_000_000)
    holds = (
        "import json, sys, time\nheld = bytearray(100_000_000)\ntime.sleep(1)\n"
        "print(json.dumps(sys.argv[1:]))"
    )
    found = ran(OURS, script(tmp_path, holds), "of", Path("it"))
    assert found.found == ["of", "it"]
    assert 100 <= found.peak <= 140 < len(held) / 1e6
    assert found.wall >= 1 > found.cpu


def test_a_script_sees_the_checkouts_on_its_path(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "told.py").write_text("word = 'here'")
    imports = script(tmp_path, "import json, told\nprint(json.dumps(told.word))")
    assert ran(OURS, imports, path=[other]).found == "here"


def test_a_script_that_failed_is_no_measurement(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"(?s)it\.py: .*ValueError: no"):
        ran(OURS, script(tmp_path, "raise ValueError('no')"))
