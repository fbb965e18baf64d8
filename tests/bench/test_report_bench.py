"""The reports that the bench times are of the size that was promised, and the same twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench import report


def test_both_are_the_same_twice_and_the_page_is_small(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = []
    for _ in range(2):
        report.main(tmp_path)
        found = json.loads(capsys.readouterr().out)
        made.append({kind: (one["sha256"], one["bytes"]) for kind, one in found.items()})
    assert made[0] == made[1]
    assert made[0]["html"][1] <= 300_000
    page = (tmp_path / "report.html").read_text()
    assert "9 BROKEN, 9 UNPROVEN, 102 PROVEN" in page
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF-1.7")
