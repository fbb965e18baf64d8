"""The tables of claims in the documentation, written from what each claim says of itself.

python -m tests.claim_tables
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from harness.claims import CLAIMS
from tests.docs import REPOSITORY

HEADINGS = {
    "README.md": ("claim", "true when"),
    "docs/concepts.md": ("claim", "true when", "UNPROVEN when"),
}


def rewritten(page: Path, headings: Sequence[str]) -> str:
    """The page's text with one row for each claim below these headings."""
    head = f"{_row(headings)}|{'---|' * len(headings)}\n"
    rows = [
        _row((f"`{claim.name}`", claim.true_when, claim.unproven_when)[: len(headings)])
        for claim in CLAIMS
    ]
    table = re.compile(re.escape(head) + r"(?:\|.*\n)*")
    text, times = table.subn(lambda _: head + "".join(rows), page.read_text())
    assert times == 1, f"{page} has no table of claims, or several"
    return text


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


if __name__ == "__main__":
    for name, headings in HEADINGS.items():
        page = REPOSITORY / name
        page.write_text(rewritten(page, headings))
