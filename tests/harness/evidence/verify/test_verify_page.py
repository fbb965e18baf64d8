"""docs/verify.md, typed from its first line to its last."""

from __future__ import annotations

from pathlib import Path

from harness.evidence.verify import bounds
from harness.evidence.verify.verify import ORDER
from harness.signing import register
from tests.docs import REPOSITORY
from tests.harness.evidence.verify.checking import TRUST, Files, write
from tests.typed import typed

PAGE = REPOSITORY / "docs" / "verify.md"


def test_its_commands_end_and_say_as_it_shows(tmp_path: Path, made: Files) -> None:
    write(tmp_path / "evidence", made)
    (tmp_path / "trust.json").write_bytes(register.written(TRUST))
    (tmp_path / "checkpoint").write_bytes(made["log/checkpoint"])
    typed(PAGE, tmp_path, {})
    assert (tmp_path / "verify.pyz").is_file()


def test_it_names_every_check_and_the_bounds_as_they_are() -> None:
    text = PAGE.read_text()
    assert all(f"| `{check}` |" in text for check in ORDER)
    assert f"| {bounds.FILES:,}, {bounds.DEPTH} |" in text
    assert (bounds.FILE, bounds.JSON, bounds.ENVELOPE) == (16 << 30, 16 << 20, 16 << 20)
    assert (bounds.LINE, bounds.NOTE, bounds.REGISTER) == (16 << 20, 64 << 10, 1 << 20)
