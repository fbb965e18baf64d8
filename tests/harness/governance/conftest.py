"""Acme with people who decided everything, and one night of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.evidence.evidence import Evidence, Scope, read
from harness.governance.known import Known
from harness.ledger.ledger import entries
from harness.pilot.model import LoadedPilot
from harness.pilot.plan import plan
from harness.run.config import RunConfig
from harness.run.prove import prove
from harness.run.workplace import in_process
from tests.harness.acme_layout import Acme, lay_out
from tests.harness.governance.agreed import GOVERNANCE
from tests.harness.governance.made import TODAY, again, at_noon


@pytest.fixture(scope="session")
def governed(tmp_path_factory: pytest.TempPathFactory) -> Acme:
    found = lay_out(tmp_path_factory.mktemp("governed"))
    with (found.folder / "pilot.yaml").open("a") as file:
        file.write(GOVERNANCE)
    return found


@pytest.fixture(scope="session")
def results(governed: Acme, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """After one night; its ledger is there."""
    out = tmp_path_factory.mktemp("results")
    loaded = again(governed.folder)
    prove(
        RunConfig(
            loaded=loaded,
            environment="dev",
            slot=TODAY,
            planned=plan(loaded.pilot),
            out=out,
            environ=governed.sources,
            clock=at_noon(),
        ),
        workplace=in_process,
    )
    return out


@pytest.fixture(scope="session")
def loaded(governed: Acme) -> LoadedPilot:
    return again(governed.folder)


@pytest.fixture(scope="session")
def evidence(results: Path) -> Evidence:
    scope = Scope(pilot="acme", title="Acme", environment="dev", zone="Europe/Berlin")
    return read(entries(results / "ledger.sqlite"), scope)


@pytest.fixture(scope="session")
def known(loaded: LoadedPilot, evidence: Evidence) -> Known:
    return Known(loaded=loaded, environment="dev", evidence=evidence, today=TODAY)
