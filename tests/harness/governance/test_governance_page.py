"""The page for Legal works as it stands, and names every provision's file truly."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.governance.items import items
from tests.cli import REPOSITORY
from tests.harness.acme_layout import lay_out
from tests.typed import typed

PAGE = REPOSITORY / "docs" / "governance.md"


@pytest.mark.long
def test_the_page_runs_from_top_to_bottom(tmp_path: Path) -> None:
    acme = lay_out(tmp_path)
    typed(PAGE, acme.elsewhere, acme.environ)


def test_it_counts_the_items() -> None:
    assert f"There are {len(items())} items." in PAGE.read_text()
