"""The page on simulations works as it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.simulate.faults import Fault
from tests.docs import REPOSITORY
from tests.harness.acme_layout import lay_out
from tests.typed import typed

PAGE = REPOSITORY / "docs" / "simulate.md"


@pytest.mark.long
def test_the_page_runs_from_top_to_bottom(tmp_path: Path) -> None:
    """Without any of the variables that its sources would need."""
    acme = lay_out(tmp_path)
    typed(PAGE, acme.elsewhere, {"HOME": str(tmp_path)})


def test_it_names_every_fault() -> None:
    text = PAGE.read_text().replace("too few rows, too many rows", "too few rows | too many rows")
    text = text.replace("column renamed, removed", "column renamed | column removed")
    text = text.replace("column added, narrowed", "column added | column narrowed")
    assert [fault for fault in Fault if f"| {fault} |" not in text] == []
