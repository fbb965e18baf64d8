"""Fault E01 in a sample: a flipped bit is named.

Here 40 in a bundle; `python -m bench evidence_attacks` flips 10,000.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.attacks.flips import Came, flips_of_a_bundle
from tests.harness.evidence.bundles import bundle
from tests.harness.evidence.ledgers import nights
from tests.harness.evidence.verify.checking import write


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return nights(tmp_path / "ledger.sqlite")


def test_e01_a_bit_of_a_bundle_is_named_with_its_file(tmp_path: Path, ledger: Path) -> None:
    root = write(tmp_path / "bundle", bundle(ledger))
    flips = [*flips_of_a_bundle(root, count=40, draw=random.Random(3))]
    assert [one for one in flips if one.came is not Came.NAMED] == []
