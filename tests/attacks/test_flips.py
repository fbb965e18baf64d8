"""Faults E01, E02 in a sample: a flipped bit is named, or nothing that is read is another.

Here 150 in a ledger and 40 in a bundle; `python -m bench evidence_attacks` flips 10,000.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.attacks.flips import (
    Came,
    flips_of_a_bundle,
    flips_of_a_ledger,
    rows,
    summed,
    written,
)
from tests.harness.evidence.bundles import bundle
from tests.harness.evidence.ledgers import nights
from tests.harness.evidence.verify.checking import write


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return written(tmp_path / "ledger.sqlite")


def test_a_bit_of_a_ledger_is_named_or_changes_nothing_that_is_read(ledger: Path) -> None:
    came = summed(flips_of_a_ledger(ledger, count=150, draw=random.Random(3)))
    assert came[Came.UNDETECTED] == came[Came.RAISED] == 0
    assert came[Came.NAMED] > 20


def test_unchecked_it_would_be_read(ledger: Path) -> None:
    """The twin: the rows as they are, held against nothing."""
    came = summed(flips_of_a_ledger(ledger, count=60, draw=random.Random(3), looked=rows))
    assert came[Came.UNDETECTED] > 5


def test_e01_a_bit_of_a_bundle_is_named_with_its_file(tmp_path: Path) -> None:
    root = write(tmp_path / "bundle", bundle(nights(tmp_path / "ledger.sqlite")))
    flips = [*flips_of_a_bundle(root, count=40, draw=random.Random(3))]
    assert [one for one in flips if one.came is not Came.NAMED] == []
