"""One good bundle for the tests of a module: each changes a copy."""

from __future__ import annotations

import pytest

from harness.ledger.ledger import open_ledger
from tests.harness.evidence.bundles import bundle
from tests.harness.evidence.ledgers import night, nights
from tests.harness.evidence.verify.checking import Files


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """Three nights of one pilot."""
    return bundle(nights(tmp_path_factory.mktemp("made") / "ledger.sqlite"))


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """Of a ledger that another pilot shares, with a missed night, a killed and a running run."""
    place = tmp_path_factory.mktemp("shared") / "ledger.sqlite"
    with open_ledger(place) as ledger:
        night(ledger, "first", 0)
        night(ledger, "theirs", 0, pilot="beta")
        night(ledger, "killed", 2, end=None)
        night(ledger, "failed", 3, end="INTERRUPTED", by="SourceUnavailable")
        night(ledger, "running", 4, end=None)
    return bundle(place)
