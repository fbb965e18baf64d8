"""The running estate, started once for all tests that need it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from estate.lifecycle import Running, running


@pytest.fixture(scope="session")
def estate() -> Iterator[Running]:
    """The five servers with the demo's data as found. Read from it; never repair this one."""
    with running() as started:
        yield started


@pytest.fixture(scope="session")
def repaired_estate() -> Iterator[Running]:
    """Another five servers beside them, repaired."""
    with running() as started:
        started.repair()
        yield started


@pytest.fixture
def pilot_environ(estate: Running) -> dict[str, str]:
    """What a pilot of the estate as found gets; a test may change its copy."""
    return dict(estate.environ)
