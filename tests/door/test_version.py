"""The version is the release and a digest of the code, the same wherever it stands."""

from __future__ import annotations

import re
from pathlib import Path

from tests.cli import seatrial
from tests.harness.acme_layout import lay_out


def test_command_report_and_ledger_tell_the_same_version(tmp_path: Path) -> None:
    acme = lay_out(tmp_path)
    told = seatrial(["--version"], cwd=tmp_path)
    assert told.code == 0
    version = told.out.removeprefix("seatrial ").strip()
    assert re.fullmatch(r"\d+\.\d+\.\d+\+[0-9a-f]{12}", version)
    words = ["prove", "--claim", "owned", "--out", tmp_path / "out"]
    seatrial(words, cwd=acme.elsewhere, environ=acme.sources)
    assert f"<code>{version}</code>" in (tmp_path / "out" / "report.html").read_text()
    assert version.encode() in (tmp_path / "out" / "ledger.sqlite").read_bytes()
