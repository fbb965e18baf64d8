"""The public API, name by name: whoever changes it sees the difference here first.

python -m tests.door.api > tests/door/api.txt
"""

from __future__ import annotations

from pathlib import Path

from tests.door.api import text

GOLDEN = Path(__file__).parent / "api.txt"


def test_the_public_api_is_what_was_agreed() -> None:
    assert text() == GOLDEN.read_text()
