"""The page on what is agreed works as it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli import REPOSITORY
from tests.harness.acme_layout import lay_out
from tests.typed import typed

PAGE = REPOSITORY / "docs" / "policy.md"


@pytest.mark.long
def test_the_page_runs_from_top_to_bottom(tmp_path: Path) -> None:
    acme = lay_out(tmp_path)
    typed(PAGE, acme.elsewhere, acme.environ)
