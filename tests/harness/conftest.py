"""What the tests of the harness share."""

from __future__ import annotations

from collections.abc import Iterator

import dagster as dg
import pytest

from harness.pilot import loading
from harness.pilot.model import LoadedPilot
from tests.harness.acme_layout import Acme, lay_out
from tests.harness.dagster_proven import Proven, run
from tests.harness.ledger_server import Database, LedgerServer, ledger_server


@pytest.fixture(scope="session")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Acme:
    """A user's engagement; read it, and give each run a folder of its own."""
    return lay_out(tmp_path_factory.mktemp("acme"))


@pytest.fixture(scope="session")
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as started:
        yield started


@pytest.fixture(scope="session")
def loaded(acme: Acme) -> LoadedPilot:
    return loading.load(acme.folder)


@pytest.fixture(scope="session")
def proven(
    acme: Acme,
    loaded: LoadedPilot,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Proven]:
    """The whole of acme, proven once, in an instance that saw no other run."""
    with dg.DagsterInstance.ephemeral() as instance:
        yield run(loaded, instance, tmp_path_factory.mktemp("whole"), acme.sources)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[LedgerServer]:
    """A server for ledgers."""
    with ledger_server() as started:
        yield started


@pytest.fixture
def database(postgresql: LedgerServer) -> Database:
    """A new one, empty."""
    return postgresql.database()
